// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"

namespace runglass::sources {

enum class EntryKind { File, Folder, Link, Other };

struct Entry {
    std::string name;  ///< bytes
    EntryKind kind = EntryKind::Other;
};

/// One folder as the walk over a project sees it: names and kinds only, nothing opened.
struct Folder {
    std::filesystem::path path;  ///< absolute
    std::vector<Entry> entries;  ///< by name

    [[nodiscard]] const Entry* find(std::string_view name) const;
    [[nodiscard]] bool hasFile(std::string_view name) const;
    [[nodiscard]] bool hasFolder(std::string_view name) const;
};

/// Lists a folder. NotFound, Permission or Io name it; a folder that is itself a link is not followed
/// (Invalid).
Result<Folder> listFolder(const std::filesystem::path& folder);

}  // namespace runglass::sources
