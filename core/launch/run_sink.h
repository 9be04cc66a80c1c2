// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/store/aside_log.h"
#include "runglass/store/change_writer.h"
#include "runglass/store/database.h"
#include "runglass/store/run_change.h"

namespace runglass::launch {

/// Where goes what is known of a run that was launched. Same thread only.
class RunSink {
public:
    explicit RunSink(store::Database& database)
        : m_database(&database) {}
    RunSink(const RunSink&) = delete;
    RunSink& operator=(const RunSink&) = delete;
    virtual ~RunSink() = default;

    /// All of it or nothing. The keys of the params that have another value already and keep it, as far as
    /// that is known.
    virtual Result<std::vector<std::string>> write(store::RunChange change) = 0;
    /// Copies a file into the artifact store.
    virtual Result<void> addFile(const RunId& run, const std::filesystem::path& file,
                                 const std::string& name) = 0;
    /// Adds to what is wrong with the run.
    Result<void> addProblem(const RunId& run, std::string message);
    /// To read from it.
    [[nodiscard]] store::Database& database() const { return *m_database; }

private:
    store::Database* m_database;
};

/// Into the run database.
class DatabaseSink final : public RunSink {
public:
    explicit DatabaseSink(store::Database& database);
    Result<std::vector<std::string>> write(store::RunChange change) override;
    Result<void> addFile(const RunId& run, const std::filesystem::path& file,
                         const std::string& name) override;

private:
    store::RunWriter m_writer;
    store::RunReader m_reader;
    store::TrackedRuns m_tracked;
    store::SeriesBook m_series;
    store::ChangeWriter m_changes;
};

/// What is known of a run while another program holds the run database: shown to whoever looks (KeptChanges),
/// and written once, by its supervisor or by whoever finds it when that is dead.
class KeptAside {
public:
    explicit KeptAside(const std::filesystem::path& project)
        : m_log(project) {}

    [[nodiscard]] bool empty() const { return m_log.empty(); }
    /// False when nothing more can be kept.
    [[nodiscard]] bool addRun(const model::RunDetail& run);
    [[nodiscard]] bool add(store::RunChange change);
    /// Writes all of it into the database.
    [[nodiscard]] Result<void> restore(store::Database& database);

private:
    store::AsideLog m_log;
    std::int64_t m_count = 0;  ///< of the changes that come from no spool
};

/// Aside; Busy when nothing more can be kept there.
class AsideSink final : public RunSink {
public:
    /// Borrows both.
    AsideSink(store::Database& database, KeptAside& aside)
        : RunSink(database)
        , m_aside(&aside) {}
    Result<std::vector<std::string>> write(store::RunChange change) override;
    Result<void> addFile(const RunId& run, const std::filesystem::path& file,
                         const std::string& name) override;

private:
    KeptAside* m_aside;
};

}  // namespace runglass::launch
