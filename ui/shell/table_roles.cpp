// SPDX-License-Identifier: GPL-3.0-or-later
#include "table_roles.h"

#include <algorithm>

namespace runglass::ui {
namespace {

bool isAmong(const std::string& name, const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::vector<ColumnRole> rolesOf(const sources::TableMapping& mapping,
                                const std::vector<sources::PreviewColumn>& columns) {
    std::vector<ColumnRole> roles;
    for (const auto& column : columns) {
        const bool metric = mapping.metrics.empty() ? column.numbers : isAmong(column.name, mapping.metrics);
        roles.push_back(column.name == mapping.step            ? ColumnRole::Step
                        : column.name == mapping.time          ? ColumnRole::Time
                        : column.name == mapping.run           ? ColumnRole::Run
                        : isAmong(column.name, mapping.params) ? ColumnRole::Param
                        : metric                               ? ColumnRole::Metric
                                                               : ColumnRole::Ignored);
    }
    return roles;
}

void setRoles(const std::vector<ColumnRole>& roles, const std::vector<sources::PreviewColumn>& columns,
              sources::TableMapping* mapping) {
    mapping->step.clear();
    mapping->time.clear();
    mapping->run.clear();
    mapping->metrics.clear();
    mapping->params.clear();
    bool leavesOut = false;
    for (std::size_t i = 0; i < roles.size(); ++i) {
        const auto& name = columns[i].name;
        switch (roles[i]) {
            case ColumnRole::Metric:
                mapping->metrics.push_back(name);
                break;
            case ColumnRole::Param:
                mapping->params.push_back(name);
                break;
            case ColumnRole::Step:
                mapping->step = name;
                break;
            case ColumnRole::Time:
                mapping->time = name;
                break;
            case ColumnRole::Run:
                mapping->run = name;
                break;
            case ColumnRole::Ignored:
                leavesOut = leavesOut || columns[i].numbers;
                break;
        }
    }
    if (!leavesOut) {
        mapping->metrics.clear();
    }
}

}  // namespace runglass::ui
