// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "runglass/launch/console_log.h"

/// The console of a run on disk.
///
/// `console.log` holds what the run printed, stdout and stderr in order of arrival, byte for byte, and
/// `console.idx` one record of 24 bytes for each piece of it. A run that prints more than kHeadBytes goes on
/// in `console.1.log` + `console.1.idx`, `console.2.log` …; of these only the last kTailSegments are kept, so
/// that the beginning and the end of gigabytes remain. One that the terminal of `runglass run` has yet to
/// show stays until then, and the command waits (follow_mark.h). All files only ever grow.
///
/// A record (little endian) is: u64 offset of the piece within all that was printed; i64 time of arrival, ms
/// since 1970; u32 length in bytes; u8 stream (1 out, 2 err); 3 zero bytes. Pieces lie in the log file one
/// after the other. Where an offset is larger than the end of the piece before, the bytes between were
/// dropped. A piece is in the log before its record is in the index.
namespace runglass::launch::console {

inline constexpr std::uint64_t kHeadBytes = 64U << 20U;
inline constexpr std::uint64_t kSegmentBytes = 16U << 20U;
inline constexpr std::uint64_t kTailSegments = 4;

struct IndexRecord {
    std::uint64_t offset = 0;
    std::int64_t timeMs = 0;
    std::uint32_t length = 0;
    std::uint8_t stream = 0;
    std::uint8_t zero[3] = {};
};
static_assert(sizeof(IndexRecord) == 24);

/// `extension` is `log` or `idx`.
std::filesystem::path segmentFile(const std::filesystem::path& folder, std::uint64_t segment,
                                  const char* extension);
/// The numbers of the segments that exist, ascending.
std::vector<std::uint64_t> segments(const std::filesystem::path& folder);

}  // namespace runglass::launch::console
