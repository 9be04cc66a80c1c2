// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "history_filter.h"
#include "runglass/base/result.h"
#include "runglass/git/repository.h"
#include "runglass/jobs/job.h"

namespace runglass::ui {

/// Where branches, tags and HEAD point.
struct HistoryRefs {
    git::Head head;
    std::vector<git::Reference> references;
    std::unordered_map<git::ObjectId, std::vector<git::Reference>> byCommit;

    /// Equal when nothing moved.
    [[nodiscard]] bool sameAs(const HistoryRefs& other) const;
};

/// Reads references and the commits behind them on a worker. Starting anew drops what is under way.
class HistoryLoader {
public:
    struct Callbacks {
        std::function<void(HistoryRefs)> refs;       ///< first
        std::function<void(HistoryRows)> batch;      ///< then rows, in order
        std::function<void()> takenBack;             ///< the rows so far are void: they come again, all
        std::function<void(Result<void>)> finished;  ///< last, also after a failure
    };

    /// Callbacks run through `executor`, none after cancel() or destruction. `branch` empty: all branches.
    void start(jobs::ThreadPool& pool, jobs::Executor executor, const std::filesystem::path& project,
               const std::string& branch, Callbacks callbacks);
    /// References only.
    void checkRefs(jobs::ThreadPool& pool, jobs::Executor executor, const std::filesystem::path& project,
                   std::function<void(Result<HistoryRefs>)> done);
    void cancel();
    [[nodiscard]] bool running() const { return m_walk.running(); }

private:
    jobs::Job m_walk;
    jobs::Job m_check;
    std::shared_ptr<bool> m_alive;  ///< of the walk; read and written on the executor's thread only
};

}  // namespace runglass::ui
