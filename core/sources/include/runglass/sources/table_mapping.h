// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runglass/base/result.h"

namespace runglass::sources {

/// How a person has said that one CSV, TSV or JSON-lines file is to be read as a run of a project. Kept in
/// `.runglass/tables.json`.
struct TableMapping {
    std::string path;  ///< relative to the project, or absolute where it lies elsewhere; UTF-8
    std::string name;  ///< of the run; empty: from the file
    std::string step;  ///< column; empty: rows are counted from 0
    std::string time;  ///< column: Unix seconds or milliseconds, or ISO 8601; empty: none
    std::vector<std::string> metrics;  ///< columns; empty: all numbers without another role
    std::vector<std::string> params;   ///< columns, of which the last value counts
    std::string run = {};              ///< column whose values are runs; empty: the file is one run
    friend bool operator==(const TableMapping&, const TableMapping&) = default;
};

/// All mappings of a project; none where there is no file of them. Relative paths that lead out of the
/// project are left out. Invalid when the file is damaged.
Result<std::vector<TableMapping>> readTableMappings(const std::filesystem::path& project);

/// Remembers a mapping, in place of another one for the same path. Invalid for a relative path that leads out
/// of the project, and one that is not valid UTF-8.
Result<void> saveTableMapping(const std::filesystem::path& project, const TableMapping& mapping);
Result<void> removeTableMapping(const std::filesystem::path& project, const std::string& path);

/// The names of the columns, in order. `file` is absolute or relative to the project. NotFound; Invalid when
/// there is no table in it.
Result<std::vector<std::string>> tableColumns(const std::filesystem::path& project,
                                              const std::filesystem::path& file);

/// A first guess from the names and the first rows, for a person to correct. `file` is absolute or relative
/// to the project.
Result<TableMapping> suggestTableMapping(const std::filesystem::path& project,
                                         const std::filesystem::path& file);

}  // namespace runglass::sources
