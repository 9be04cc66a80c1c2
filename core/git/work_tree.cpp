// SPDX-License-Identifier: GPL-3.0-or-later
#include "work_tree.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>

#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::git {

namespace {

/// `.runglass` may lie anywhere in the repository: a project can be one folder of it.
bool isOwnState(std::string_view path) {
    constexpr std::string_view kName = ".runglass";
    for (std::size_t start = 0; start <= path.size();) {
        const auto end = std::min(path.find('/', start), path.size());
        if (path.substr(start, end - start) == kName) {
            return true;
        }
        start = end + 1;
    }
    return false;
}

int stopOnRequest(const git_diff*, const char*, const char*, void* payload) {
    return static_cast<const std::stop_token*>(payload)->stop_requested() ? GIT_EUSER : 0;
}

class Scanner {
public:
    Scanner(const Repository& repository, bool renames, std::stop_token stop)
        : m_repository(repository.impl())
        , m_workTree(repository.workTree())
        , m_gitFolder(repository.gitFolder())
        , m_trustsModes(m_repository.configFlag("core.filemode", true))
        , m_renames(renames)
        , m_stop(std::move(stop)) {}

    Result<WorkTreeScan> run(const Head& head) {
        RUNGLASS_TRY(openIndex());
        skipUnreadable();
        RUNGLASS_TRY(staged(head));
        RUNGLASS_TRY(unstaged());
        unlistedSubmodules();
        for (auto& [path, change] : m_changes) {
            m_scan.changes.push_back(std::move(change));
        }
        return std::move(m_scan);
    }

private:
    Result<void> openIndex() {
        const std::string file = (m_gitFolder / "index").native();
        const int code = git_index_open(out(m_scan.index), file.c_str());
        if (code == 0) {
            return {};
        }
        auto error = gitError(code, tr("The git index {} cannot be read.", toValidUtf8(file)));
        if (error.code == ErrorCode::Unsupported) {  // a split or sparse index
            error.message =
                tr("The git index {} has a format that is not supported. Run git update-index "
                   "--no-split-index, or git sparse-checkout reapply --no-sparse-index.",
                   toValidUtf8(file));
        }
        return error;
    }

    git_diff_options options(std::uint32_t flags) {
        git_diff_options options = GIT_DIFF_OPTIONS_INIT;
        options.flags = flags | GIT_DIFF_INCLUDE_TYPECHANGE | GIT_DIFF_SKIP_BINARY_CHECK |
                        GIT_DIFF_DISABLE_PATHSPEC_MATCH;
        options.progress_cb = stopOnRequest;
        options.payload = &m_stop;
        return options;
    }

    Result<void> staged(const Head& head) {
        RUNGLASS_ASSIGN(const auto tree, m_repository.treeOf(head.commit.value_or(ObjectId())));
        DiffHandle diff;
        const auto wanted = options(0);
        RUNGLASS_TRY(check(
            git_diff_tree_to_index(out(diff), m_repository.get(), tree.get(), m_scan.index.get(), &wanted),
            "The index cannot be compared with the last commit."));
        if (m_renames) {
            RUNGLASS_TRY(check(git_diff_find_similar(diff.get(), nullptr),
                               "The index cannot be compared with the last commit."));
        }
        for (std::size_t i = 0; i < git_diff_num_deltas(diff.get()); ++i) {
            addStaged(*git_diff_get_delta(diff.get(), i));
        }
        return {};
    }

    void addStaged(const git_diff_delta& delta) {
        const std::string path = delta.new_file.path != nullptr ? delta.new_file.path : delta.old_file.path;
        if (isOwnState(path)) {
            return;
        }
        auto& change = m_changes[path];
        change.entry.path = path;
        change.entry.staged = true;
        change.mode = static_cast<std::uint16_t>(delta.new_file.mode);
        switch (delta.status) {
            case GIT_DELTA_ADDED:
                change.entry.kind = ChangeKind::Added;
                break;
            case GIT_DELTA_DELETED:
                change.entry.kind = ChangeKind::Deleted;
                change.mode = 0;
                break;
            case GIT_DELTA_RENAMED:
                change.entry.kind = ChangeKind::Renamed;
                change.entry.oldPath = delta.old_file.path;
                break;
            case GIT_DELTA_TYPECHANGE:
                change.entry.kind = ChangeKind::TypeChanged;
                break;
            case GIT_DELTA_CONFLICTED:
                change.entry.kind = ChangeKind::Conflicted;
                break;
            default:
                change.entry.kind = ChangeKind::Modified;
                break;
        }
        measure(change.entry);
    }

    Result<void> unstaged() {
        DiffHandle diff;
        const auto wanted = options(GIT_DIFF_INCLUDE_UNTRACKED | GIT_DIFF_RECURSE_UNTRACKED_DIRS |
                                    GIT_DIFF_INCLUDE_UNREADABLE);
        RUNGLASS_TRY(
            check(git_diff_index_to_workdir(out(diff), m_repository.get(), m_scan.index.get(), &wanted),
                  "The files of the project cannot be compared with the last commit."));
        for (std::size_t i = 0; i < git_diff_num_deltas(diff.get()); ++i) {
            addUnstaged(*git_diff_get_delta(diff.get(), i));
        }
        return {};
    }

    void addUnstaged(const git_diff_delta& delta) {
        const std::string path = delta.new_file.path != nullptr ? delta.new_file.path : delta.old_file.path;
        if (isOwnState(path) || (delta.status == GIT_DELTA_DELETED && outsideWorkTree(path))) {
            return;
        }
        if (delta.status == GIT_DELTA_UNREADABLE) {
            m_scan.leftOut.push_back({path, 0, tr("cannot be read")});
            return;
        }
        if (delta.status == GIT_DELTA_UNTRACKED && path.ends_with('/')) {
            m_scan.leftOut.push_back({path, 0, tr("is a git repository of its own")});
            return;
        }
        if (delta.status == GIT_DELTA_IGNORED) {
            return;
        }
        auto& change = m_changes[path];
        const bool inHead = !(change.entry.staged && change.entry.kind == ChangeKind::Added);
        change.entry.path = path;
        change.entry.unstaged = true;
        change.mode = static_cast<std::uint16_t>(delta.new_file.mode);
        if (delta.status == GIT_DELTA_UNTRACKED && change.mode == GIT_FILEMODE_BLOB_EXECUTABLE &&
            !m_trustsModes) {
            change.mode = GIT_FILEMODE_BLOB;
        }
        merge(change, delta, inHead);
        measure(change.entry);
    }

    /// libgit2 passes over submodules that .gitmodules does not name; git records them like the others.
    void unlistedSubmodules() {
        git_index* index = m_scan.index.get();
        for (std::size_t i = 0; i < git_index_entrycount(index); ++i) {
            const git_index_entry* entry = git_index_get_byindex(index, i);
            git_oid head;
            RepositoryHandle inner;
            if (entry->mode != GIT_FILEMODE_COMMIT || m_changes.contains(entry->path) ||
                git_repository_open_ext(out(inner), (m_workTree / entry->path).c_str(),
                                        GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr) < 0 ||
                git_reference_name_to_id(&head, inner.get(), "HEAD") < 0 ||
                git_oid_equal(&head, &entry->id) != 0) {
                continue;
            }
            auto& change = m_changes[entry->path];
            change.entry.path = entry->path;
            change.entry.unstaged = true;
            change.mode = GIT_FILEMODE_COMMIT;
            change.submoduleHead = fromOid(head);
        }
        git_error_clear();
    }

    /// The kind of the two steps HEAD → index → work tree together.
    void merge(WorkChange& change, const git_diff_delta& delta, bool inHead) {
        auto& kind = change.entry.kind;
        const bool onlyHere = !change.entry.staged;
        switch (delta.status) {
            case GIT_DELTA_UNTRACKED:
                // Removed from the index, yet still there: to HEAD it is a change, not a new file.
                kind = change.entry.staged && kind == ChangeKind::Deleted ? ChangeKind::Modified
                                                                          : ChangeKind::Untracked;
                break;
            case GIT_DELTA_DELETED:
                kind = ChangeKind::Deleted;
                change.mode = 0;
                break;
            case GIT_DELTA_CONFLICTED:
                kind = ChangeKind::Conflicted;
                break;
            case GIT_DELTA_TYPECHANGE:
                kind = inHead ? ChangeKind::TypeChanged : ChangeKind::Added;
                break;
            default:
                if (onlyHere) {
                    kind = ChangeKind::Modified;
                }
                break;
        }
        if (delta.new_file.mode == GIT_FILEMODE_COMMIT) {
            change.submoduleHead = fromOid(delta.new_file.id);
        }
    }

    /// Entries that git itself does not look for in the work tree: of a sparse checkout, or assumed to be
    /// unchanged.
    [[nodiscard]] bool outsideWorkTree(const std::string& path) const {
        const git_index_entry* entry = git_index_get_bypath(m_scan.index.get(), path.c_str(), 0);
        return entry != nullptr && ((entry->flags & GIT_INDEX_ENTRY_VALID) != 0 ||
                                    (entry->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE) != 0);
    }

    void measure(StatusEntry& entry) const {
        struct stat status {};
        const auto path = m_workTree / entry.path;
        if (::lstat(path.c_str(), &status) == 0 && !S_ISDIR(status.st_mode)) {
            entry.size = status.st_size;
        }
    }

    /// libgit2 gives up on the whole comparison at a tracked file that it may not read. Such a file is
    /// treated as unchanged in our copy of the index, and reported.
    void skipUnreadable() {
        if (::geteuid() == 0) {
            return;  // reads everything
        }
        git_index* index = m_scan.index.get();
        for (std::size_t i = 0; i < git_index_entrycount(index); ++i) {
            const git_index_entry* entry = git_index_get_byindex(index, i);
            const auto path = m_workTree / entry->path;
            if (git_index_entry_stage(entry) != 0 || (entry->mode & S_IFMT) != S_IFREG ||
                ::faccessat(AT_FDCWD, path.c_str(), R_OK, AT_EACCESS) == 0 || errno != EACCES) {
                continue;
            }
            git_index_entry unchanged = *entry;
            const std::string name = entry->path;
            unchanged.path = name.c_str();
            unchanged.flags |= GIT_INDEX_ENTRY_VALID;
            m_scan.leftOut.push_back({name, 0, tr("cannot be read and is recorded as in the index")});
            git_index_add(index, &unchanged);
        }
    }

    Repository::Impl& m_repository;
    std::filesystem::path m_workTree;
    std::filesystem::path m_gitFolder;
    bool m_trustsModes;  ///< whether the executable bit of files means anything here
    bool m_renames;
    std::stop_token m_stop;
    WorkTreeScan m_scan;
    std::map<std::string, WorkChange> m_changes;
};

}  // namespace

Result<WorkTreeScan> scanWorkTree(const Repository& repository, bool renames, std::stop_token stop) {
    if (repository.isBare()) {
        return Error{ErrorCode::Unsupported,
                     tr("{} is a bare repository: it has no files to record.",
                        toValidUtf8(repository.gitFolder().native())),
                     {}};
    }
    RUNGLASS_ASSIGN(const auto head, repository.head());
    return Scanner(repository, renames, std::move(stop)).run(head);
}

}  // namespace runglass::git
