// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string_view>

#include "runglass/base/result.h"
#include "runglass/store/layout.h"

namespace runglass::store {

struct StoredFile {
    std::string sha256;
    std::int64_t size = 0;
};

/// Copies a regular file to `artifacts/ab/cdef…`, named by its SHA-256: temporary name, fsync, rename, fsync
/// of the folder. What is there already is not written again.
Result<StoredFile> storeArtifact(const Layout& layout, const std::filesystem::path& file);

}  // namespace runglass::store
