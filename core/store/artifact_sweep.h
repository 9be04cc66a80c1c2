// SPDX-License-Identifier: GPL-3.0-or-later
//
// Contents of artifacts that nothing references any more. A content is removed only under the write lock of
// the database, after a look whether anything references it; who records a content looks under the same lock
// whether it is (still) there. So a content that one process removes while another adds it again is never
// missing. As long as an endpoint has acknowledged changes that are not in the database yet, everything
// stays.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/store/database.h"

namespace runglass::store {

/// 64 lowercase hex digits. What the database says may be anything; only a digest names a file of the store.
bool isDigest(std::string_view text);

/// Whether the store has a content. To be asked in the transaction that records it.
bool hasContent(const Database::Impl& database, std::string_view sha256);

Result<std::vector<std::string>> contentsOfRun(Database::Impl& database, std::int64_t run);

/// Removes the files of those contents that nothing references. The transaction that dropped the references
/// must be on the disk.
Result<void> removeUnreferenced(Database::Impl& database, const std::vector<std::string>& contents);

struct LeftoverFiles {
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
};
/// Files of the store that nothing references: of a process that died between storing and recording, or
/// between deleting a run and its files.
Result<LeftoverFiles> findLeftovers(Database::Impl& database);

}  // namespace runglass::store
