// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "run_files.h"
#include "runglass/config/flatten.h"
#include "runglass/sources/reader.h"
#include "table_file.h"

namespace runglass::sources {

/// A run that is a table of metrics, a file of params, or both: what many tools leave behind, each with its
/// own names.
struct TableRun {
    std::filesystem::path folder;
    std::string name;  ///< empty: that of the folder
    Rank rank = Rank::Framework;
    bool ownsFolder = false;
    std::filesystem::path table;  ///< empty or absent: no metrics
    TableKind kind = TableKind::Csv;
    TableRoles roles;  ///< with a column for the run, a part for each of its values, by which it is named
    std::filesystem::path params;  ///< YAML; empty or absent: none
    config::FlattenStyle paramStyle = config::FlattenStyle::Dotted;
    RunFiles files = {};  ///< that are artifacts of the run; none without a folder
};

/// Reads one TableRun.
class TableRunReader : public Reader {
public:
    explicit TableRunReader(TableRun run);

    Result<std::vector<SharedPart>> read(std::stop_token stop) override;
    [[nodiscard]] std::vector<FileStamp> stamps() const override;
    Result<model::RunDetail> detail(std::string_view key) override;
    Result<model::Series> series(std::string_view key, std::string_view metric, std::size_t from,
                                 std::stop_token stop) override;
    Result<ArtifactFile> openArtifact(std::string_view key, std::string_view path) override;

private:
    bool refreshParams();
    [[nodiscard]] SharedPart makePart(const std::string& key) const;

    TableRun m_run;
    std::optional<TableFile> m_table;
    FileStamp m_paramsStamp;
    bool m_paramsSeen = false;
    std::string m_paramsText;
    std::vector<model::Variable> m_params;
    std::optional<std::string> m_paramsProblem;
    std::vector<SharedPart> m_parts;
};

/// The first line of a file, without what follows the first 64 KiB; empty when it cannot be read.
std::string firstLineOf(const std::filesystem::path& path);

/// JSON lines by `.jsonl` and `.ndjson`, and by what the first line looks like; CSV otherwise.
TableKind tableKindOf(const std::filesystem::path& path);

/// The names in the header of a CSV; the same of its first line.
std::vector<std::string> headerOf(const std::filesystem::path& path);
std::vector<std::string> headerIn(std::string_view line);

}  // namespace runglass::sources
