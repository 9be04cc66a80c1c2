// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "runglass/base/file_descriptor.h"
#include "runglass/base/result.h"

namespace runglass::sources {

/// Files of a folder that are artifacts of a run, each named `prefix` + its path in the folder.
struct ArtifactFolder {
    std::filesystem::path folder;  ///< absolute
    std::string prefix;            ///< empty, or with a slash at its end
};

/// An artifact that is a file, open for reading. A regular file: links are not followed, neither to it nor on
/// the way to it from the run's folder.
struct ArtifactFile {
    FileDescriptor descriptor;
    std::filesystem::path path;  ///< absolute
    std::uint64_t size = 0;      ///< when it was opened
};

/// The artifact of that name below `folder`. NotFound when there is none, or the name leads out of it.
Result<ArtifactFile> openArtifactIn(const ArtifactFolder& folder, std::string_view name);

/// Calls `use` with the content from front to back, until `use` fails or `stop` asks for the end (Cancelled).
Result<void> forEachPiece(const ArtifactFile& file, const std::function<Result<void>(std::string_view)>& use,
                          const std::stop_token& stop);

/// All of the file, read in pieces. TooLarge when it has more than `limit` bytes; Cancelled on request.
Result<std::string> readArtifact(const ArtifactFile& file, std::uint64_t limit, const std::stop_token& stop);

}  // namespace runglass::sources
