// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/git/snapshot_check.h"

#include <unordered_set>

#include "repository_impl.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::git {

namespace {

class SnapshotChecker {
public:
    SnapshotChecker(git_repository* repository, git_odb* odb, std::stop_token stop)
        : m_repository(repository)
        , m_odb(odb)
        , m_stop(std::move(stop)) {}

    /// What is wrong with a snapshot, for people; empty when it is whole.
    std::string faultOf(const RecordedSnapshot& snapshot) {
        const auto id = ObjectId::fromHex(snapshot.commit);
        if (!id) {
            return tr("`{}` is not the name of a commit.", toValidUtf8(snapshot.commit));
        }
        const auto name = "refs/runglass/runs/" + snapshot.run.hex();
        git_oid target{};
        if (git_reference_name_to_id(&target, m_repository, name.c_str()) != 0) {
            return tr("the reference {} of its snapshot is gone.", name);
        }
        if (fromOid(target) != *id) {
            return tr("the reference {} points to {} in place of {}.", name, fromOid(target).shortHex(),
                      id->shortHex());
        }
        CommitHandle commit;
        if (git_commit_lookup(out(commit), m_repository, &target) != 0) {
            return tr("the commit {} of its snapshot is not in the repository.", id->shortHex());
        }
        std::string path;
        return missingBelow(*git_commit_tree_id(commit.get()), path)
                   ? tr("{} of its snapshot {} is not in the repository.",
                        path.empty() ? "/" : toValidUtf8(path), id->shortHex())
                   : std::string();
    }

private:
    /// Whether something of this tree is missing; `path` is then what. Trees found whole are not looked at
    /// again.
    bool missingBelow(const git_oid& id, std::string& path) {
        if (m_whole.contains(fromOid(id)) || m_stop.stop_requested()) {
            return false;
        }
        TreeHandle tree;
        if (git_tree_lookup(out(tree), m_repository, &id) != 0) {
            return true;
        }
        for (std::size_t i = 0; i < git_tree_entrycount(tree.get()); ++i) {
            const auto* entry = git_tree_entry_byindex(tree.get(), i);
            const auto type = git_tree_entry_type(entry);
            auto below = path.empty() ? std::string() : path + "/";
            below += git_tree_entry_name(entry);
            // The commit of a submodule is in the submodule's own repository.
            const bool missing = type == GIT_OBJECT_TREE ? missingBelow(*git_tree_entry_id(entry), below)
                                 : type == GIT_OBJECT_BLOB
                                     ? git_odb_exists(m_odb, git_tree_entry_id(entry)) == 0
                                     : false;
            if (missing) {
                path = std::move(below);
                return true;
            }
        }
        m_whole.insert(fromOid(id));
        return false;
    }

    git_repository* m_repository;
    git_odb* m_odb;
    std::stop_token m_stop;
    std::unordered_set<ObjectId> m_whole;
};

}  // namespace

Result<std::vector<SnapshotFault>> checkSnapshots(const std::filesystem::path& folder,
                                                  std::span<const RecordedSnapshot> snapshots,
                                                  std::stop_token stop) {
    RUNGLASS_ASSIGN(const auto repository, Repository::open(folder));
    OdbHandle odb;
    RUNGLASS_TRY(
        check(git_repository_odb(out(odb), repository.impl().get()), "The repository cannot be read."));
    SnapshotChecker checker(repository.impl().get(), odb.get(), stop);
    std::vector<SnapshotFault> faults;
    for (const auto& snapshot : snapshots) {
        if (stop.stop_requested()) {
            return Error{ErrorCode::Cancelled, tr("Stopped."), {}};
        }
        if (auto fault = checker.faultOf(snapshot); !fault.empty()) {
            faults.push_back({snapshot.run, std::move(fault)});
        }
    }
    return faults;
}

}  // namespace runglass::git
