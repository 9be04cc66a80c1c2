// SPDX-License-Identifier: GPL-3.0-or-later
// How the catalogue learns of changes: from the kernel where it announces them, and by looking where it does
// not.
#include <algorithm>

#include "catalogue_impl.h"
#include "catalogue_pass.h"
#include "folder_handle.h"
#include "foreign_database.h"
#include "paths.h"
#include "runglass/base/clock.h"

namespace runglass::sources {
namespace {

/// However much is announced, everything is looked at now and then: a change between the reading of a file
/// and the watch on it is announced to nobody.
constexpr std::int64_t kSweepMs = 30'000;

}  // namespace

bool isAsStamped(const std::vector<FileStamp>& stamps, const FileStamp& seen) {
    return std::ranges::all_of(stamps, [&](const FileStamp& stamp) {
        // As text: comparing two paths takes both apart.
        return stamp.path.native() == seen.path.native() ? seen == stamp : isAsStamped(stamp);
    });
}

void Catalogue::Impl::startReading(Pass& pass, OriginEntry& entry) {
    if (!std::exchange(entry.underWay, true)) {
        pass.loader.read(entry.origin);
    }
}

void Catalogue::Impl::lookAtOrigin(Pass& pass, OriginEntry& entry) {
    if (!isAsStamped(entry.reading.stamps)) {
        startReading(pass, entry);
    }
}

void Catalogue::Impl::lookEverywhere(Pass& pass) {
    m_sweepAtMs = monotonicMs() + kSweepMs;
    for (const auto& [path, look] : m_folders) {
        if (FileStamp::of(path) != look.stamp) {
            pass.loader.walk(path, false);
        }
    }
    for (auto& [key, entry] : m_origins) {
        lookAtOrigin(pass, entry);
    }
}

/// Nobody announces that a program has let go of a database.
void Catalogue::Impl::lookAtHeld(Pass& pass) {
    for (const auto& [path, look] : m_folders) {
        const bool free = std::ranges::any_of(
            look.held, [](const std::filesystem::path& file) { return !ForeignDatabase::isHeld(file); });
        if (free) {
            pass.loader.walk(path, false);
        }
    }
    for (auto& [key, entry] : m_origins) {
        const bool held = entry.reading.error && entry.reading.error->code == ErrorCode::Busy;
        if (held && !ForeignDatabase::isHeld(entry.origin->path())) {
            startReading(pass, entry);
        }
    }
}

bool Catalogue::Impl::lookWhereAnnounced(Pass& pass) {
    const auto changes = m_watcher->take();
    if (changes.everything || !m_watcher->gap().empty() || monotonicMs() >= m_sweepAtMs) {
        return false;
    }
    std::vector<OriginKey> origins;
    for (const std::string& folder : changes.folders) {
        if (m_folders.contains(folder)) {
            // Also when no name has come or gone: what a file is may show in its first bytes only now.
            pass.loader.walk(folder, false);
        }
        const auto [from, to] = m_originsBelow.equal_range(folder);
        for (auto it = from; it != to; ++it) {
            origins.push_back(it->second);
        }
    }
    std::ranges::sort(origins);
    origins.erase(std::unique(origins.begin(), origins.end()), origins.end());
    for (const OriginKey& key : origins) {
        if (const auto found = m_origins.find(key); found != m_origins.end()) {
            lookAtOrigin(pass, found->second);
        }
    }
    return true;
}

void Catalogue::Impl::watchAll() {
    m_watchesStale = false;
    if (!m_watcher) {
        m_watcher.emplace(m_options.watches > 0 ? m_options.watches : Watcher::defaultLimit());
    }
    bool isNew = false;
    const auto watch = [&](const std::string& folder) { isNew = m_watcher->watch(folder) || isNew; };
    for (const auto& [path, look] : m_folders) {
        watch(path);
    }
    m_originsBelow.clear();
    for (const auto& [key, entry] : m_origins) {
        std::vector<std::string> folders;
        for (const FileStamp& stamp : entry.reading.stamps) {
            folders.emplace_back(above(stamp.path.native()));
            folders.push_back(stamp.path.native());  // a folder, perhaps, in which a first file may come
        }
        std::ranges::sort(folders);
        folders.erase(std::unique(folders.begin(), folders.end()), folders.end());
        for (const auto& folder : folders) {
            m_originsBelow.emplace(folder, key);
            watch(folder);
        }
    }
    if (isNew) {
        m_sweepAtMs = 0;
    }
}

}  // namespace runglass::sources
