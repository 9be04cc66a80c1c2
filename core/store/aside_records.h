// SPDX-License-Identifier: GPL-3.0-or-later
//
// A record of a log below `.runglass/aside` is its length, its CRC-32C and its bytes. A last one that was cut
// off counts for nothing, since nobody was told that it is there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

#include "runglass/base/result.h"

namespace runglass::store {

/// Minutes of a busy script, and no more than an endpoint can keep in memory to tell it.
inline constexpr std::uint64_t kLargestAside = 64U << 20U;

/// Of the log of the catalog; those of endpoints end in `.log`.
inline constexpr const char* kCatalogLogName = "catalog";

std::filesystem::path asideFolder(const std::filesystem::path& project);

std::uint64_t sizeOfFile(int file);

/// The whole records from `offset` on; gives where they end.
Result<std::uint64_t> readRecords(int file, std::uint64_t offset,
                                  const std::function<Result<void>(std::string_view record)>& take);

/// Where it ends; nothing when it could not be written or goes beyond kLargestAside. What came of it is
/// overwritten by the next then.
std::optional<std::uint64_t> writeRecord(int file, std::uint64_t offset, std::string_view record);

}  // namespace runglass::store
