// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QString>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "runglass/model/goal.h"
#include "runglass/model/run.h"
#include "runglass/query/filter.h"
#include "runglass/ui/runs/run_column.h"

namespace runglass::ui {

/// What the run table shall show.
struct ArrangementRequest {
    query::Filter filter;
    std::optional<RunColumn> sortBy;  ///< nothing: the newest first
    bool descending = false;
    std::optional<RunColumn> groupBy;
    bool showArchived = false;
    std::vector<RunColumn> columns;  ///< empty: proposeColumns()
    QHash<QString, int> decimals;    ///< of metrics for which a person chose, by RunColumn::toText()
    std::int64_t nowMs = 0;
};

/// The metric by which groups are compared: the one sorted by, else the first column that is a metric.
struct GroupStatistics {
    std::optional<double> best;  ///< nothing when the goal is not known
    double mean = 0;
    double deviation = 0;  ///< sample standard deviation
    std::int64_t n = 0;    ///< runs with a finite value
};

struct RunGroup {
    QString key;                        ///< tells it from other groups, which may have the same title
    QString title;                      ///< empty: of the runs without a value
    std::vector<std::int32_t> members;  ///< indices into the run table, in order of display
    GroupStatistics statistics;
    std::int32_t bestMember = -1;  ///< index into the run table, −1 when there is none
};

/// What all cells of a column have in common.
struct ColumnFormat {
    int decimals = 4;
    bool alignRight = false;
};

/// The run table filtered, grouped and sorted: computed in a job, then immutable.
struct Arrangement {
    model::SharedRunTable table;
    std::vector<RunColumn> columns;
    std::vector<ColumnFormat> formats;  ///< for each column
    std::vector<RunGroup> groups;       ///< a single one when not grouped
    std::vector<RunId> shown;           ///< the runs of all groups, in order of display
    bool grouped = false;
    std::optional<RunColumn> primaryMetric;
    std::size_t matching = 0;
    std::size_t candidates = 0;  ///< before the filter, without archived runs unless those are shown
};

using SharedArrangement = std::shared_ptr<const Arrangement>;

/// Null when stopped.
SharedArrangement arrange(const model::SharedRunTable& table, const ArrangementRequest& request,
                          std::stop_token stop = {});

}  // namespace runglass::ui
