// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace runglass::sources {

/// Whether `path` is `folder` or lies below it. Both absolute and normal, without a slash at the end.
inline bool liesIn(std::string_view path, std::string_view folder) {
    return path.starts_with(folder) &&
           (path.size() == folder.size() || folder == "/" || path[folder.size()] == '/');
}

/// The folder above; empty above the root.
inline std::string_view above(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos || path == "/" ? std::string_view()
           : slash == 0                                   ? path.substr(0, 1)
                                                          : path.substr(0, slash);
}

/// `path` as people read it: relative where it lies in the project (`.` for the project itself).
inline std::string shownPath(const std::filesystem::path& path, const std::filesystem::path& project) {
    const std::string_view whole = path.native();
    const std::string_view root = project.native();
    if (whole == root) {
        return ".";
    }
    if (!liesIn(whole, root)) {
        return path.native();
    }
    return std::string(whole.substr(root == "/" ? 1 : root.size() + 1));
}

}  // namespace runglass::sources
