// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names of artifacts are those of files and of the folders that their slashes make.
#pragma once

#include <string>
#include <string_view>

#include "runglass/base/result.h"
#include "runglass/store/artifact_files.h"
#include "statement.h"

namespace runglass::store {

/// Everything that begins with `path/` lies between `path/` and `path0`, as 0 comes after /.
struct Below {
    explicit Below(std::string_view path)
        : first(std::string(path) + "/")
        , end(std::string(path) + "0") {}
    std::string first;
    std::string end;
};

/// Refuses a file whose name is that of a folder or leads through a file. `between(first, end)` queries a
/// path that is there from `first` up to, but without, `end`.
template <typename Between>
Result<void> refuseInTheWay(std::string_view path, Between&& between) {
    const auto refuse = [&](std::string_view first, std::string_view end) -> Result<void> {
        RUNGLASS_ASSIGN(auto query, between(first, end));
        RUNGLASS_ASSIGN(const bool found, query.step());
        if (found) {
            if (auto error = fileInTheWay(path, query.string(0))) {
                return std::move(*error);
            }
        }
        return {};
    };
    for (auto slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', slash + 1)) {
        const std::string folder(path.substr(0, slash));
        RUNGLASS_TRY(refuse(folder, folder + '\x01'));  // that name alone
    }
    const Below below(path);
    return refuse(below.first, below.end);
}

}  // namespace runglass::store
