// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "runglass/sources/table_mapping.h"
#include "runglass/sources/table_preview.h"

namespace runglass::ui {

/// What one column of a table is to a run.
enum class ColumnRole { Metric, Param, Step, Time, Run, Ignored };

/// The roles that a mapping gives to the columns of a table.
std::vector<ColumnRole> rolesOf(const sources::TableMapping& mapping,
                                const std::vector<sources::PreviewColumn>& columns);

/// Puts roles into a mapping. Metrics are named only where a column is left out: otherwise columns that the
/// file gets later are read, too.
void setRoles(const std::vector<ColumnRole>& roles, const std::vector<sources::PreviewColumn>& columns,
              sources::TableMapping* mapping);

}  // namespace runglass::ui
