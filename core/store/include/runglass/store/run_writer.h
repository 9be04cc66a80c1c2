// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/model/run_detail.h"
#include "runglass/store/database.h"
#include "runglass/store/durability.h"

namespace runglass::store {

/// A point with the metric it belongs to.
struct MetricPoint {
    std::string_view key;
    model::Point point;
};

struct RunEnd {
    model::RunStatus status = model::RunStatus::Finished;
    std::optional<int> exitCode;
    std::optional<int> signal;
    std::int64_t timeMs = 0;
    std::optional<double> userSeconds;
    std::optional<double> systemSeconds;
    std::optional<std::int64_t> peakMemoryBytes;
};

/// Writes runs into a Database that was opened ReadWrite. Each call is one transaction (BEGIN IMMEDIATE), or
/// takes part in the one opened by transaction(). A busy database is waited for; Full is returned when the
/// disk is full, with nothing of the call written. Borrows the database; same thread only.
class RunWriter {
public:
    explicit RunWriter(Database& database)
        : m_database(&database) {}

    /// Runs `body` in one transaction: all of its calls are committed together, or none when it returns an
    /// error. What a person decides (notes, names, marks, deletion) is on the disk when a call of its own
    /// returns; within a transaction, `durability` decides for all of it.
    [[nodiscard]] Result<void> transaction(const std::function<Result<void>()>& body,
                                           Durability durability = Durability::Points);

    /// Stores record (with its params and tags; `number` and metrics are ignored), command, environment,
    /// config files, datasets and notes of `detail`. Exists when the id is taken. Returns the number given to
    /// the run.
    [[nodiscard]] Result<std::int64_t> createRun(const model::RunDetail& detail);

    [[nodiscard]] Result<void> setStatus(const RunId& id, model::RunStatus status,
                                         std::optional<std::int64_t> startTimeMs = {});
    [[nodiscard]] Result<void> endRun(const RunId& id, const RunEnd& end);

    /// Appends points in the given order; keys may be interleaved. Tail, chunks and summaries change
    /// together.
    [[nodiscard]] Result<void> appendPoints(const RunId& id, std::span<const MetricPoint> points);

    /// Makes `point` the one that the run table shows as a metric's last, until the metric gets more points:
    /// the tool that logged it may have a rule of its own for that (MLflow's greatest step and time). Where
    /// it is not the one that came last, TrackedRuns::setLatestPoint says so to whoever checks the summaries.
    [[nodiscard]] Result<void> setLatest(const RunId& id, std::string_view key, const model::Point& point);

    /// Sets params that are not set yet, and those that still have the value which `replaceable` says of
    /// them (model::GivenParams). One that is set to another value already keeps it, and its key is returned.
    [[nodiscard]] Result<std::vector<std::string>> setParams(
        const RunId& id, std::span<const model::Variable> params,
        std::span<const model::Variable> replaceable = {});
    [[nodiscard]] Result<void> setTag(const RunId& id, std::string_view key, std::string_view value);
    [[nodiscard]] Result<void> removeTag(const RunId& id, std::string_view key);
    [[nodiscard]] Result<void> setName(const RunId& id, std::string_view name);
    [[nodiscard]] Result<void> setExperiment(const RunId& id, std::string_view experiment);
    [[nodiscard]] Result<void> setNote(const RunId& id, std::string_view markdown);
    [[nodiscard]] Result<void> setStarred(const RunId& id, bool starred);
    [[nodiscard]] Result<void> setArchived(const RunId& id, bool archived);
    [[nodiscard]] Result<void> setColor(const RunId& id, std::optional<std::uint32_t> rgb);
    [[nodiscard]] Result<void> addProblem(const RunId& id, std::string_view message);
    [[nodiscard]] Result<void> addDataset(const RunId& id, const model::Dataset& dataset);
    /// Copies `file` into the content-addressed store (temporary name, fsync, rename) and records it. One of
    /// that name already is replaced, and its content removed if nothing else has it.
    [[nodiscard]] Result<model::Artifact> addArtifact(const RunId& id, const std::filesystem::path& file,
                                                      std::string_view name);
    /// Removes the run and, once that is on the disk, the files of artifacts that no other run has. (Within a
    /// transaction of Durability::Points the files stay.)
    [[nodiscard]] Result<void> deleteRun(const RunId& id);

    /// How far a run's spool has been taken in, in bytes; part of the same transaction as the points, so that
    /// a spool is ingested exactly once whoever dies in between.
    [[nodiscard]] Result<std::int64_t> spoolOffset(const RunId& id, std::string_view spool);
    [[nodiscard]] Result<void> setSpoolOffset(const RunId& id, std::string_view spool, std::int64_t offset);

private:
    Database* m_database;
};

}  // namespace runglass::store
