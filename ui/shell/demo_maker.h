// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>
#include <filesystem>

#include "runglass/base/result.h"
#include "runglass/jobs/job.h"
#include "runglass/jobs/thread_pool.h"

namespace runglass::ui {

/// Makes the demo project in a job and says how far it is.
class DemoMaker final : public QObject {
    Q_OBJECT
public:
    explicit DemoMaker(QObject* parent);
    ~DemoMaker() override;

    /// `~/runglass-demo`.
    static std::filesystem::path defaultFolder();
    void start(const std::filesystem::path& folder);
    void cancel();
    [[nodiscard]] bool running() const { return m_job.running(); }

Q_SIGNALS:
    void progressed(const QString& what, int step, int steps);
    void finished(const QString& folder);
    void failed(const QString& message, const QString& detail);
    void cancelled();

private:
    void poll();

    jobs::ThreadPool m_pool{1};
    QTimer m_poll;
    jobs::Job m_job;
};

}  // namespace runglass::ui
