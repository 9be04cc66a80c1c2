// SPDX-License-Identifier: GPL-3.0-or-later
#include "history_loader.h"

#include <algorithm>

namespace runglass::ui {

namespace {

Result<HistoryRefs> readRefs(const std::filesystem::path& project) {
    RUNGLASS_ASSIGN(const auto repository, git::Repository::open(project));
    HistoryRefs refs;
    RUNGLASS_ASSIGN(refs.head, repository.head());
    RUNGLASS_ASSIGN(refs.references, repository.references());
    for (const auto& reference : refs.references) {
        refs.byCommit[reference.target].push_back(reference);
    }
    return refs;
}

HistoryRows shareRows(std::vector<git::HistoryRow>&& rows) {
    const auto block = std::make_shared<const std::vector<git::HistoryRow>>(std::move(rows));
    HistoryRows shared;
    shared.reserve(block->size());
    for (const auto& row : *block) {
        shared.emplace_back(block, &row);  // one owner a batch
    }
    return shared;
}

}  // namespace

bool HistoryRefs::sameAs(const HistoryRefs& other) const {
    return head.branch == other.head.branch && head.commit == other.head.commit &&
           std::equal(references.begin(), references.end(), other.references.begin(), other.references.end(),
                      [](const git::Reference& a, const git::Reference& b) {
                          return a.kind == b.kind && a.name == b.name && a.target == b.target;
                      });
}

void HistoryLoader::start(jobs::ThreadPool& pool, jobs::Executor executor,
                          const std::filesystem::path& project, const std::string& branch,
                          Callbacks callbacks) {
    cancel();
    m_alive = std::make_shared<bool>(true);
    const auto shared = std::make_shared<Callbacks>(std::move(callbacks));
    const auto deliver = [executor, alive = m_alive](std::function<void()> function) {
        executor([alive, function = std::move(function)] {
            if (*alive) {
                function();
            }
        });
    };
    m_walk = jobs::start(
        pool, executor,
        [project, branch, shared, deliver](jobs::JobContext& context) -> Result<void> {
            RUNGLASS_ASSIGN(auto refs, readRefs(project));
            git::HistoryOptions options;
            if (!branch.empty()) {
                options.from = {branch};
            }
            options.takeBack = [&] { deliver([shared] { shared->takenBack(); }); };
            const bool unborn = refs.head.unborn() && refs.references.empty();
            deliver([shared, refs = std::move(refs)] { shared->refs(refs); });
            if (unborn) {
                return {};
            }
            return git::walkHistory(
                project, options,
                [&](std::vector<git::HistoryRow>&& batch) {
                    deliver([shared, rows = shareRows(std::move(batch))] { shared->batch(rows); });
                    return !context.stop.stop_requested();
                },
                context.stop);
        },
        [shared](Result<void> result) { shared->finished(std::move(result)); });
}

void HistoryLoader::checkRefs(jobs::ThreadPool& pool, jobs::Executor executor,
                              const std::filesystem::path& project,
                              std::function<void(Result<HistoryRefs>)> done) {
    m_check = jobs::start(
        pool, std::move(executor), [project](jobs::JobContext&) { return readRefs(project); },
        std::move(done));
}

void HistoryLoader::cancel() {
    if (m_alive) {
        *m_alive = false;
    }
    m_walk = {};
    m_check = {};
}

}  // namespace runglass::ui
