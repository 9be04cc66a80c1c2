// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "runglass/model/run.h"
#include "runglass/ui/runs/run_column.h"

namespace runglass::ui {

enum class TableFormat { TabSeparated, Csv, Markdown, Latex };

/// The runs with these columns (those that are text) as a table for another program: numbers that round-trip,
/// text quoted as the format wants it.
QString tableText(const std::vector<const model::RunRecord*>& runs, const std::vector<RunColumn>& columns,
                  TableFormat format, const CellContext& context);

}  // namespace runglass::ui
