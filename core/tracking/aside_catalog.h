// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <type_traits>

#include "runglass/store/catalog_change.h"
#include "runglass/store/catalog_copy.h"
#include "runglass/store/catalog_log.h"

namespace runglass::tracking {

/// Experiments, logged models, the registry and files of no run as they will be once everything that lies
/// aside of them, from whichever endpoint, is in the run database. Each user has it for itself as long as it
/// holds its lock.
class AsideCatalog {
public:
    explicit AsideCatalog(std::filesystem::path project)
        : m_project(std::move(project))
        , m_log(m_project) {}

    /// Whether nothing lies aside: the run database has it all. Needs no lock.
    [[nodiscard]] bool empty() const { return m_log.empty(); }

    using Lock = std::unique_lock<std::recursive_mutex>;
    [[nodiscard]] Lock lock() { return Lock(m_mutex); }

    /// For the holder of the lock. Brought up to date when the run database or the log has been changed
    /// meanwhile; as it was when that cannot be read now. Busy when it never could.
    [[nodiscard]] Result<store::Database*> database();

    /// For the holder of the lock: while `body` runs, no other endpoint of the project changes it, and
    /// database() is up to date. Busy when either cannot be had.
    template <typename Body>
    std::invoke_result_t<Body> deciding(Body&& body) {
        const Decision decision(*this);
        RUNGLASS_TRY(begin());
        return body();
    }
    /// Adds to the log, or says why not. What it is given is to be called at most once, and says whether it
    /// did.
    using Keep = std::function<Result<void>(const std::function<bool()>& append)>;
    /// While deciding: makes the changes and keeps them, both or neither. The errors of CatalogWriter::write.
    [[nodiscard]] Result<void> add(store::CatalogChanges& changes, const Keep& keep);

    /// Gives back the memory. Takes the lock.
    void release();

private:
    /// Ends the turn, however the body ends.
    class Decision {
    public:
        explicit Decision(AsideCatalog& catalog)
            : m_catalog(&catalog) {}
        Decision(const Decision&) = delete;
        Decision& operator=(const Decision&) = delete;
        ~Decision() { m_catalog->m_turn.reset(); }

    private:
        AsideCatalog* m_catalog;
    };

    Result<void> begin();
    Result<void> bringUpToDate(store::CatalogLog::Turn& turn);
    Result<void> readOn(store::CatalogLog::Turn& turn);
    void forget();

    std::filesystem::path m_project;
    std::recursive_mutex m_mutex;  // who changes it reads in it, too
    store::CatalogLog m_log;
    std::optional<store::CatalogLog::Turn> m_turn;
    std::optional<store::CatalogCopy> m_copy;
    std::optional<store::CatalogWriter> m_writer;  ///< of the copy
};

}  // namespace runglass::tracking
