// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "console_line.h"

namespace runglass::launch {

/// Follows tables as fastai, scikit-learn and skorch print them: a header whose first column is `epoch`,
/// `iter` …, then rows of as many columns.
class ConsoleTable {
public:
    /// The row's scalars when `line` belongs to a table (none for its header); nothing otherwise.
    std::optional<LineFinding> read(std::string_view line);

private:
    std::vector<std::string> m_header;
};

}  // namespace runglass::launch
