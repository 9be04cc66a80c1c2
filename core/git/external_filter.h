// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "repository_impl.h"

namespace runglass::git {

/// Whether `path` has a filter driver (`filter=lfs` …): a program that git would run to turn the file into
/// what it stores. Runglass never runs it and stores such a file as it is.
bool hasExternalFilter(git_repository* repository, const std::string& path);

/// Whether `pointer`, a stored object of Git LFS (its specification v1), stands for just the content of
/// `file`.
bool isLfsPointerTo(git_repository* repository, const git_oid& pointer, const std::filesystem::path& file);

}  // namespace runglass::git
