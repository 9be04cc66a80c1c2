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

/// Whether this is the name of an AppleDouble companion (`._metrics.csv`).
bool isAppleDouble(std::string_view fileName);

}  // namespace runglass::sources
