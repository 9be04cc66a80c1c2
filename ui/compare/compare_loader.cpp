// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare_loader.h"

#include "runglass/base/clock.h"

namespace runglass::ui {

namespace {

constexpr int kAllLines = 1 << 24;  // equal lines come along, so that a fold can be opened

Result<SharedComparison> load(const std::filesystem::path& project,
                              std::shared_ptr<const sources::Catalogue> catalogue,
                              const std::vector<RunId>& runs, bool ignoreWhitespace,
                              const std::stop_token& stop) {
    const auto begin = monotonicMs();
    compare::CompareOptions options;
    options.ignoreWhitespace = ignoreWhitespace;
    options.contextLines = kAllLines;
    auto loaded = std::make_shared<LoadedComparison>();
    sources::ProjectRuns reader(project, std::move(catalogue));
    std::vector<model::RunDetail> details;
    for (const RunId& id : runs) {
        RUNGLASS_ASSIGN(auto detail, reader.detail(id));
        details.push_back(std::move(detail));
    }
    RUNGLASS_ASSIGN(loaded->comparison, compare::compareDetails(project, std::move(details), options, stop));
    if (loaded->comparison.code) {
        loaded->code = std::make_shared<const DiffDocument>(std::move(*loaded->comparison.code));
        loaded->comparison.code->clear();
    }
    loaded->milliseconds = monotonicMs() - begin;
    return SharedComparison(std::move(loaded));
}

}  // namespace

void CompareLoader::start(jobs::ThreadPool& pool, jobs::Executor executor,
                          const std::filesystem::path& project,
                          std::shared_ptr<const sources::Catalogue> catalogue, std::vector<RunId> runs,
                          bool ignoreWhitespace, Done done) {
    m_job = jobs::start(
        pool, std::move(executor),
        [project, catalogue = std::move(catalogue), runs = std::move(runs),
         ignoreWhitespace](jobs::JobContext& context) {
            return load(project, catalogue, runs, ignoreWhitespace, context.stop);
        },
        std::move(done));
}

}  // namespace runglass::ui
