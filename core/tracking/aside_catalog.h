// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "runglass/store/catalog_change.h"
#include "runglass/store/catalog_copy.h"

namespace runglass::tracking {

/// Experiments, logged models, the registry and files of no run as they will be once everything that lies
/// aside of them is in the run database. Each user has it for itself as long as it holds its lock.
class AsideCatalog {
public:
    explicit AsideCatalog(std::filesystem::path project)
        : m_project(std::move(project)) {}

    using Lock = std::unique_lock<std::recursive_mutex>;
    [[nodiscard]] Lock lock() { return Lock(m_mutex); }

    /// For the holder of the lock. Brought up to date when the run database has been changed meanwhile; as it
    /// was when that cannot be read now. Busy when it never could.
    [[nodiscard]] Result<store::Database*> database();
    /// For the holder of the lock: makes the changes and then `keep`, both or neither. The errors of
    /// CatalogWriter::write.
    [[nodiscard]] Result<void> add(store::CatalogChanges& changes, const std::function<Result<void>()>& keep);
    /// For the holder of the lock: those that another endpoint has acknowledged.
    void addFound(const store::CatalogChanges& changes);

private:
    Result<void> refresh();

    std::filesystem::path m_project;
    std::recursive_mutex m_mutex;  // who changes it reads in it, too
    std::optional<store::CatalogCopy> m_copy;
    std::vector<store::CatalogChanges> m_changes;
};

}  // namespace runglass::tracking
