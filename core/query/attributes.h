// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

#include "runglass/query/field.h"

namespace runglass::query {

enum class Field::Attribute {
    Id,
    Name,
    Number,
    Status,
    Experiment,
    Source,
    Location,
    Start,
    End,
    Duration,
    ExitCode,
    Signal,
    Commit,
    Branch,
    Dirty,
    Snapshot,
    Remote,
    Parent,
    Archived,
    Starred,
    HasNote,
    User
};

/// One row for each name of an attribute; the first row of an attribute has the name that is shown.
struct AttributeName {
    std::string_view name;
    Field::Attribute attribute;
    FieldType type;
    bool alias;
};
std::span<const AttributeName> attributeNames();
const AttributeName* findAttribute(std::string_view name);

struct StatisticName {
    std::string_view name;
    Field::Statistic statistic;
};
std::span<const StatisticName> statisticNames();

}  // namespace runglass::query
