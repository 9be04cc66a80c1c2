// SPDX-License-Identifier: GPL-3.0-or-later
// How the catalogue finds out which of the files that it reads were written by launched runs.
#include <algorithm>
#include <limits>
#include <utility>

#include "catalogue_impl.h"
#include "catalogue_pass.h"

namespace runglass::sources {
namespace {

bool isFile(const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(path, ignored);
}

std::int64_t firstMadeNs(const std::vector<std::filesystem::path>& files) {
    auto first = std::numeric_limits<std::int64_t>::max();
    for (const auto& file : files) {
        first = std::min(first, birthOf(file).value_or(first));
    }
    return first;
}

}  // namespace

bool Catalogue::Impl::assignOwner(OriginEntry& entry) {
    std::map<RunId, std::vector<std::filesystem::path>> files;
    const auto& stamps = entry.reading.stamps;
    const bool mayBeOwned = !m_launched.empty() && std::ranges::any_of(stamps, [&](const FileStamp& stamp) {
        return stamp.exists && m_launched.mayOwn(stamp);
    });
    bool strangers = false;
    for (std::size_t i = 0; mayBeOwned && i < stamps.size(); ++i) {
        if (stamps[i].exists && isFile(stamps[i].path)) {
            const auto owner = m_launched.ownerOf(stamps[i]);
            strangers = strangers || !owner;
            if (owner) {
                files[*owner].push_back(stamps[i].path);
            }
        }
    }
    const bool ofOne = files.size() == 1 && !strangers;
    const auto before =
        std::exchange(entry.owner, ofOne ? std::optional(files.begin()->first) : std::nullopt);
    entry.ownerEnded = entry.owner && m_launched.hasEnded(*entry.owner);
    if (ofOne) {
        // The first checkpoint of a run is removed while it goes on: it was there first all the same.
        const auto since = before == entry.owner ? entry.bornNs : std::numeric_limits<std::int64_t>::max();
        entry.bornNs = std::min(since, firstMadeNs(files.begin()->second));
    }
    FileGroups groups;
    if (!ofOne) {
        for (auto& [owner, paths] : files) {
            groups.emplace(owner.hex(), std::move(paths));
        }
    }
    if (groups == entry.groups || !entry.origin->separate(groups)) {
        return false;
    }
    entry.groups = std::move(groups);
    return true;
}

void Catalogue::Impl::assignOwners(Pass& pass) {
    for (auto& [key, entry] : m_origins) {
        const auto before = std::pair(entry.owner, entry.ownerEnded);
        if (entry.known && assignOwner(entry)) {
            startReading(pass, entry);
        }
        pass.changed = pass.changed || std::pair(entry.owner, entry.ownerEnded) != before;
    }
}

/// What began before the run did was copied to where it lies, whatever the times of the files say.
std::optional<RunId> Catalogue::Impl::ownerOf(const OriginEntry& entry, const Part& part) const {
    constexpr std::int64_t kRoundedMs = 1000;  // tools that keep whole seconds
    const auto owner = entry.groups.contains(part.key) ? RunId::fromHex(part.key) : entry.owner;
    const auto start = part.record.startTimeMs;
    return owner && start && *start < m_launched.startOf(*owner) - kRoundedMs ? std::nullopt : owner;
}

std::vector<FileStamp> Catalogue::Impl::filesOf(const RunId& launched) const {
    std::vector<FileStamp> files;
    for (const auto& [key, entry] : m_origins) {
        for (const FileStamp& stamp : entry.reading.stamps) {
            if (stamp.exists && isFile(stamp.path) && m_launched.ownerOf(stamp) == launched) {
                files.push_back(stamp);
            }
        }
    }
    return files;
}

}  // namespace runglass::sources
