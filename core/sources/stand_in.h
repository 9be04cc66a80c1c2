// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace runglass::sources {

/// Files that have the name of a run's file without being one: a Git LFS pointer, the AppleDouble companion
/// that macOS leaves on foreign volumes, an empty file. Says which, in a sentence for people. `head` is the
/// beginning of the content.
std::optional<std::string> standInFor(const std::filesystem::path& path, std::string_view head);

/// Whether `head` is the beginning of what Git LFS leaves in the place of a file that it has not fetched.
bool isLfsPointer(std::string_view head);
std::string lfsPointerReason();

/// Whether this is the name of an AppleDouble companion (`._metrics.csv`).
bool isAppleDouble(std::string_view fileName);

/// Names that file managers, editors and git leave in any folder, and that no tool means as data.
bool isBystander(std::string_view fileName);

}  // namespace runglass::sources
