// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_sink.h"

#include <string_view>
#include <utility>

#include "runglass/base/clock.h"
#include "runglass/store/artifact_files.h"
#include "runglass/store/kept_run.h"
#include "runglass/store/series_book.h"

namespace runglass::launch {

namespace {

/// What a supervisor has kept is counted as if it were a spool of the run.
constexpr const char* kSupervisorSpool = "supervisor";

std::string_view textOf(const Bytes& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

store::SupervisedChange& supervisedOf(store::RunChange& change) {
    return change.supervised ? *change.supervised : change.supervised.emplace();
}

}  // namespace

Result<void> RunSink::addProblem(const RunId& run, std::string message) {
    store::RunChange change;
    change.run = run;
    supervisedOf(change).problems.push_back(std::move(message));
    const auto written = write(std::move(change));
    return written.ok() ? Result<void>() : written.error();
}

DatabaseSink::DatabaseSink(store::Database& database)
    : RunSink(database)
    , m_writer(database)
    , m_reader(database)
    , m_tracked(database)
    , m_series(database, m_writer, m_reader, m_tracked)
    , m_changes(database, m_series) {}

Result<std::vector<std::string>> DatabaseSink::write(store::RunChange change) {
    supervisedOf(change);
    return m_changes.write(change);
}

Result<void> DatabaseSink::addFile(const RunId& run, const std::filesystem::path& file,
                                   const std::string& name) {
    const auto added = m_writer.addArtifact(run, file, name);
    return added.ok() ? Result<void>() : added.error();
}

bool KeptAside::addRun(const model::RunDetail& run) {
    return m_log.add(textOf(store::encodeRun(run)));
}

bool KeptAside::add(store::RunChange change) {
    auto& told = supervisedOf(change);
    change.timeMs = change.timeMs == 0 ? nowMs() : change.timeMs;  // among what the endpoint keeps of the run
    const bool isCounted = told.spool.empty();
    if (isCounted) {
        told.spool = kSupervisorSpool;
        told.offset = m_count + 1;
    }
    const bool isKept = m_log.add(textOf(store::encodeChange(change)));
    m_count += isKept && isCounted ? 1 : 0;
    return isKept;
}

Result<void> KeptAside::restore(store::Database& database) {
    if (empty()) {
        return {};
    }
    store::RunWriter writer(database);
    store::RunReader reader(database);
    store::TrackedRuns tracked(database);
    store::SeriesBook series(database, writer, reader, tracked);
    store::ChangeWriter changes(database, series);
    RUNGLASS_TRY(writer.transaction(
        [&] { return m_log.forEach([&](std::string_view record) { return changes.restore(record); }); }));
    m_log.clear();
    return {};
}

Result<std::vector<std::string>> AsideSink::write(store::RunChange change) {
    if (!m_aside->add(std::move(change))) {
        return Error{ErrorCode::Busy, {}, {}};
    }
    return std::vector<std::string>();
}

Result<void> AsideSink::addFile(const RunId& run, const std::filesystem::path& file,
                                const std::string& name) {
    RUNGLASS_ASSIGN(const auto stored, store::storeFile(database().project(), file));
    store::RunChange change;
    change.run = run;
    change.artifacts.push_back({name, stored.sha256, stored.size, nowMs()});
    const auto written = write(std::move(change));
    return written.ok() ? Result<void>() : written.error();
}

}  // namespace runglass::launch
