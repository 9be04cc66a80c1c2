// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "runglass/store/layout.h"
#include "support/test.h"

namespace runglass::test {

/// What the sqlite3 program answers to `statement` on the project's database: a hand that is not ours.
inline std::string sqliteSays(const std::filesystem::path& project, const std::string& statement) {
    const auto result = runProcess({"sqlite3", store::Layout(project).database().string(), statement});
    return result.out + result.err;
}

}  // namespace runglass::test
