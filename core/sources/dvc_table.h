// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tfrecord.h"

namespace runglass::sources {

/// The data of a plot of DVC: CSV, TSV, JSON or YAML. Of the last two DVC takes every list of objects,
/// however deep it lies, and puts their rows side by side.
struct DvcTable {
    struct Column {
        std::string name;
        std::vector<double> values;  ///< by row; may be shorter than the table
        std::vector<bool> present;   ///< where there is a number; as long as `values`
        std::uint64_t numbers = 0;
        std::uint64_t texts = 0;  ///< cells that are neither a number nor missing
        std::uint64_t firstText = 0;

        [[nodiscard]] bool has(std::size_t row) const { return row < present.size() && present[row]; }
    };
    std::vector<Column> columns;  ///< in order of appearance
    std::size_t rows = 0;

    [[nodiscard]] const Column* find(std::string_view name) const;
};

/// Reads a table by the extension of `path`. Rows that are not of its form are damage, and so is what is too
/// much. Without a `header` columns are named 0, 1, 2 … `mayGrow`: the last line is left out while it has no
/// end.
DvcTable readDvcTable(const std::string& path, std::string_view content, bool header, bool mayGrow,
                      DamageList& damage);

/// Whether the data of a plot can be read: images and pages are something else.
bool isDvcTable(std::string_view path);

}  // namespace runglass::sources
