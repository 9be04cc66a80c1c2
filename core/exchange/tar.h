// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "runglass/base/result.h"

namespace runglass::exchange {

/// A file to be put into a tar, with its name there.
struct TarEntry {
    std::string name;
    std::filesystem::path file;
};

/// Writes a tar (POSIX.1-1988 ustar; sizes beyond 8 GiB in GNU's base-256) of regular files: to a temporary
/// name, then renamed. The last entry, `SHA256SUMS`, has the digests of all others, as sha256sum(1) checks
/// them.
Result<void> writeTar(const std::filesystem::path& tar, const std::vector<TarEntry>& entries);

/// What readTar() has extracted.
struct TarContent {
    std::map<std::string, std::string, std::less<>> digests;  ///< SHA-256 by name
    bool checked = false;                                     ///< the tar told them, too, and they agree
};

/// Extracts a tar whose entries are all regular files. `placeOf` says where an entry of this name goes, or
/// refuses it with an error. Every bit is checked: header checksums, padding and the end, and digests where
/// the tar has them (writeTar() did not always write any). What has been extracted when that fails is not to
/// be used.
Result<TarContent> readTar(const std::filesystem::path& tar,
                           const std::function<Result<std::filesystem::path>(const std::string&)>& placeOf);

/// The name of the first entry; NotFound when it is no tar.
Result<std::string> firstNameInTar(const std::filesystem::path& tar);

}  // namespace runglass::exchange
