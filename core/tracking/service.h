// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "own_run.h"
#include "read_session.h"
#include "run_view.h"
#include "write_queue.h"

namespace runglass::tracking {

/// Writes points that were kept while the run database was held.
Result<void> restorePoints(WriteSession& session, std::string_view record);

/// What all requests of an endpoint share. Thread-safe.
class Service {
public:
    explicit Service(std::filesystem::path project, std::optional<RunId> ownRun)
        : m_project(std::move(project))
        , m_writes(m_project, restorePoints)
        , m_readers(m_project)
        , m_ownRun(ownRun) {}

    [[nodiscard]] const std::filesystem::path& project() const { return m_project; }
    /// See WriteQueue::run.
    Result<void> write(const WriteQueue::Job& job, const WriteQueue::Aside& aside = {}) {
        return m_writes.run(job, aside);
    }
    template <typename Body>
    auto read(Body&& body) {
        return m_readers.read(std::forward<Body>(body));
    }
    RunView& runs() { return m_runs; }
    OwnRun& ownRun() { return m_ownRun; }

private:
    std::filesystem::path m_project;
    WriteQueue m_writes;
    ReaderPool m_readers;
    RunView m_runs;
    OwnRun m_ownRun;
};

}  // namespace runglass::tracking
