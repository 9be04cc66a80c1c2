// SPDX-License-Identifier: GPL-3.0-or-later
#include "attributes.h"

#include <algorithm>
#include <array>

#include "runglass/base/text.h"

namespace runglass::query {

namespace {

using A = Field::Attribute;
using T = FieldType;

constexpr std::array kAttributes{
    AttributeName{"status", A::Status, T::Status, false},
    AttributeName{"name", A::Name, T::Text, false},
    AttributeName{"experiment", A::Experiment, T::Text, false},
    AttributeName{"start", A::Start, T::Time, false},
    AttributeName{"end", A::End, T::Time, false},
    AttributeName{"duration", A::Duration, T::Duration, false},
    AttributeName{"git.commit", A::Commit, T::Hash, false},
    AttributeName{"git.branch", A::Branch, T::Text, false},
    AttributeName{"git.dirty", A::Dirty, T::Boolean, false},
    AttributeName{"git.snapshot", A::Snapshot, T::Hash, false},
    AttributeName{"git.remote", A::Remote, T::Text, false},
    AttributeName{"id", A::Id, T::Hash, false},
    AttributeName{"number", A::Number, T::Number, false},
    AttributeName{"parent", A::Parent, T::Hash, false},
    AttributeName{"source", A::Source, T::Text, false},
    AttributeName{"location", A::Location, T::Text, false},
    AttributeName{"exit_code", A::ExitCode, T::Number, false},
    AttributeName{"signal", A::Signal, T::Number, false},
    AttributeName{"starred", A::Starred, T::Boolean, false},
    AttributeName{"archived", A::Archived, T::Boolean, false},
    AttributeName{"has_note", A::HasNote, T::Boolean, false},
    AttributeName{"user", A::User, T::Text, false},
    AttributeName{"run_id", A::Id, T::Hash, true},
    AttributeName{"run_name", A::Name, T::Text, true},
    AttributeName{"run name", A::Name, T::Text, true},
    AttributeName{"start_time", A::Start, T::Time, true},
    AttributeName{"created", A::Start, T::Time, true},
    AttributeName{"end_time", A::End, T::Time, true},
    AttributeName{"parent_id", A::Parent, T::Hash, true},
    AttributeName{"user_id", A::User, T::Text, true},
};

constexpr std::array kStatistics{
    StatisticName{"last", Field::Statistic::Last},
    StatisticName{"first", Field::Statistic::First},
    StatisticName{"min", Field::Statistic::Min},
    StatisticName{"max", Field::Statistic::Max},
    StatisticName{"count", Field::Statistic::Count},
    StatisticName{"nan_count", Field::Statistic::NanCount},
    StatisticName{"last_step", Field::Statistic::LastStep},
};

}  // namespace

std::span<const AttributeName> attributeNames() {
    return kAttributes;
}

const AttributeName* findAttribute(std::string_view name) {
    const auto it = std::ranges::find_if(kAttributes, [&](const AttributeName& row) {
        return row.name.size() == name.size() && startsWithIgnoringCase(name, row.name);
    });
    return it == kAttributes.end() ? nullptr : &*it;
}

std::span<const StatisticName> statisticNames() {
    return kStatistics;
}

}  // namespace runglass::query
