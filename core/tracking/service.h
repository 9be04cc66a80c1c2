// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

#include "aside_runs.h"
#include "own_run.h"
#include "read_session.h"
#include "run_check.h"
#include "run_view.h"
#include "runglass/tracking/server.h"
#include "write_queue.h"

namespace runglass::tracking {

/// What all requests of an endpoint share. Thread-safe.
class Service {
public:
    Service(std::filesystem::path project, std::optional<RunId> ownRun, OpenReferenced openReferenced = {},
            ClientFiles clientFiles = {});

    [[nodiscard]] const std::filesystem::path& project() const { return m_project; }
    /// See WriteQueue::countUnanswered.
    void countUnanswered(store::UnansweredCall call) { m_writes.countUnanswered(std::move(call)); }
    /// Changes a run, when the protocol allows it. Does not wait for the database while another program
    /// holds it.
    Result<void> change(const store::RunChange& change, Wording wording = Wording::OfBatch);
    /// What a call changes of the catalog, decided by what is there when it is written. Its errors are the
    /// answer.
    using Decide = std::function<Result<store::CatalogChanges>(ReadSession&)>;
    /// Changes the catalog, and gives what has been changed with the numbers that it got. Does not wait
    /// either.
    Result<store::CatalogChanges> change(const Decide& decide,
                                         store::Durability durability = store::Durability::Points);
    Result<void> change(store::CatalogEdit edit);
    /// Ends the runs that a script has begun beside its own and left open.
    void endBegunRuns(model::RunStatus status, std::int64_t timeMs);
    /// Makes the run that the script was started for, or keeps it until that can be.
    Result<void> makeKept(model::RunDetail detail);
    /// Finds what was acknowledged, wherever it lies.
    template <typename Body>
    auto read(Body&& body) {
        return m_readers.read(m_aside.snapshot(), std::forward<Body>(body));
    }
    /// The content of an artifact without a digest. NotFound where it is no more.
    Result<ReferencedContent> openReferenced(const RunId& run, const model::Artifact& artifact) const;
    /// The files that the client of a run has put itself where its experiment says.
    Result<std::vector<model::Artifact>> clientFiles(std::string_view location, const RunId& run) const;
    Result<ReferencedContent> openClientFile(std::string_view location, const RunId& run,
                                             std::string_view path) const;
    RunView& runs() { return m_runs; }
    OwnRun& ownRun() { return m_ownRun; }

private:
    Result<void> write(const store::RunChange& change, Wording wording);
    std::optional<std::int64_t> experimentFor(std::string_view name);
    Result<void> keep(const store::RunChange& change, Wording wording, const WriteQueue::Keep& keep);
    Result<store::CatalogChanges> keep(const Decide& decide);
    Result<store::CatalogChanges> keepDecided(ReadSession& session, const Decide& decide);
    Result<void> keepMeasurements(const store::RunChange& change, const WriteQueue::Keep& keep);

    std::filesystem::path m_project;
    AsideCatalog m_catalog;
    ReaderPool m_readers;
    AsideRuns m_aside;
    RunView m_runs;
    OwnRun m_ownRun;
    OpenReferenced m_openReferenced;
    ClientFiles m_clientFiles;
    WriteQueue m_writes;  // goes first: its thread uses the others
};

}  // namespace runglass::tracking
