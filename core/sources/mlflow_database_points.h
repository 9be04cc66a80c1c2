// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "foreign_database.h"
#include "mlflow_run.h"

namespace runglass::sources {

/// Positions of runs by id. Rows of one run lie together in MLflow's tables, so the run of the row before is
/// tried first.
class MlflowRunIndex {
public:
    void add(std::string_view id) { m_positions.emplace(id, m_positions.size()); }
    [[nodiscard]] std::optional<std::size_t> find(std::string_view id) const {
        if (id != m_lastId) {
            const auto found = m_positions.find(std::string(id));
            if (found == m_positions.end()) {
                return std::nullopt;
            }
            m_lastId = id;
            m_last = found->second;
        }
        return m_last;
    }
    [[nodiscard]] std::size_t size() const { return m_positions.size(); }

private:
    std::unordered_map<std::string, std::size_t> m_positions;
    mutable std::string m_lastId;
    mutable std::size_t m_last = 0;
};

/// The summaries of all series of a database. Goes on from where it stopped: rows are only ever added to
/// MLflow's table of points, except by `mlflow gc`, after which everything is read again.
class MlflowDatabasePoints {
public:
    /// All runs, or the one with this id. Tables that cannot be read to their end go to `damaged`.
    Result<void> read(const ForeignDatabase& database, const MlflowRunIndex& index,
                      std::vector<std::string>& damaged, std::string_view only = {});
    [[nodiscard]] std::vector<model::Metric> metricsOf(const std::string& run) const;
    /// Rows of a run that are left out: a value, time or step in them is not a number.
    [[nodiscard]] BadRowsByTable badRowsOf(const std::string& run) const;

private:
    struct Series {
        std::string name;
        Symbol key;
        MlflowSummary points;
        model::Point earliest;
    };
    struct Run {
        std::vector<Series> series;
        std::size_t last = 0;  ///< the one that the last point was of
        BadRows bad;
    };

    bool readRecords(const ForeignDatabase& database);
    Result<void> readRows(const ForeignDatabase& database, std::string_view only);
    Result<void> readLatest(const ForeignDatabase& database, std::string_view only);
    void startAgain();
    Run& runOf(std::string_view id);
    static void add(Run& run, std::string_view key, const model::Point& point);

    std::unordered_map<std::string, Run> m_runs;
    std::unordered_map<std::string, std::vector<std::pair<Symbol, model::Point>>> m_latest;
    std::unordered_map<std::string, BadRows> m_badLatest;
    std::string m_lastId;
    Run* m_lastRun = nullptr;  ///< of the row before: rows of one run lie together
    std::int64_t m_lastRow = 0;
    std::size_t m_runCount = 0;
};

/// The points of a metric by step, time and order of arrival, from the `from`-th on.
Result<model::Series> mlflowDatabaseSeries(const ForeignDatabase& database, std::string_view run,
                                           std::string_view metric, std::size_t from);

}  // namespace runglass::sources
