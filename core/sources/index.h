// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runglass/base/bytes.h"
#include "runglass/sources/reader.h"

namespace runglass::sources {

/// What a reading of one origin brought, as it is kept between two openings of a project. Good for as long as
/// all stamps hold.
struct IndexedOrigin {
    std::string format;
    std::filesystem::path path;
    std::vector<FileStamp> stamps;
    std::vector<SharedPart> parts;
};

/// Of the format; an index of another one is worth nothing.
inline constexpr std::uint64_t kIndexVersion = 8;

/// The cached index `.runglass/cache/sources.idx`: a magic word and a version, XXH3-64 over the rest, a table
/// of all texts, and the origins, which refer to it. Everything in it can be read again from the origins, so
/// whatever does not fit (another version, a wrong checksum, a count that cannot be) is worth nothing.
Bytes encodeIndex(const std::vector<IndexedOrigin>& origins);
/// Empty when `bytes` are not what encodeIndex() of this version wrote.
std::vector<IndexedOrigin> decodeIndex(ByteView bytes);

std::filesystem::path indexFile(const std::filesystem::path& project);
std::vector<IndexedOrigin> loadIndex(const std::filesystem::path& project);
/// Writes nothing where there is no `.runglass` yet or where it cannot be written.
void saveIndex(const std::filesystem::path& project, const std::vector<IndexedOrigin>& origins);

}  // namespace runglass::sources
