// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo_maker.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>

#include "runglass/demo/demo.h"

namespace runglass::ui {

DemoMaker::DemoMaker(QObject* parent)
    : QObject(parent) {
    m_poll.setInterval(100);
    connect(&m_poll, &QTimer::timeout, this, &DemoMaker::poll);
}

DemoMaker::~DemoMaker() {
    cancel();
}

std::filesystem::path DemoMaker::defaultFolder() {
    return QFile::encodeName(QDir::home().filePath(QStringLiteral("runglass-demo"))).toStdString();
}

void DemoMaker::start(const std::filesystem::path& folder) {
    const auto post = [](std::function<void()> task) {
        QMetaObject::invokeMethod(QCoreApplication::instance(), std::move(task), Qt::QueuedConnection);
    };
    m_job = jobs::start(
        m_pool, post,
        [folder](jobs::JobContext& context) {
            return demo::makeDemo(
                folder,
                [&context](int step, int steps, const std::string& what) {
                    context.progress.set(static_cast<std::uint64_t>(step), static_cast<std::uint64_t>(steps));
                    context.progress.setText(what);
                },
                context.stop);
        },
        [this, folder](const Result<void>& result) {
            m_poll.stop();
            if (result) {
                Q_EMIT finished(QFile::decodeName(QByteArray::fromStdString(folder.string())));
            } else {
                Q_EMIT failed(QString::fromStdString(result.error().message),
                              QString::fromStdString(result.error().detail));
            }
        });
    m_poll.start();
    poll();
}

void DemoMaker::cancel() {
    if (m_job.running()) {
        m_poll.stop();
        m_job.cancel();
        Q_EMIT cancelled();
    }
}

void DemoMaker::poll() {
    if (const jobs::Progress* progress = m_job.progress()) {
        Q_EMIT progressed(QString::fromStdString(progress->text()), static_cast<int>(progress->done()),
                          static_cast<int>(progress->total()));
    }
}

}  // namespace runglass::ui
