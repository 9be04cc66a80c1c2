// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/git/snapshot.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "external_filter.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "work_tree.h"

namespace runglass::git {

namespace {

std::string referenceOf(const RunId& run) {
    return std::string(kSnapshotReferences) + "runs/" + run.hex();
}

Error cancelled() {
    return {ErrorCode::Cancelled, tr("Recording the files was stopped."), {}};
}

/// Builds one snapshot. Everything but the written objects and the reference stays in memory.
class Recorder {
public:
    Recorder(const Repository& repository, const SnapshotOptions& options, std::stop_token stop)
        : m_repository(repository)
        , m_options(options)
        , m_stop(std::move(stop)) {}

    Result<Snapshot> preview() {
        RUNGLASS_TRY(look());
        RUNGLASS_TRY(settle(false));
        return std::move(m_snapshot);
    }

    Result<Snapshot> record(const RunId& run) {
        RUNGLASS_TRY(look());
        if (auto written = write(run); !written.ok()) {
            return explained(std::move(written).error());
        }
        return std::move(m_snapshot);
    }

private:
    [[nodiscard]] git_repository* raw() const { return m_repository.impl().get(); }
    [[nodiscard]] git_index* index() const { return m_scan.index.get(); }

    Result<void> write(const RunId& run) {
        RUNGLASS_TRY(settle(true));
        RUNGLASS_TRY(writeTree());
        RUNGLASS_TRY(writeCommit(run));
        return writeReference(run);
    }

    /// Where and what to do, for the failures that people can do something about.
    [[nodiscard]] Error explained(Error error) const {
        const auto place = toValidUtf8(m_repository.commonFolder().native());
        if (error.code == ErrorCode::Permission || error.code == ErrorCode::ReadOnly) {
            error.message =
                tr("The source cannot be recorded: {} cannot be written. Change the permission of "
                   "the folder, or launch without a snapshot.",
                   place);
        } else if (error.code == ErrorCode::Full) {
            error.message =
                tr("The source cannot be recorded: the disk of {} is full. Free some room, or launch "
                   "without a snapshot.",
                   place);
        }
        return error;
    }

    Result<void> look() {
        RUNGLASS_ASSIGN(m_snapshot.head, m_repository.head());
        RUNGLASS_ASSIGN(m_headTree, m_repository.impl().treeOf(m_snapshot.head.commit.value_or(ObjectId())));
        RUNGLASS_ASSIGN(m_scan, scanWorkTree(m_repository, false, m_stop));
        m_snapshot.remote = m_repository.remoteUrl();
        m_snapshot.leftOut = std::move(m_scan.leftOut);
        return {};
    }

    /// Brings the index in memory to the state of the work tree, and keeps of the changes those that are one
    /// against HEAD. Writes the new contents as objects, or only computes their names.
    Result<void> settle(bool write) {
        removeFirst();
        for (auto& change : m_scan.changes) {
            if (m_stop.stop_requested()) {
                return cancelled();
            }
            if (change.entry.unstaged && change.mode != 0) {
                RUNGLASS_TRY(store(change, write));
            }
            if (!sameAsHead(change.entry.path)) {
                m_snapshot.changes.push_back(std::move(change.entry));
            }
        }
        m_snapshot.dirty = !m_snapshot.changes.empty();
        return {};
    }

    /// Before anything is added, since a file can take the place of a folder and the other way round.
    void removeFirst() {
        for (const auto& change : m_scan.changes) {
            if (change.mode == 0 || change.entry.kind == ChangeKind::Conflicted) {
                forget(change.entry.path);
            }
        }
    }

    void forget(const std::string& path) {
        git_index_conflict_remove(index(), path.c_str());
        git_index_remove(index(), path.c_str(), 0);
        git_error_clear();
    }

    Result<void> store(const WorkChange& change, bool write) {
        const auto& path = change.entry.path;
        if (const auto reason = reasonToLeaveOut(change); !reason.empty()) {
            m_snapshot.leftOut.push_back({path, change.entry.size, reason});
            return {};
        }
        git_index_entry entry{};
        entry.path = path.c_str();
        entry.mode = change.mode;
        if (change.mode == GIT_FILEMODE_COMMIT) {
            reportInside(change);
            entry.id = toOid(change.submoduleHead);
        } else if (isUnchangedLfs(path)) {
            return {};
        } else if (const int code = steadyContentOf(entry.id, path, write); code < 0) {
            return failed(code, change);
        }
        if (const int code = git_index_add(index(), &entry); code < 0) {
            return gitError(code, tr("{} cannot be recorded.", toValidUtf8(path)));
        }
        return {};
    }

    /// A file that grows while it is read (a log, say) fails; the next try mostly finds it quiet.
    int steadyContentOf(git_oid& id, const std::string& path, bool write) const {
        constexpr int kTries = 3;
        int code = contentOf(id, path, write);
        for (int i = 1; i < kTries && code < 0 && code != GIT_ENOTFOUND; ++i) {
            code = contentOf(id, path, write);
        }
        return code;
    }

    /// Filtered as git would store it, symbolic links as links.
    int contentOf(git_oid& id, const std::string& path, bool write) const {
        if (write) {
            return git_blob_create_from_workdir(&id, raw(), path.c_str());
        }
        const auto file = m_repository.workTree() / path;
        std::error_code error;
        if (std::filesystem::is_symlink(std::filesystem::symlink_status(file, error))) {
            const auto target = std::filesystem::read_symlink(file, error).native();
            return git_odb_hash(&id, target.data(), target.size(), GIT_OBJECT_BLOB);
        }
        return git_repository_hashfile(&id, raw(), file.c_str(), GIT_OBJECT_BLOB, path.c_str());
    }

    /// A file that went away since the scan is a deleted one; a new one that cannot be read is left out.
    Result<void> failed(int code, const WorkChange& change) {
        auto error = gitError(code, tr("{} cannot be recorded.", toValidUtf8(change.entry.path)));
        struct stat status {};
        const auto file = m_repository.workTree() / change.entry.path;
        if (::lstat(file.c_str(), &status) != 0 && errno == ENOENT) {
            forget(change.entry.path);
            return {};
        }
        const bool readable = ::faccessat(AT_FDCWD, file.c_str(), R_OK, AT_EACCESS) == 0;
        if (change.entry.kind == ChangeKind::Untracked && (!readable || error.code == ErrorCode::Io)) {
            m_snapshot.leftOut.push_back({change.entry.path, change.entry.size,
                                          readable ? tr("changed while it was read") : tr("cannot be read")});
            return {};
        }
        return error;
    }

    std::string reasonToLeaveOut(const WorkChange& change) {
        if (change.entry.kind == ChangeKind::Untracked && change.entry.size <= m_options.maxUntrackedBytes) {
            m_untracked += change.entry.size;
            return m_untracked <= m_options.maxUntrackedTotalBytes
                       ? std::string()
                       : tr("comes after {} bytes of other new files", m_options.maxUntrackedTotalBytes);
        }
        if (change.entry.size <= m_options.maxUntrackedBytes) {
            return {};
        }
        if (change.entry.kind == ChangeKind::Untracked) {
            return tr("is larger than {} bytes", m_options.maxUntrackedBytes);
        }
        if (hasExternalFilter(raw(), change.entry.path) && !isUnchangedLfs(change.entry.path)) {
            return tr("is larger than {} bytes and kept outside git", m_options.maxUntrackedBytes);
        }
        return {};
    }

    [[nodiscard]] bool isUnchangedLfs(const std::string& path) const {
        const auto* entry = git_index_get_bypath(index(), path.c_str(), 0);
        return entry != nullptr && hasExternalFilter(raw(), path) &&
               isLfsPointerTo(raw(), entry->id, m_repository.workTree() / path);
    }

    void reportInside(const WorkChange& change) {
        unsigned int status = 0;
        constexpr unsigned int kInside = GIT_SUBMODULE_STATUS_WD_INDEX_MODIFIED |
                                         GIT_SUBMODULE_STATUS_WD_WD_MODIFIED |
                                         GIT_SUBMODULE_STATUS_WD_UNTRACKED;
        if (git_submodule_status(&status, raw(), change.entry.path.c_str(), GIT_SUBMODULE_IGNORE_NONE) == 0 &&
            (status & kInside) != 0) {
            m_snapshot.leftOut.push_back(
                {change.entry.path, 0, tr("is a submodule with changes that are not committed")});
        }
    }

    [[nodiscard]] bool sameAsHead(const std::string& path) const {
        const auto* now = git_index_get_bypath(index(), path.c_str(), 0);
        TreeEntryHandle before;
        const bool inHead = m_headTree &&
                            git_tree_entry_bypath(out(before), m_headTree.get(), path.c_str()) == 0 &&
                            git_tree_entry_type(before.get()) != GIT_OBJECT_TREE;
        if (now == nullptr || !inHead) {
            return now == nullptr && !inHead;
        }
        return now->mode == static_cast<std::uint32_t>(git_tree_entry_filemode(before.get())) &&
               git_oid_equal(&now->id, git_tree_entry_id(before.get())) != 0;
    }

    Result<void> writeTree() {
        git_oid tree;
        RUNGLASS_TRY(check(git_index_write_tree_to(&tree, index(), raw()),
                           "The files of the project cannot be recorded."));
        m_snapshot.tree = fromOid(tree);
        return {};
    }

    Result<void> writeCommit(const RunId& run) {
        CommitHandle parent;
        if (m_snapshot.head.commit) {
            const git_oid oid = toOid(*m_snapshot.head.commit);
            RUNGLASS_TRY(
                check(git_commit_lookup(out(parent), raw(), &oid), "The last commit cannot be read."));
            if (fromOid(*git_commit_tree_id(parent.get())) == m_snapshot.tree) {
                m_snapshot.commit = *m_snapshot.head.commit;
                return {};
            }
        }
        RUNGLASS_ASSIGN(const auto author, m_repository.impl().identity());
        TreeHandle tree;
        const git_oid treeId = toOid(m_snapshot.tree);
        RUNGLASS_TRY(check(git_tree_lookup(out(tree), raw(), &treeId), "The recorded files cannot be read."));
        const git_commit* parents[] = {parent.get()};
        git_oid commit;
        RUNGLASS_TRY(check(git_commit_create(&commit, raw(), nullptr, author.get(), author.get(), nullptr,
                                             messageFor(run).c_str(), tree.get(), parent ? 1 : 0, parents),
                           "The files of the project cannot be recorded."));
        m_snapshot.commit = fromOid(commit);
        return {};
    }

    [[nodiscard]] std::string messageFor(const RunId& run) const {
        return fmt::format(
            "Source of Runglass run {}\n\nThe files of the work tree when the run started: {} changed paths "
            "on "
            "top of {}.\nRemove it together with the run, or by git update-ref -d {}\n",
            run.shortHex(), m_snapshot.changes.size(),
            m_snapshot.head.commit ? m_snapshot.head.commit->hex() : std::string("no commit"),
            referenceOf(run));
    }

    Result<void> writeReference(const RunId& run) {
        ReferenceHandle reference;
        const git_oid commit = toOid(m_snapshot.commit);
        return check(
            git_reference_create(out(reference), raw(), referenceOf(run).c_str(), &commit, 1, nullptr),
            "The reference of the recorded files cannot be written.");
    }

    const Repository& m_repository;
    SnapshotOptions m_options;
    std::stop_token m_stop;
    WorkTreeScan m_scan;
    std::int64_t m_untracked = 0;  ///< bytes of new files so far
    TreeHandle m_headTree;         ///< none without a commit
    Snapshot m_snapshot;
};

}  // namespace

Result<Snapshot> takeSnapshot(const std::filesystem::path& folder, const RunId& run,
                              const SnapshotOptions& options, std::stop_token stop) {
    RUNGLASS_ASSIGN(const auto repository, Repository::open(folder));
    return Recorder(repository, options, std::move(stop)).record(run);
}

Result<Snapshot> previewSnapshot(const std::filesystem::path& folder, const SnapshotOptions& options,
                                 std::stop_token stop) {
    RUNGLASS_ASSIGN(const auto repository, Repository::open(folder));
    return Recorder(repository, options, std::move(stop)).preview();
}

Result<void> dropSnapshot(const std::filesystem::path& folder, const RunId& run) {
    RUNGLASS_ASSIGN(const auto repository, Repository::open(folder));
    const int code = git_reference_remove(repository.impl().get(), referenceOf(run).c_str());
    if (code == GIT_ENOTFOUND) {
        return {};
    }
    return check(code, "The reference of the recorded files cannot be removed.");
}

}  // namespace runglass::git
