// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"

namespace runglass::sources {

/// What a person sees of one column while saying what it means.
struct PreviewColumn {
    std::string name;
    std::vector<std::string> values;  ///< of the first rows, as written; empty where there is none
    bool numbers = true;              ///< none of these values is text
};

/// The columns of a CSV, TSV or JSON-lines file by its first rows: costs the same for a file of any length.
/// NotFound; Invalid when there is no table in it.
Result<std::vector<PreviewColumn>> previewTable(const std::filesystem::path& file, std::size_t rows,
                                                const std::stop_token& stop = {});

/// How a table is written, as far as a file's name tells.
enum class WrittenAs : std::uint8_t {
    Cells,    ///< CSV, TSV
    Lines,    ///< JSON lines
    Columns,  ///< one JSON object with `columns` and `data`: tables of W&B and MLflow, pandas' "split"
};
std::optional<WrittenAs> tableFormOf(std::string_view name);

struct TableStart {
    std::vector<PreviewColumn> columns = {};  ///< empty where there is no table
    bool whole = true;                        ///< no row was left out
};

/// The first rows of a table as they are written, those of another length than the header too. `text` may end
/// anywhere when it is not `all`; of JSON in one object that is nothing.
TableStart tableIn(std::string_view text, WrittenAs form, bool all, std::size_t rows);

}  // namespace runglass::sources
