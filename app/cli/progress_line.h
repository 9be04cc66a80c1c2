// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "runglass/jobs/job.h"

namespace runglass::cli {

/// Says on a terminal how far something has come that takes longer than a second, and takes it back at the
/// end. Silent where standard error is no terminal.
class ProgressLine {
public:
    /// `progress` must outlive the object.
    explicit ProgressLine(const jobs::Progress& progress);
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;
    ~ProgressLine();

private:
    void run(const std::stop_token& stop);

    const jobs::Progress* m_progress;
    std::mutex m_mutex;
    std::condition_variable_any m_stopped;
    bool m_shown = false;  ///< of the thread alone until it has ended
    std::jthread m_thread;
};

}  // namespace runglass::cli
