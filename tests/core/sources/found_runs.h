// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/sources/catalogue.h"

namespace runglass::test {

using Names = std::vector<std::string>;

/// In order of the alphabet.
inline Names namesOf(const sources::SharedForeignRuns& runs) {
    Names names;
    for (const auto& run : runs->runs) {
        names.push_back(run->name);
    }
    std::ranges::sort(names);
    return names;
}

/// Null when there is none.
inline const model::RunRecord* named(const sources::SharedForeignRuns& runs, std::string_view name) {
    for (const auto& run : runs->runs) {
        if (run->name == name) {
            return run.get();
        }
    }
    return nullptr;
}

}  // namespace runglass::test
