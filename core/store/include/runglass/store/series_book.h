// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/model/series.h"
#include "runglass/store/run_reader.h"
#include "runglass/store/run_writer.h"
#include "runglass/store/tracked_runs.h"

namespace runglass::store {

/// The order of the points of a metric: by step, time and value, where NaN counts as 0, as in MLflow.
bool isGreater(const model::Point& a, const model::Point& b);

/// Appends points as the protocol defines it, onto series that keep every point in order of arrival:
///
/// - a point that is there already (same step, time and value) is passed over, so that a client may send a
///   batch again whose answer it did not get;
/// - the value of a metric is its greatest point by (step, time, value), not the one that came last.
///
/// Knows of each series only how far it goes: a point beyond the greatest step or the greatest time cannot be
/// there yet. For the others the series is read, and so it is when somebody else has written to it. Works
/// within the transaction of the caller.
class SeriesBook {
public:
    SeriesBook(Database& database, RunWriter& writer, RunReader& reader, TrackedRuns& tracked)
        : m_database(&database)
        , m_writer(&writer)
        , m_reader(&reader)
        , m_tracked(&tracked) {}

    /// A run that has just been made: it has no series to read.
    void addNew(const RunId& run);
    Result<void> append(const RunId& run, std::span<const MetricPoint> points);
    /// A request begins, within the transaction of its group.
    void begin() { m_touched.clear(); }
    /// The request was rolled back: what it said is not true.
    void undo();
    /// The whole transaction was rolled back.
    void clear() { m_runs.clear(); }

private:
    struct Extent {
        bool known = false;  ///< false: nothing has been read yet
        std::uint64_t count = 0;
        std::uint64_t stored = 0;  ///< points that the database has of it, as far as this one knows
        std::int64_t maxStep = 0;
        std::int64_t maxTimeMs = 0;
        model::Point greatest;
        model::Point last;
        bool lastDiffers = false;  ///< as the database has it
        std::vector<model::Point> doubtful;

        void add(const model::Point& point);
        [[nodiscard]] bool isBeyond(const model::Point& point) const;
    };
    struct Book {
        bool isNew = false;
        std::map<std::string, Extent, std::less<>> series;
    };

    Book& bookOf(const RunId& run);
    Result<Extent*> extentOf(const RunId& run, Book& book, std::string_view key, std::uint64_t stored);
    Result<void> appendTo(const RunId& run, Book& book, std::span<const MetricPoint> points);
    Result<void> noteGreatest(const RunId& run, std::string_view key, Extent& extent);

    static constexpr std::size_t kMostRuns = 1024;
    Database* m_database;
    RunWriter* m_writer;
    RunReader* m_reader;
    TrackedRuns* m_tracked;
    std::unordered_map<RunId, Book> m_runs;
    std::vector<RunId> m_touched;  // by the current request
};

}  // namespace runglass::store
