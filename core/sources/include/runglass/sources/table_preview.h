// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
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

}  // namespace runglass::sources
