// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runglass/git/values.h"

namespace runglass::git {

struct ParsedCommit {
    Commit commit;
    std::int64_t committerTime = 0;  ///< Unix seconds; what history is ordered by
};

/// The values of a raw commit object (as `git cat-file commit` prints it). Lenient with headers: what does
/// not parse stays empty, a time that does not counts as 0, as in git. Text in a declared encoding is
/// converted; anything that is still not UTF-8 is replaced.
ParsedCommit parseCommit(const ObjectId& id, std::string_view raw);

/// The message of a raw commit object as valid UTF-8.
std::string parseMessage(std::string_view raw);

}  // namespace runglass::git
