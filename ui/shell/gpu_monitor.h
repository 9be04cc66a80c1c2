// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "runglass/jobs/job.h"
#include "runglass/jobs/thread_pool.h"
#include "runglass/launch/gpu_watch.h"

namespace runglass::ui {

/// What the GPUs of this machine do, looked at every two seconds in a job. Where the first look finds none,
/// it is the last one. GUI thread only.
class GpuMonitor final : public QObject {
    Q_OBJECT
public:
    using Read = std::function<std::vector<launch::GpuLoad>()>;
    /// A minute.
    static constexpr std::size_t kHistory = 30;

    explicit GpuMonitor(QObject* parent = nullptr);
    ~GpuMonitor() override;

    /// Looks from now on; `read` is called on another thread, one call at a time. Default: the machine's.
    void start(Read read = {}, int intervalMs = 2000);
    [[nodiscard]] const std::vector<launch::GpuLoad>& loads() const { return m_loads; }
    /// Mean utilisation of all GPUs in percent, oldest first; NaN where none has said any.
    [[nodiscard]] const std::deque<double>& history() const { return m_history; }

Q_SIGNALS:
    void changed();

private:
    void look();
    void take(std::vector<launch::GpuLoad> loads);

    QTimer m_timer;
    std::shared_ptr<const Read> m_read;
    std::vector<launch::GpuLoad> m_loads;
    std::deque<double> m_history;
    jobs::ThreadPool m_pool{1};
    jobs::Job m_look;
};

}  // namespace runglass::ui
