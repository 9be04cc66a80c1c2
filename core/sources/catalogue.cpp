// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/sources/catalogue.h"

#include <algorithm>
#include <thread>

#include "catalogue_impl.h"
#include "catalogue_pass.h"
#include "merge_detail.h"
#include "paths.h"
#include "registered.h"
#include "runglass/base/clock.h"
#include "runglass/base/translate.h"

namespace runglass::sources {
namespace {

namespace fs = std::filesystem;

/// Between two publications while loading; the first one comes sooner.
constexpr std::int64_t kFirstMs = 60;
constexpr std::int64_t kBetweenMs = 200;
constexpr std::int64_t kTakeMs = 4;
constexpr std::int64_t kRacyMs = 2000;  ///< the coarsest clock of a file system (FAT)

fs::path withoutLinks(const fs::path& folder, const fs::path& base) {
    std::error_code failure;
    const fs::path absolute = folder.is_absolute() ? folder : base / folder;
    auto canonical = fs::canonical(absolute, failure);
    return failure ? absolute.lexically_normal() : std::move(canonical);
}

std::size_t threadsFor(const CatalogueOptions& options) {
    return options.threads > 0 ? options.threads
                               : std::clamp<std::size_t>(std::thread::hardware_concurrency(), 2, 8);
}

std::int64_t lastChangeMs(const std::vector<FileStamp>& stamps) {
    std::int64_t last = 0;
    for (const FileStamp& stamp : stamps) {
        last = std::max(last, stamp.modifiedNs / 1'000'000);
    }
    return last;
}

/// Pages of a database change in place while it only grows.
bool isDatabase(const fs::path& file) {
    const auto extension = file.extension();
    return extension == ".db" || extension == ".sqlite" || extension == ".sqlite3" || extension == ".mdb";
}

/// Whether one of the files is another one now, shorter, or changed in place: whoever appends makes it
/// longer. YAML files, which tools replace at every change of a status, hold no points; other files that only
/// describe runs cost their curves one more reading.
bool hasReplaced(const std::vector<FileStamp>& before, const std::vector<FileStamp>& now) {
    std::unordered_map<std::string_view, const FileStamp*> known;
    known.reserve(before.size());
    for (const FileStamp& stamp : before) {
        known.emplace(stamp.path.native(), &stamp);
    }
    return std::ranges::any_of(now, [&](const FileStamp& stamp) {
        const auto place = known.find(stamp.path.native());
        const auto extension = stamp.path.extension();
        if (place == known.end() || !place->second->exists || extension == ".yaml" || extension == ".yml") {
            return false;
        }
        const FileStamp& old = *place->second;
        const bool inPlace =
            stamp.size == old.size && stamp.modifiedNs != old.modifiedNs && !isDatabase(stamp.path);
        return old.device != stamp.device || old.inode != stamp.inode || stamp.size < old.size || inPlace;
    });
}

}  // namespace

Catalogue::Impl::Impl(CatalogueOptions options)
    : m_options(std::move(options))
    , m_published(std::make_shared<const ForeignRuns>()) {}

void Catalogue::Impl::findRoots() {
    std::error_code failure;
    const auto project = withoutLinks(m_options.project, fs::current_path(failure));
    auto folders = furtherFolders(project);
    folders.insert(folders.end(), m_options.folders.begin(), m_options.folders.end());
    m_roots.assign(1, project);
    for (const auto& folder : folders) {
        auto root = withoutLinks(folder, project);
        if (std::ranges::find(m_roots, root) == m_roots.end()) {
            m_roots.push_back(std::move(root));
        }
    }
    const std::lock_guard lock(m_mutex);
    m_project = project;
}

SharedForeignRuns Catalogue::Impl::load(const Publish& publish, std::stop_token stop,
                                        jobs::Progress* progress) {
    findRoots();
    Pass pass{{m_options.formats, m_roots, threadsFor(m_options), stop}, true, false, {}};
    for (const auto& root : m_roots) {
        pass.loader.walk(root, true);  // the folders are looked at while the index is read
    }
    openIndex();
    m_launched.refresh(m_roots.front());
    assignOwners(pass);
    run(pass, publish, progress);
    if (!stop.stop_requested()) {
        dropUnseen(pass);
    }
    auto all = this->publish(!stop.stop_requested());
    if (publish) {
        publish(all);
    }
    if (!stop.stop_requested()) {
        keepIndex();
    }
    return all;
}

SharedForeignRuns Catalogue::Impl::refresh(std::stop_token stop) {
    if (m_watchesStale) {
        watchAll();
    }
    Pass pass{{m_options.formats, m_roots, threadsFor(m_options), stop}, false, false, {}};
    if (!lookWhereAnnounced(pass)) {
        lookEverywhere(pass);
    }
    lookAtHeld(pass);
    if (!m_roots.empty() && m_launched.refresh(m_roots.front())) {
        assignOwners(pass);
    }
    run(pass, {}, nullptr);
    const bool quiet = m_quietAtMs > 0 && nowMs() >= m_quietAtMs;
    const bool newGap = published()->polling == m_watcher->gap().empty();
    return pass.changed || quiet || newGap ? publish(true) : published();
}

void Catalogue::Impl::run(Pass& pass, const Publish& publish, jobs::Progress* progress) {
    auto lastMs = monotonicMs();
    auto waitMs = kFirstMs;
    for (auto results = pass.loader.take(kTakeMs); !results.empty(); results = pass.loader.take(kTakeMs)) {
        for (auto& look : results.folders) {
            takeFolder(pass, std::move(look));
        }
        for (auto& read : results.origins) {
            takeOrigin(pass, std::move(read));
        }
        if (progress != nullptr) {
            progress->set(pass.loader.done(), pass.loader.total());
        }
        if (publish && pass.changed && monotonicMs() - lastMs >= waitMs) {
            const auto fromMs = monotonicMs();
            publish(this->publish(false));
            lastMs = monotonicMs();
            waitMs = std::max(kBetweenMs, 5 * (lastMs - fromMs));  // publishing must not be what takes long
        }
    }
    for (auto& [key, entry] : m_origins) {
        entry.underWay = false;  // a reading that was stopped brings nothing
    }
}

void Catalogue::Impl::takeFolder(Pass& pass, FolderLook look) {
    const std::string path = look.stamp.path.native();
    pass.seen.insert(path);
    const auto known = m_folders.find(path);
    if (!pass.deep) {
        if (!look.stamp.exists) {
            dropBelow(pass, path);
            return;
        }
        for (const auto& below : look.enter) {
            if (!m_folders.contains(below.native())) {
                pass.loader.walk(below, true);
            }
        }
        if (known != m_folders.end()) {
            for (const auto& below : known->second.enter) {
                if (std::ranges::find(look.enter, below) == look.enter.end()) {
                    dropBelow(pass, below.native());
                }
            }
        }
    }
    keepHeld(look);
    dropOrigins(pass, look);
    for (const auto& found : look.origins) {
        meetOrigin(pass, found, look.stamp);
    }
    const bool newProblems =
        known == m_folders.end() ? !look.problems.empty() : known->second.problems != look.problems;
    pass.changed = pass.changed || newProblems;
    m_watchesStale = m_watchesStale || known == m_folders.end();
    m_folders.insert_or_assign(path, std::move(look));
}

/// A database that another program holds stays what it was, or what the index says that it is.
void Catalogue::Impl::keepHeld(FolderLook& look) const {
    for (const auto& file : look.held) {
        for (const auto& format : m_options.formats) {
            const bool known = m_origins.contains({format.get(), file.native()}) ||
                               m_index.contains({std::string(format->name()), file.native()});
            const bool found = std::ranges::any_of(look.origins, [&](const FoundOrigin& one) {
                return one.format == format.get() && one.path == file;
            });
            if (known && !found) {
                look.origins.push_back({format.get(), file});
            }
        }
    }
}

void Catalogue::Impl::meetOrigin(Pass& pass, const FoundOrigin& found, const FileStamp& seen) {
    const auto [place, isNew] = m_origins.try_emplace({found.format, found.path.native()});
    OriginEntry& entry = place->second;
    if (isNew) {
        entry.origin = std::make_shared<Origin>(found.format, found.path);
        if (takeFromIndex(entry, seen)) {
            pass.changed = true;
            if (assignOwner(entry)) {
                startReading(pass, entry);
            }
            return;
        }
    } else if (entry.known && isAsStamped(entry.reading.stamps, seen)) {
        return;
    }
    startReading(pass, entry);
}

void Catalogue::Impl::takeOrigin(Pass& pass, Loader::Read read) {
    const auto place = m_origins.find({&read.origin->format(), read.origin->path().native()});
    if (place == m_origins.end() || place->second.origin != read.origin) {
        return;  // gone in the meantime
    }
    OriginEntry& entry = place->second;
    entry.underWay = false;
    const bool wasKnown = std::exchange(entry.known, true);
    const bool gone = read.reading.error && read.reading.error->code == ErrorCode::NotFound;
    if (read.reading.error && !gone) {
        read.reading.parts = std::move(entry.reading.parts);
    }
    pass.changed = pass.changed || !wasKnown || entry.reading.parts != read.reading.parts ||
                   entry.reading.error != read.reading.error;
    if (hasReplaced(entry.reading.stamps, read.reading.stamps)) {
        entry.origin->renew();
    }
    m_indexIsStale = true;
    m_watchesStale = m_watchesStale || entry.reading.stamps.size() != read.reading.stamps.size();
    entry.reading = std::move(read.reading);
    entry.changedMs = lastChangeMs(entry.reading.stamps);
    if (assignOwner(entry)) {
        startReading(pass, entry);
    }
}

void Catalogue::Impl::openIndex() {
    m_index.clear();
    if (m_options.cache && m_origins.empty()) {
        for (auto& origin : loadIndex(m_roots.front())) {
            m_index.emplace(std::pair(origin.format, origin.path.native()), std::move(origin));
        }
    }
}

bool Catalogue::Impl::takeFromIndex(OriginEntry& entry, const FileStamp& seen) {
    const auto indexed =
        m_index.find({std::string(entry.origin->format().name()), entry.origin->path().native()});
    if (indexed == m_index.end() || indexed->second.stamps.empty() ||
        !isAsStamped(indexed->second.stamps, seen)) {
        return false;
    }
    entry.reading.stamps = std::move(indexed->second.stamps);
    entry.reading.parts = std::move(indexed->second.parts);
    entry.changedMs = lastChangeMs(entry.reading.stamps);
    entry.known = true;
    return true;
}

/// Leaves out what has changed a moment ago: it could change again within the same tick of the clock.
void Catalogue::Impl::keepIndex() {
    m_index.clear();
    if (!m_options.cache || !std::exchange(m_indexIsStale, false)) {
        return;
    }
    std::vector<IndexedOrigin> origins;
    for (const auto& [key, entry] : m_origins) {
        // What is shared by launched runs is told apart anew at each opening.
        if (!entry.reading.error && entry.groups.empty() && nowMs() - entry.changedMs > kRacyMs) {
            origins.push_back({std::string(key.first->name()), entry.origin->path(), entry.reading.stamps,
                               entry.reading.parts});
        }
    }
    saveIndex(m_roots.front(), origins);
}

/// Origins that were found in the folder of `look` before and are not any more.
void Catalogue::Impl::dropOrigins(Pass& pass, const FolderLook& look) {
    const auto known = m_folders.find(look.stamp.path.native());
    if (known == m_folders.end()) {
        return;
    }
    for (const FoundOrigin& before : known->second.origins) {
        const bool stays = std::ranges::any_of(look.origins, [&](const FoundOrigin& found) {
            return found.format == before.format && found.path == before.path;
        });
        if (!stays) {
            pass.changed = m_origins.erase({before.format, before.path.native()}) > 0 || pass.changed;
        }
    }
}

void Catalogue::Impl::dropBelow(Pass& pass, const std::string& folder) {
    std::erase_if(m_folders, [&](const auto& one) {
        if (!liesIn(one.first, folder)) {
            return false;
        }
        for (const FoundOrigin& found : one.second.origins) {
            m_origins.erase({found.format, found.path.native()});
        }
        pass.changed = true;
        return true;
    });
}

void Catalogue::Impl::dropUnseen(Pass& pass) {
    std::vector<std::string> gone;
    for (const auto& [path, look] : m_folders) {
        if (!pass.seen.contains(path)) {
            gone.push_back(path);
        }
    }
    for (const auto& path : gone) {
        dropBelow(pass, path);
    }
}

std::vector<Damage> Catalogue::Impl::problems() const {
    std::vector<Damage> all;
    if (m_watcher && !m_watcher->gap().empty()) {
        all.push_back(
            {m_roots.front(), 0, 1, tr("Changes are looked for every few seconds. {}", m_watcher->gap())});
    }
    for (const auto& [path, look] : m_folders) {
        all.insert(all.end(), look.problems.begin(), look.problems.end());
    }
    for (const auto& [key, entry] : m_origins) {
        const auto& error = entry.reading.error;
        // What is held has been said of the file.
        const auto isOfFile = [&file = key.second](const Damage& one) { return one.file == file; };
        const bool said =
            error && error->code == ErrorCode::Busy && std::any_of(all.begin(), all.end(), isOfFile);
        if (error && error->code != ErrorCode::Cancelled && !said) {
            all.push_back({entry.origin->path(), 0, 1, error->message});
        }
    }
    return all;
}

bool Catalogue::Impl::isAnyHeld() const {
    return std::ranges::any_of(m_folders, [](const auto& known) { return !known.second.held.empty(); }) ||
           std::ranges::any_of(m_origins, [](const auto& known) {
               const auto& error = known.second.reading.error;
               return error && error->code == ErrorCode::Busy;
           });
}

/// Files that a person has said how to read: no other format reads them as well.
std::unordered_set<std::string_view> Catalogue::Impl::mappedTables() const {
    std::unordered_set<std::string_view> mapped;
    for (const auto& [key, entry] : m_origins) {
        if (key.first->name() == kMappedTable && !entry.reading.parts.empty()) {
            for (const FileStamp& stamp : entry.reading.stamps) {
                mapped.insert(stamp.path.native());
            }
        }
    }
    return mapped;
}

bool Catalogue::Impl::isMapped(const OriginEntry& entry, const Part& part,
                               const std::unordered_set<std::string_view>& mapped) {
    return entry.origin->format().name() != kMappedTable && part.rank <= Rank::Framework &&
           std::ranges::any_of(entry.reading.stamps,
                               [&](const FileStamp& stamp) { return mapped.contains(stamp.path.native()); });
}

SharedForeignRuns Catalogue::Impl::publish(bool complete) {
    std::vector<Member> members;
    std::unordered_map<const Origin*, std::int64_t> changedMs;
    const auto now = nowMs();
    m_quietAtMs = 0;
    const auto mapped = mappedTables();
    for (const auto& [key, entry] : m_origins) {
        for (const SharedPart& part : entry.reading.parts) {
            if (!mapped.empty() && isMapped(entry, *part, mapped)) {
                continue;
            }
            Member member{entry.origin, part, ownerOf(entry, *part)};
            member.over = member.owner && m_launched.hasEnded(*member.owner);
            member.bornNs = entry.owner ? entry.bornNs : member.bornNs;
            members.push_back(std::move(member));
        }
        changedMs.emplace(entry.origin.get(), entry.changedMs);
        const auto quiet = entry.changedMs + kQuietMs;
        if (quiet > now && (m_quietAtMs == 0 || quiet < m_quietAtMs)) {
            m_quietAtMs = quiet;
        }
    }
    const JoinContext context{project(), now, [&](const Origin& origin) { return changedMs[&origin]; }};
    m_joined = join(std::move(members), context, m_joined);
    auto all = std::make_shared<ForeignRuns>();
    std::unordered_map<RunId, SharedJoinedRun> byId;
    byId.reserve(m_joined.size());
    for (const SharedJoinedRun& run : m_joined) {
        (run->attached ? all->attached : all->runs).push_back(run->record);
        byId.emplace(run->record->id, run);
    }
    all->problems = problems();
    all->complete = complete;
    all->held = isAnyHeld();
    all->polling = m_watcher && !m_watcher->gap().empty();
    const std::lock_guard lock(m_mutex);
    m_byId = std::move(byId);
    m_published = all;
    return all;
}

SharedForeignRuns Catalogue::Impl::published() const {
    const std::lock_guard lock(m_mutex);
    return m_published;
}

fs::path Catalogue::Impl::project() const {
    const std::lock_guard lock(m_mutex);
    return m_project;
}

SharedJoinedRun Catalogue::Impl::find(const RunId& id) const {
    const std::lock_guard lock(m_mutex);
    const auto found = m_byId.find(id);
    return found == m_byId.end() ? nullptr : found->second;
}

Catalogue::Catalogue(CatalogueOptions options)
    : m_impl(std::make_unique<Impl>(std::move(options))) {}

Catalogue::~Catalogue() = default;

SharedForeignRuns Catalogue::load(const Publish& publish, std::stop_token stop, jobs::Progress* progress) {
    return m_impl->load(publish, std::move(stop), progress);
}

SharedForeignRuns Catalogue::refresh(std::stop_token stop) {
    return m_impl->refresh(std::move(stop));
}

SharedForeignRuns Catalogue::runs() const {
    return m_impl->published();
}

}  // namespace runglass::sources
