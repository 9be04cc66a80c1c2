// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "runglass/base/result.h"
#include "runglass/store/artifact_files.h"
#include "runglass/store/catalog_change.h"
#include "runglass/store/experiments.h"
#include "runglass/store/logged_models.h"
#include "runglass/store/run_change.h"
#include "runglass/store/series_book.h"

namespace runglass::store {

/// Writes changes of runs into a Database that was opened ReadWrite. Borrows it and the book; same thread
/// only. Calls follow the rules of RunWriter.
class ChangeWriter {
public:
    ChangeWriter(Database& database, SeriesBook& series)
        : m_database(&database)
        , m_writer(database)
        , m_tracked(database)
        , m_experiments(database)
        , m_models(database)
        , m_files(database)
        , m_catalog(database)
        , m_series(&series) {}

    /// NotFound without its run or experiment, Exists when a new run is there already. The keys of the params
    /// that have another value already and keep it, which of a supervised run is a problem, too.
    Result<std::vector<std::string>> write(const RunChange& change);

    /// Writes what was acknowledged before and kept as bytes (a new run, a change of a run or of the
    /// catalog), as far as it still can be: a run that has been deleted meanwhile takes it along, a run that
    /// is there already is not made again, and a param that somebody else has set meanwhile is a problem of
    /// the run. Bytes that are neither are passed over.
    Result<void> restore(std::string_view record);
    /// What is restored from now on is another log, or the same from its beginning.
    void beginLog() { m_catalog.beginLog(); }

private:
    Result<void> followExperiment(const RunId& run, std::int64_t experiment);
    Result<void> followLaterDeletion(const RunChange& restored);
    Result<void> leaveOutLost(RunChange& change);
    Result<void> create(const RunChange& change);
    Result<void> describe(const RunChange& change);
    Result<void> setStatus(const RunChange& change);
    Result<void> writeTags(const RunChange& change);
    Result<void> writePoints(const RunChange& change);
    Result<void> writeInputs(const RunChange& change);
    Result<bool> isTakenIn(const RunChange& change);
    Result<void> writeSupervised(const RunChange& change, const std::vector<std::string>& refused);

    Database* m_database;
    RunWriter m_writer;
    TrackedRuns m_tracked;
    Experiments m_experiments;
    LoggedModels m_models;
    ArtifactFiles m_files;
    CatalogWriter m_catalog;
    SeriesBook* m_series;
};

}  // namespace runglass::store
