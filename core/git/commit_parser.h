// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runglass/git/values.h"

namespace runglass::git {

/// What orders the history: read from each commit, before anything is shown of it.
struct CommitLinks {
    std::vector<ObjectId> parents;
    std::int64_t committerTime = 0;  ///< Unix seconds
};

/// The links of a raw commit object; nothing where it is not one. A time that does not parse counts as 0, as
/// in git.
std::optional<CommitLinks> parseLinks(std::string_view raw);

/// The values of a raw commit object (gitformat of `git cat-file commit`). Lenient with headers: what does
/// not parse stays empty. Text in a declared encoding is converted; anything that is still not UTF-8 is
/// replaced.
Commit parseCommit(const ObjectId& id, std::string_view raw);

/// The message of a raw commit object as valid UTF-8.
std::string parseMessage(std::string_view raw);

}  // namespace runglass::git
