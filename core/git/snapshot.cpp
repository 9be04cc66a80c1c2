// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/git/snapshot.h"

#include <sys/stat.h>

#include <algorithm>

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

    /// What differs, with what is left out sorted out; writes nothing.
    Result<void> look() {
        RUNGLASS_ASSIGN(m_snapshot.head, m_repository.head());
        RUNGLASS_ASSIGN(m_scan, scanWorkTree(m_repository, false, m_stop));
        m_snapshot.remote = m_repository.remoteUrl();
        m_snapshot.leftOut = std::move(m_scan.leftOut);
        std::erase_if(m_scan.changes, [&](const WorkChange& change) { return leaveOut(change); });
        return {};
    }

    Result<Snapshot> preview() {
        finish();
        return std::move(m_snapshot);
    }

    Result<Snapshot> record(const RunId& run) {
        RUNGLASS_TRY(updateIndex());
        RUNGLASS_TRY(writeTree());
        finish();
        RUNGLASS_TRY(writeCommit(run));
        RUNGLASS_TRY(writeReference(run));
        return std::move(m_snapshot);
    }

private:
    git_repository* raw() const { return m_repository.impl().get(); }

    bool leaveOut(const WorkChange& change) {
        if (change.entry.kind == ChangeKind::Untracked && change.entry.size > m_options.maxUntrackedBytes) {
            m_snapshot.leftOut.push_back({change.entry.path, change.entry.size,
                                          tr("is larger than {} bytes", m_options.maxUntrackedBytes)});
            return true;
        }
        return false;
    }

    Result<void> updateIndex() {
        // Deletions first: a file can take the place of a folder, and the other way round.
        for (const auto& change : m_scan.changes) {
            if (change.mode == 0 || change.entry.kind == ChangeKind::Conflicted) {
                git_index_remove_directory(m_scan.index.get(), change.entry.path.c_str(), 0);
                git_index_conflict_remove(m_scan.index.get(), change.entry.path.c_str());
                git_index_remove(m_scan.index.get(), change.entry.path.c_str(), 0);
            }
        }
        git_error_clear();
        for (auto& change : m_scan.changes) {
            if (m_stop.stop_requested()) {
                return cancelled();
            }
            if (change.entry.unstaged && change.mode != 0) {
                RUNGLASS_TRY(store(change));
            }
        }
        return {};
    }

    Result<void> store(const WorkChange& change) {
        git_index_entry entry{};
        entry.path = change.entry.path.c_str();
        entry.mode = change.mode;
        if (change.mode == GIT_FILEMODE_COMMIT) {
            entry.id = toOid(change.submoduleHead);
        } else if (git_blob_create_from_workdir(&entry.id, raw(), change.entry.path.c_str()) < 0) {
            return gitError(-1, tr("{} cannot be recorded.", toValidUtf8(change.entry.path)));
        }
        if (git_index_add(m_scan.index.get(), &entry) < 0) {
            return gitError(-1, tr("{} cannot be recorded.", toValidUtf8(change.entry.path)));
        }
        return {};
    }

    Result<void> writeTree() {
        git_oid tree;
        RUNGLASS_TRY(check(git_index_write_tree_to(&tree, m_scan.index.get(), raw()),
                           "The files of the project cannot be recorded."));
        m_snapshot.tree = fromOid(tree);
        return {};
    }

    void finish() {
        for (auto& change : m_scan.changes) {
            m_snapshot.changes.push_back(std::move(change.entry));
        }
        m_snapshot.dirty = !m_snapshot.changes.empty();
    }

    Result<SignatureHandle> signature() {
        SignatureHandle signature;
        // Without a name and address of the user, git itself would refuse; a run is worth recording anyway.
        if (git_signature_default(Out(signature), raw()) < 0) {
            RUNGLASS_TRY(check(git_signature_now(Out(signature), "Runglass", "runglass@localhost"),
                               "The time cannot be read."));
        }
        return signature;
    }

    Result<void> writeCommit(const RunId& run) {
        CommitHandle parent;
        if (m_snapshot.head.commit) {
            const git_oid oid = toOid(*m_snapshot.head.commit);
            RUNGLASS_TRY(
                check(git_commit_lookup(Out(parent), raw(), &oid), "The last commit cannot be read."));
            if (fromOid(*git_commit_tree_id(parent.get())) == m_snapshot.tree) {
                m_snapshot.commit = *m_snapshot.head.commit;
                return {};
            }
        }
        RUNGLASS_ASSIGN(const auto author, signature());
        TreeHandle tree;
        const git_oid treeId = toOid(m_snapshot.tree);
        RUNGLASS_TRY(check(git_tree_lookup(Out(tree), raw(), &treeId), "The recorded files cannot be read."));
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
            git_reference_create(Out(reference), raw(), referenceOf(run).c_str(), &commit, 1, nullptr),
            "The reference of the recorded files cannot be written.");
    }

    const Repository& m_repository;
    SnapshotOptions m_options;
    std::stop_token m_stop;
    WorkTreeScan m_scan;
    Snapshot m_snapshot;
};

}  // namespace

Result<Snapshot> takeSnapshot(const std::filesystem::path& folder, const RunId& run,
                              const SnapshotOptions& options, std::stop_token stop) {
    RUNGLASS_ASSIGN(const auto repository, Repository::open(folder));
    Recorder recorder(repository, options, std::move(stop));
    RUNGLASS_TRY(recorder.look());
    return recorder.record(run);
}

Result<Snapshot> previewSnapshot(const std::filesystem::path& folder, const SnapshotOptions& options,
                                 std::stop_token stop) {
    RUNGLASS_ASSIGN(const auto repository, Repository::open(folder));
    Recorder recorder(repository, options, std::move(stop));
    RUNGLASS_TRY(recorder.look());
    return recorder.preview();
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
