// SPDX-License-Identifier: GPL-3.0-or-later
//
// A record of a log below `.runglass/aside` is its length, its CRC-32C and its bytes. A last one that was cut
// off counts for nothing, since nobody was told that it is there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"

namespace runglass::store {

/// Minutes of a busy script, and no more than an endpoint can keep in memory to tell it.
inline constexpr std::uint64_t kLargestAside = 64U << 20U;

/// Of the log of the catalog; those of endpoints end in `.log`.
inline constexpr const char* kCatalogLogName = "catalog";

std::filesystem::path asideFolder(const std::filesystem::path& project);

/// Those of endpoints, the oldest first.
std::vector<std::filesystem::path> logsIn(const std::filesystem::path& folder);

std::uint64_t sizeOfFile(int file);

/// Where the records begin that are not in the run database yet.
std::uint64_t beginOfRecords(int file);

/// Says in the file, for whoever reads it from now on, that all before `offset` is in the run database. Not
/// for the log of the catalog, which goes as a whole. What its endpoint adds meanwhile is none the worse.
void markTaken(int file, std::uint64_t offset);

/// The record at `offset`, when it is whole and ends by `end`; gives where it ends.
std::optional<std::uint64_t> readRecord(int file, std::uint64_t offset, std::uint64_t end,
                                        std::string& record);

/// The whole records from `offset` (0: from the first that is not taken) on; gives where they end.
Result<std::uint64_t> readRecords(int file, std::uint64_t offset,
                                  const std::function<Result<void>(std::string_view record)>& take);

/// Where it ends; nothing when it could not be written or goes beyond kLargestAside. What came of it is
/// overwritten by the next then.
std::optional<std::uint64_t> writeRecord(int file, std::uint64_t offset, std::string_view record);

}  // namespace runglass::store
