// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>
#include <functional>

#include "runglass/base/result.h"
#include "runglass/jobs/job.h"
#include "runglass/jobs/thread_pool.h"

namespace runglass::ui {

/// The one long job that a person started from the window, such as making the demo project. The status bar
/// shows how far it is and offers to stop it.
class WindowJob final : public QObject {
    Q_OBJECT
public:
    /// Runs in a worker; the text that it gives is for `Done`.
    using Body = std::function<Result<QString>(jobs::JobContext&)>;
    /// Runs on the GUI thread, unless the job is cancelled before.
    using Done = std::function<void(const Result<QString>&)>;

    explicit WindowJob(QObject* parent);
    ~WindowJob() override;

    /// Only while none is running.
    void start(Body body, Done done);
    void cancel();
    [[nodiscard]] bool running() const { return m_job.running(); }

Q_SIGNALS:
    void progressed(const QString& what, int done, int total);
    /// Done, failed or cancelled.
    void ended();

private:
    void poll();

    jobs::ThreadPool m_pool{1};
    QTimer m_poll;
    jobs::Job m_job;
};

}  // namespace runglass::ui
