// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "runglass/sources/format.h"

namespace runglass::sources {

using Formats = std::span<const std::unique_ptr<const Format>>;

struct FoundOrigin {
    const Format* format = nullptr;
    std::filesystem::path path;
};

/// What the walk finds in one folder.
struct FolderLook {
    FileStamp stamp;  ///< taken before the listing: when it is the same again, so are the names
    std::vector<FoundOrigin> origins;
    std::vector<std::filesystem::path> enter;  ///< folders in it that the walk goes on to
    std::vector<Damage> problems;
    std::vector<std::filesystem::path> held;  ///< databases whose tables nobody can see now
};

/// Lists a folder, shows it to every format, and decides where to go on. Links are not followed; those that
/// lead nowhere or out of the folders `roots` are among the problems.
FolderLook lookAt(const std::filesystem::path& folder, Formats formats,
                  std::span<const std::filesystem::path> roots);

}  // namespace runglass::sources
