// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "runglass/model/run.h"

namespace runglass::ui {

/// What one column of the run table shows.
struct RunColumn {
    enum class Kind {
        Visibility,
        Status,
        Name,
        Metric,
        Param,
        Tag,
        Experiment,
        Started,
        Ended,
        Duration,
        Commit,
        Branch,
        Source,
        Id,
        Starred,
        Parent,
    };
    enum class Value { Last, Min, Max };  ///< of a metric

    Kind kind = Kind::Name;
    Symbol key;  ///< of a metric, param or tag
    Value value = Value::Last;

    friend bool operator==(const RunColumn&, const RunColumn&) = default;

    /// A metric with the value that is best by its name (model::goalOf), else the last.
    static RunColumn metric(Symbol key);
    static RunColumn param(Symbol key) { return {Kind::Param, key, Value::Last}; }
    static RunColumn tag(Symbol key) { return {Kind::Tag, key, Value::Last}; }

    /// Whether its cells are numbers or times, aligned to the right.
    [[nodiscard]] bool numeric() const;
    /// Label of the header.
    [[nodiscard]] QString title() const;
    /// Which value of a metric it shows, as the header says it: `min` or `max`; empty for the last one.
    [[nodiscard]] QString statistic() const;
    /// What the label leaves out, e.g. "Largest value of val/acc".
    [[nodiscard]] QString description() const;

    /// Stable text for settings and saved views: `name`, `metric.max:val/acc`, `param:lr`.
    [[nodiscard]] QString toText() const;
    static std::optional<RunColumn> fromText(const QString& text);
};

/// What a cell may need to know beside its own run.
struct CellContext {
    std::int64_t nowMs = 0;                  ///< for the duration of running runs
    const model::RunTable* table = nullptr;  ///< to name other runs
};

/// A cell as sorting and statistics see it: nothing, a number, or text.
using CellValue = std::variant<std::monostate, double, std::string_view>;

/// Value of a cell. The text lives as long as record and table.
CellValue cellValue(const model::RunRecord& run, const RunColumn& column, const CellContext& context);
/// The cell as shown; `decimals` for metrics.
QString cellText(const model::RunRecord& run, const RunColumn& column, int decimals,
                 const CellContext& context);
/// How many records of the run could not be read; empty for none.
QString leftOutText(const model::RunRecord& run);
/// Everything there is to say, for the tooltip: full precision, full times.
QString cellTooltip(const model::RunRecord& run, const RunColumn& column, const CellContext& context);
/// The cell for other programs: round-trip numbers, ISO times, ASCII minus.
QString cellForCopy(const model::RunRecord& run, const RunColumn& column, const CellContext& context);

/// The columns that say most about these runs: the main metrics, then the params that vary, then times.
std::vector<RunColumn> proposeColumns(const model::RunTable& table);

}  // namespace runglass::ui
