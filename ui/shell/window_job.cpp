// SPDX-License-Identifier: GPL-3.0-or-later
#include "window_job.h"

#include <QCoreApplication>

namespace runglass::ui {

WindowJob::WindowJob(QObject* parent)
    : QObject(parent) {
    m_poll.setInterval(100);
    connect(&m_poll, &QTimer::timeout, this, &WindowJob::poll);
}

WindowJob::~WindowJob() {
    m_job.cancel();
}

void WindowJob::start(Body body, Done done) {
    const auto post = [](std::function<void()> task) {
        QMetaObject::invokeMethod(QCoreApplication::instance(), std::move(task), Qt::QueuedConnection);
    };
    m_job = jobs::start(m_pool, post, std::move(body),
                        [this, done = std::move(done)](const Result<QString>& result) {
                            m_poll.stop();
                            Q_EMIT ended();
                            done(result);
                        });
    m_poll.start();
    poll();
}

void WindowJob::cancel() {
    if (m_job.running()) {
        m_poll.stop();
        m_job.cancel();
        Q_EMIT ended();
    }
}

void WindowJob::poll() {
    if (const jobs::Progress* progress = m_job.progress()) {
        Q_EMIT progressed(QString::fromStdString(progress->text()), static_cast<int>(progress->done()),
                          static_cast<int>(progress->total()));
    }
}

}  // namespace runglass::ui
