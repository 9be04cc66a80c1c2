// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>

#include "runglass/base/result.h"
#include "runglass/store/database.h"

namespace runglass::store {

/// What a run database says of experiments, logged models, the registry and files that belong to no run, in
/// memory. Changes of them that lie aside (CatalogWriter) are made in it by the same code as in the database,
/// so that they are judged and read as if they were there. It has no runs. Not thread-safe; one thread at a
/// time.
class CatalogCopy {
public:
    /// Busy when it cannot be read now.
    static Result<CatalogCopy> of(const std::filesystem::path& project);

    /// Changes of it belong into one transaction with Durability::Points: contents of artifacts, which it
    /// shares with the run database, stay then.
    [[nodiscard]] Database& database() { return m_copy; }
    /// Whether the run database has been changed by anybody since.
    [[nodiscard]] Result<bool> isOutdated();

private:
    CatalogCopy(Database source, Database copy, std::int64_t version)
        : m_source(std::move(source))
        , m_copy(std::move(copy))
        , m_version(version) {}

    Database m_source;
    Database m_copy;
    std::int64_t m_version;  ///< of the source, as this connection counts it
};

}  // namespace runglass::store
