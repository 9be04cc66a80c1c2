// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "index.h"
#include "join.h"
#include "launched_runs.h"
#include "loader.h"
#include "runglass/sources/catalogue.h"
#include "watcher.h"

namespace runglass::sources {

class Catalogue::Impl {
public:
    explicit Impl(CatalogueOptions options);

    SharedForeignRuns load(const Publish& publish, std::stop_token stop, jobs::Progress* progress);
    SharedForeignRuns refresh(std::stop_token stop);

    [[nodiscard]] SharedForeignRuns published() const;
    [[nodiscard]] std::vector<FileStamp> filesOf(const RunId& launched) const;
    [[nodiscard]] SharedJoinedRun find(const RunId& id) const;
    /// Absolute, without links; known after the first load.
    [[nodiscard]] std::filesystem::path project() const;

private:
    using OriginKey = std::pair<const Format*, std::string>;
    struct OriginEntry {
        SharedOrigin origin;
        Reading reading;
        std::int64_t changedMs = 0;
        std::optional<RunId> owner;  ///< the launched run that wrote all of its files
        bool ownerEnded = false;
        std::int64_t bornNs = 0;  ///< when the first of them was made
        FileGroups groups;        ///< or the files of several, by their ids
        bool underWay = false;    ///< is being read
        bool known = false;       ///< has been read, or came out of the cached index
    };

    /// One load() or refresh(): what it has seen, and what it waits for.
    struct Pass;

    void findRoots();
    /// Has everything looked at that has changed, as far as it is announced; false where all must be.
    bool lookWhereAnnounced(Pass& pass);
    void lookEverywhere(Pass& pass);
    void lookAtOrigin(Pass& pass, OriginEntry& entry);
    static void startReading(Pass& pass, OriginEntry& entry);
    void watchAll();
    void openIndex();
    void keepIndex();
    /// `seen` is the folder in which the origin was just found, which need not be looked at again.
    [[nodiscard]] bool takeFromIndex(OriginEntry& entry, const FileStamp& seen);
    void takeFolder(Pass& pass, FolderLook look);
    void lookAtHeld(Pass& pass);
    void keepHeld(FolderLook& look) const;
    void takeOrigin(Pass& pass, Loader::Read read);
    void meetOrigin(Pass& pass, const FoundOrigin& found, const FileStamp& seen);
    void dropBelow(Pass& pass, const std::string& folder);
    void dropOrigins(Pass& pass, const FolderLook& look);
    void dropUnseen(Pass& pass);
    void run(Pass& pass, const Publish& publish, jobs::Progress* progress);
    SharedForeignRuns publish(bool complete);
    [[nodiscard]] std::unordered_set<std::string_view> mappedTables() const;
    [[nodiscard]] static bool isMapped(const OriginEntry& entry, const Part& part,
                                       const std::unordered_set<std::string_view>& mapped);
    /// Finds out which launched runs the origin's files are of. True when it has to be read again for that.
    bool assignOwner(OriginEntry& entry);
    void assignOwners(Pass& pass);
    [[nodiscard]] std::optional<RunId> ownerOf(const OriginEntry& entry, const Part& part) const;
    [[nodiscard]] std::vector<Damage> problems() const;
    [[nodiscard]] bool isAnyHeld() const;

    CatalogueOptions m_options;
    std::vector<std::filesystem::path> m_roots;  // absolute, without links; the project first
    std::map<std::string, FolderLook> m_folders;
    std::map<OriginKey, OriginEntry> m_origins;
    std::map<std::pair<std::string, std::string>, IndexedOrigin> m_index;  // of the last opening; by format
    bool m_indexIsStale = false;  // something was read that the index on the disk does not have
    LaunchedRuns m_launched;
    std::vector<SharedJoinedRun> m_joined;
    std::optional<Watcher> m_watcher;                                // from the first refresh() on
    std::unordered_multimap<std::string, OriginKey> m_originsBelow;  // by the folders of their stamps
    std::int64_t m_sweepAtMs = 0;  // when everything is looked at again, whatever is announced
    bool m_watchesStale = true;    // there are folders that nobody watches yet
    std::int64_t m_quietAtMs = 0;  // when the next run that seems to go on will seem to have ended

    mutable std::mutex m_mutex;
    std::filesystem::path m_project;                    // guarded by m_mutex
    SharedForeignRuns m_published;                      // guarded by m_mutex
    std::unordered_map<RunId, SharedJoinedRun> m_byId;  // guarded by m_mutex
};

}  // namespace runglass::sources
