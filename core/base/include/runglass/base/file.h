// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "runglass/base/result.h"

namespace runglass {

/// The whole file, or TooLarge when it has more than `limit` bytes. Only regular files (a FIFO or device
/// would block).
Result<std::string> readFile(const std::filesystem::path& path, std::uint64_t limit);

/// Writes a temporary file beside `path`, fsyncs and renames it, so that a reader sees the old or the new
/// content, never a part. An existing file keeps its place on failure.
Result<void> writeFileAtomically(const std::filesystem::path& path, std::string_view content);

/// The Error for the errno of a failed call on `path`: the code, and a sentence with the path and the reason.
Error errorFromErrno(int errorNumber, std::string_view whatFailed, const std::filesystem::path& path);

/// Lowercase hex SHA-256 of a file's content, read in pieces.
Result<std::string> sha256OfFile(const std::filesystem::path& path);
std::string sha256Of(std::string_view content);

}  // namespace runglass
