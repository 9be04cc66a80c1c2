// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "compare_loader.h"

namespace runglass::ui {

enum class TextFormat { Markdown, Csv };

/// The comparison as a table to paste elsewhere: part, key, a column a run; then the metrics with all digits.
/// Minus is ASCII, numbers read back as the same double.
QString comparisonText(const LoadedComparison& loaded, TextFormat format, bool onlyDifferences);

}  // namespace runglass::ui
