// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "runglass/base/file.h"

namespace runglass::test {

/// Type, permission, size, times and content of every file below `folder` that `wanted` accepts; equal before
/// and after exactly when nothing was touched.
inline std::map<std::string, std::string> fingerprint(
    const std::filesystem::path& folder,
    const std::function<bool(const std::string&)>& wanted = [](const std::string&) { return true; }) {
    namespace fs = std::filesystem;
    std::map<std::string, std::string> result;
    for (auto entry = fs::recursive_directory_iterator(folder); entry != fs::recursive_directory_iterator();
         ++entry) {
        const auto path = entry->path();
        const auto name = path.lexically_relative(folder).string();
        if (!wanted(name)) {
            entry.disable_recursion_pending();
            continue;
        }
        struct stat status {};
        ::lstat(path.c_str(), &status);
        std::string content;
        if (S_ISREG(status.st_mode)) {
            content = readFile(path, 64U << 20U).valueOr("unreadable");
        } else if (S_ISLNK(status.st_mode)) {
            content = fs::read_symlink(path).string();
        }
        auto& text = result[name];
        text = std::to_string(status.st_mode) + ' ' + sha256Of(content);
        if (!S_ISDIR(status.st_mode)) {  // the times of a folder tell of the snapshot's own lock files
            text += ' ' + std::to_string(status.st_mtim.tv_sec) + '.' +
                    std::to_string(status.st_mtim.tv_nsec) + ' ' + std::to_string(status.st_ino);
        }
    }
    return result;
}

}  // namespace runglass::test
