// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <git2.h>

#include <string>

#include "runglass/base/result.h"
#include "runglass/git/values.h"

namespace runglass::git {

/// Starts libgit2 once for the process, with the settings that Runglass reads projects with. Thread-safe.
void ensureLibrary();

/// The Error of a libgit2 call that returned `code`; takes libgit2's own message, which the next call on this
/// thread overwrites, as detail. `message` is what people read.
Error gitError(int code, std::string message);

/// Success for code ≥ 0.
Result<void> check(int code, const char* message);

git_oid toOid(const ObjectId& id);
ObjectId fromOid(const git_oid& id);

}  // namespace runglass::git
