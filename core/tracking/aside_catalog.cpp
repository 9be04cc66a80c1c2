// SPDX-License-Identifier: GPL-3.0-or-later
#include "aside_catalog.h"

#include "runglass/store/run_writer.h"

namespace runglass::tracking {

Result<store::Database*> AsideCatalog::database() {
    if (m_copy) {
        const auto outdated = m_copy->isOutdated();
        if (!outdated.ok() || !*outdated) {
            return &m_copy->database();
        }
    }
    const auto refreshed = refresh();
    if (!m_copy) {
        return refreshed.error();
    }
    return &m_copy->database();
}

Result<void> AsideCatalog::refresh() {
    RUNGLASS_ASSIGN(auto copy, store::CatalogCopy::of(m_project));
    store::CatalogWriter writer(copy.database());
    const auto restored = store::RunWriter(copy.database()).transaction([&]() -> Result<void> {
        for (const auto& changes : m_changes) {
            RUNGLASS_TRY(writer.restore(changes));
        }
        return {};
    });
    RUNGLASS_TRY(restored);
    m_copy.emplace(std::move(copy));
    return {};
}

Result<void> AsideCatalog::add(store::CatalogChanges& changes, const std::function<Result<void>()>& keep) {
    RUNGLASS_ASSIGN(auto* const copy, database());
    store::CatalogWriter writer(*copy);
    auto added = store::RunWriter(*copy).transaction([&]() -> Result<void> {
        for (auto& change : changes) {
            RUNGLASS_TRY(writer.write(change));
        }
        return keep();
    });
    if (added.ok()) {
        m_changes.push_back(changes);
    }
    return added;
}

void AsideCatalog::addFound(const store::CatalogChanges& changes) {
    m_changes.push_back(changes);
    // What cannot be made in the copy now is, when it is brought up to date.
    if (m_copy && !store::CatalogWriter(m_copy->database()).restore(changes).ok()) {
        m_copy.reset();
    }
}

}  // namespace runglass::tracking
