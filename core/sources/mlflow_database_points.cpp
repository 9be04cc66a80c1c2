// SPDX-License-Identifier: GPL-3.0-or-later
#include "mlflow_database_points.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::sources {
namespace {

/// MLflow stores NaN as 0 with a mark, and infinities as the greatest double.
double valueOf(double stored, bool isNan) {
    constexpr double kGreatest = std::numeric_limits<double>::max();
    if (isNan) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    return std::abs(stored) == kGreatest ? std::copysign(std::numeric_limits<double>::infinity(), stored)
                                         : stored;
}

/// `step, timestamp, value, is_nan` of a table, with 0 for those that came with a later MLflow.
std::string pointColumns(const ForeignDatabase& database, std::string_view table) {
    const auto columns = database.columns(table);
    const auto has = [&](const char* name) {
        return std::find(columns.begin(), columns.end(), name) != columns.end();
    };
    return std::string(has("step") ? "step" : "0") + ", timestamp, value, " +
           (has("is_nan") ? "is_nan" : "0");
}

/// Nothing where one of them is not a number. What is no number at all is NULL in MLflow's first stores.
std::optional<model::Point> pointFrom(const ForeignRow& row, int column) {
    for (int i = column; i < column + 4; ++i) {
        if (!row.isNull(i) && !row.isNumeric(i)) {
            return std::nullopt;
        }
    }
    return model::Point{row.integer(column), row.integer(column + 1),
                        valueOf(row.real(column + 2), row.integer(column + 3) != 0)};
}

}  // namespace

MlflowDatabasePoints::Run& MlflowDatabasePoints::runOf(std::string_view id) {
    if (m_lastRun == nullptr || id != m_lastId) {
        m_lastId = id;
        m_lastRun = &m_runs[m_lastId];
    }
    return *m_lastRun;
}

void MlflowDatabasePoints::add(Run& run, std::string_view key, const model::Point& point) {
    // A run logs its metrics in the same order again and again, or one after the other.
    const auto count = run.series.size();
    for (std::size_t tried = 0; tried < count; ++tried) {
        auto& series = run.series[(run.last + 1 + tried) % count];
        if (series.name != key) {
            continue;
        }
        run.last = (run.last + 1 + tried) % count;
        if (std::tuple(point.step, point.timeMs) < std::tuple(series.earliest.step, series.earliest.timeMs)) {
            series.earliest = point;
        }
        series.points.add(point);
        return;
    }
    run.last = count;
    auto& made = run.series.emplace_back();
    made.name = key;
    made.key = Symbol(toValidUtf8(key));
    made.earliest = point;
    made.points.add(point);
}

/// The fast way over all rows; false when there is none here.
bool MlflowDatabasePoints::readRecords(const ForeignDatabase& database) {
    const auto columns = database.columns("metrics");
    const auto at = [&](const char* name) {
        return static_cast<std::size_t>(std::find(columns.begin(), columns.end(), name) - columns.begin());
    };
    const auto run = at("run_uuid");
    const auto key = at("key");
    const auto value = at("value");
    const auto time = at("timestamp");
    const auto step = at("step");  // one past the end where there is none, which reads as 0
    const auto isNan = at("is_nan");
    const auto needed = std::max({run, key, value, time});
    if (needed >= columns.size() || columns.size() >= SqliteRecord::kMaxColumns) {
        return false;
    }
    return database.eachRecord("metrics", m_lastRow, [&](std::int64_t rowid, const SqliteRecord& record) {
        const auto runId = record.text(run);
        const auto name = record.text(key);
        const auto stored = record.real(value);
        const auto timeMs = record.integer(time);
        const auto stepNumber = record.integer(step);
        const auto nan = record.integer(isNan);
        if (!runId || !name || !stored || !timeMs || !stepNumber || !nan) {
            return false;
        }
        m_lastRow = rowid;
        add(runOf(*runId), *name, {*stepNumber, *timeMs, valueOf(*stored, *nan != 0)});
        return true;
    });
}

Result<void> MlflowDatabasePoints::readRows(const ForeignDatabase& database, std::string_view only) {
    if (only.empty() && readRecords(database)) {
        return {};
    }
    return pastDamagedIndices([&](const std::string& hint) {
        startAgain();  // it may have come half-way
        return database.each(
            "SELECT rowid, run_uuid, key, " + pointColumns(database, "metrics") + " FROM metrics" +
                (only.empty() ? " NOT INDEXED WHERE ? = ''" : hint + " WHERE run_uuid = ?") +
                " ORDER BY rowid",
            [&](const ForeignRow& row) {
                m_lastRow = row.integer(0);
                auto& run = runOf(row.text(1));
                if (const auto point = pointFrom(row, 3)) {
                    add(run, row.text(2), *point);
                } else {
                    run.bad.add(m_lastRow);
                }
            },
            only);
    });
}

void MlflowDatabasePoints::startAgain() {
    m_runs.clear();
    m_lastRun = nullptr;
    m_lastRow = 0;
}

/// What MLflow has worked out itself; since 1.3.
Result<void> MlflowDatabasePoints::readLatest(const ForeignDatabase& database, std::string_view only) {
    m_latest.clear();
    m_badLatest.clear();
    if (!database.hasTable("latest_metrics")) {
        return {};
    }
    return pastDamagedIndices([&](const std::string& hint) {
        m_latest.clear();
        m_badLatest.clear();
        std::vector<std::pair<Symbol, model::Point>>* run = nullptr;
        std::string runId;
        return database.each(
            "SELECT run_uuid, key, " + pointColumns(database, "latest_metrics") +
                ", rowid FROM latest_metrics" + hint +
                (only.empty() ? " WHERE ? = ''" : " WHERE run_uuid = ?"),
            [&](const ForeignRow& row) {
                if (const auto id = row.text(0); run == nullptr || id != runId) {
                    runId = id;
                    run = &m_latest[runId];
                }
                if (const auto point = pointFrom(row, 2)) {
                    run->emplace_back(Symbol(toValidUtf8(row.text(1))), *point);
                } else {
                    m_badLatest[runId].add(row.integer(6));
                }
            },
            only);
    });
}

Result<void> MlflowDatabasePoints::read(const ForeignDatabase& database, const MlflowRunIndex& index,
                                        std::vector<std::string>& damaged, std::string_view only) {
    std::int64_t lastRow = 0;
    const auto counted = database.each("SELECT coalesce(max(rowid), 0) FROM metrics",
                                       [&](const ForeignRow& row) { lastRow = row.integer(0); });
    if (!counted.ok() && counted.error().code != ErrorCode::Damaged) {
        return counted;
    }
    if (lastRow < m_lastRow || index.size() < m_runCount) {
        startAgain();
    }
    m_runCount = index.size();
    RUNGLASS_TRY(upToDamage(readRows(database, only), "metrics", damaged));
    return upToDamage(readLatest(database, only), "latest_metrics", damaged);
}

std::vector<model::Metric> MlflowDatabasePoints::metricsOf(const std::string& run) const {
    std::vector<model::Metric> metrics;
    if (const auto found = m_runs.find(run); found != m_runs.end()) {
        for (const auto& series : found->second.series) {
            auto summary = series.points.summary();
            summary.first = series.earliest.value;
            summary.firstStep = series.earliest.step;
            metrics.push_back({series.key, summary});
        }
    }
    if (const auto found = m_latest.find(run); found != m_latest.end()) {
        for (const auto& [key, point] : found->second) {
            const auto metric = std::find_if(metrics.begin(), metrics.end(),
                                             [&, wanted = key](const auto& m) { return m.key == wanted; });
            if (metric != metrics.end()) {
                metric->summary.last = point.value;
                metric->summary.lastStep = point.step;
                metric->summary.lastTimeMs = point.timeMs;
            }
        }
    }
    return metrics;
}

BadRowsByTable MlflowDatabasePoints::badRowsOf(const std::string& run) const {
    BadRowsByTable bad;
    if (const auto found = m_runs.find(run); found != m_runs.end() && found->second.bad.count > 0) {
        bad.emplace("metrics", found->second.bad);
    }
    if (const auto found = m_badLatest.find(run); found != m_badLatest.end()) {
        bad.emplace("latest_metrics", found->second);
    }
    return bad;
}

Result<model::Series> mlflowDatabaseSeries(const ForeignDatabase& database, std::string_view run,
                                           std::string_view metric, std::size_t from) {
    model::Series series;
    // The primary key begins with the key, a later index with the run: SQLite would have to guess which of
    // them is the narrower one. The order of rows is theirs, so sorting comes after.
    std::vector<std::int64_t> rows;
    const auto read = pastDamagedIndices([&](const std::string& hint) {
        series = {};
        rows.clear();
        return database.each(
            "SELECT " + pointColumns(database, "metrics") + ", rowid FROM metrics" + hint +
                " WHERE run_uuid = ? AND +key = ?",
            [&](const ForeignRow& row) {
                if (const auto point = pointFrom(row, 0)) {
                    series.push(*point);
                    rows.push_back(row.integer(4));
                }
            },
            run, metric);
    });
    std::vector<std::string> damaged;  // as the run says
    RUNGLASS_TRY(upToDamage(read, "metrics", damaged));
    if (series.empty()) {
        return Error{ErrorCode::NotFound, tr("The run has no metric {}.", toValidUtf8(metric)), {}};
    }
    const auto before = [&](std::size_t a, std::size_t b) {
        return std::tuple(series.steps[a], series.timesMs[a], rows[a]) <
               std::tuple(series.steps[b], series.timesMs[b], rows[b]);
    };
    std::vector<std::size_t> order(series.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const bool sorted = std::is_sorted(order.begin(), order.end(), before);
    if (sorted && from == 0) {
        return series;
    }
    std::sort(order.begin(), order.end(), before);
    model::Series ordered;
    ordered.reserve(series.size());
    for (std::size_t i = from; i < order.size(); ++i) {
        ordered.push(series.at(order[i]));
    }
    return ordered;
}

}  // namespace runglass::sources
