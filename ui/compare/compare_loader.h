// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "runglass/compare/comparison.h"
#include "runglass/jobs/job.h"
#include "runglass/sources/project_runs.h"
#include "runglass/ui/widgets/diff_document.h"

namespace runglass::ui {

/// A comparison with its code ready to be shown.
struct LoadedComparison {
    compare::Comparison comparison;  ///< its `code` has moved into `code`
    SharedDiffDocument code;         ///< null where there is none
    std::int64_t milliseconds = 0;   ///< that it took
};

using SharedComparison = std::shared_ptr<const LoadedComparison>;

/// Compares runs in a job. Only the answer to the latest question arrives.
class CompareLoader {
public:
    using Done = std::function<void(Result<SharedComparison>)>;

    void start(jobs::ThreadPool& pool, jobs::Executor executor, const std::filesystem::path& project,
               std::shared_ptr<const sources::Catalogue> catalogue, std::vector<RunId> runs,
               bool ignoreWhitespace, Done done);
    void cancel() { m_job = {}; }
    [[nodiscard]] bool running() const { return m_job.running(); }

private:
    jobs::Job m_job;
};

/// More runs than this are not compared at once: their columns could not be read.
inline constexpr std::size_t kMostCompared = 12;

}  // namespace runglass::ui
