// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "runglass/base/symbol.h"
#include "runglass/model/run.h"
#include "runglass/query/filter_error.h"

namespace runglass::query {

/// What a field's values are, and so how they compare.
enum class FieldType {
    Number,    ///< IEEE double; NaN and missing values satisfy no comparison
    Duration,  ///< milliseconds; written `90`, `5m`, `1h30m` (plain numbers are seconds)
    Time,      ///< Unix milliseconds; written `'2026-11-17'`, `'2026-11-17 14:02'`, `-2h` (before now)
    Text,      ///< bytes
    Flexible,  ///< params and tags: text that compares as a number where both sides are numbers
    Hash,      ///< hex digits; `=` takes a prefix of at least 4
    Status,    ///< one of the names of RunStatus, any case
    Boolean,
};

/// The value of one field of one run. `text` may point into the run, the symbol table or the caller's
/// scratch.
struct Value {
    enum class Kind { Missing, Number, Text, Boolean };
    Kind kind = Kind::Missing;
    double number = 0;  ///< also 0 or 1 of a Boolean
    std::string_view text;
};

/// Something of a run that filters, orders, groups and columns can name: `metrics.val/acc`,
/// `min(metrics.loss)`, `params.lr`, `tags.stage`, `git.commit`, `duration` … The names and aliases of MLflow
/// are understood (`metric.x`, `attributes.run_name`, `run.name`, `start_time` …).
class Field {
public:
    enum class Group { Metric, Param, Tag, Attribute };
    /// Which number of a metric's summary: `metrics.x` is Last, the others are written as a function.
    enum class Statistic { Last, First, Min, Max, Count, NanCount, LastStep };
    enum class Attribute;

    static std::variant<Field, FilterError> parse(std::string_view text);
    static Field metric(std::string_view key, Statistic statistic = Statistic::Last);
    static Field param(std::string_view key);
    static Field tag(std::string_view key);
    /// By its name without a group, `status` or `git.commit`; nothing when there is none of that name.
    static std::optional<Field> attribute(std::string_view name);

    [[nodiscard]] Group group() const { return m_group; }
    [[nodiscard]] FieldType type() const { return m_type; }
    [[nodiscard]] Statistic statistic() const { return m_statistic; }
    /// The key of a metric, param or tag; the name of an attribute.
    [[nodiscard]] const std::string& key() const { return m_key; }
    /// As a filter would write it, quoted where that is needed.
    [[nodiscard]] std::string text() const;

    /// `scratch` holds text that is made on the way (ids); keep it while the value is used.
    [[nodiscard]] Value valueOf(const model::RunRecord& run, std::int64_t nowMs, std::string& scratch) const;

private:
    Field(Group group, FieldType type, std::string_view key);
    [[nodiscard]] Value metricValue(const model::RunRecord& run) const;
    [[nodiscard]] Value attributeValue(const model::RunRecord& run, std::int64_t nowMs,
                                       std::string& scratch) const;

    Group m_group = Group::Attribute;
    FieldType m_type = FieldType::Text;
    Statistic m_statistic = Statistic::Last;
    Attribute m_attribute{};
    /// Interned even where no run has the key yet: one that starts later may.
    Symbol m_symbol;
    std::string m_key;
};

}  // namespace runglass::query
