// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/git/authoring.h"

#include "repository_impl.h"
#include "runglass/base/translate.h"

namespace runglass::git {

namespace {

namespace fs = std::filesystem;

/// Writes the work tree into the index and the index into a tree.
Result<git_oid> writeWorkTree(git_repository* repository) {
    IndexHandle index;
    RUNGLASS_TRY(check(git_repository_index(out(index), repository), "The index cannot be read."));
    RUNGLASS_TRY(check(git_index_add_all(index.get(), nullptr, GIT_INDEX_ADD_DEFAULT, nullptr, nullptr),
                       "The files cannot be added to the index."));
    RUNGLASS_TRY(check(git_index_update_all(index.get(), nullptr, nullptr, nullptr),
                       "The files cannot be added to the index."));
    RUNGLASS_TRY(check(git_index_write(index.get()), "The index cannot be written."));
    git_oid tree{};
    RUNGLASS_TRY(check(git_index_write_tree(&tree, index.get()), "The tree cannot be written."));
    return tree;
}

}  // namespace

Result<void> initRepository(const fs::path& folder, std::string_view branch) {
    ensureLibrary();
    git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
    options.flags = GIT_REPOSITORY_INIT_MKDIR | GIT_REPOSITORY_INIT_MKPATH | GIT_REPOSITORY_INIT_NO_REINIT;
    const std::string name(branch);
    options.initial_head = name.c_str();
    RepositoryHandle repository;
    return check(git_repository_init_ext(out(repository), folder.c_str(), &options),
                 "The git repository cannot be made.");
}

Result<ObjectId> commitWorkTree(const fs::path& folder, const NewCommit& commit) {
    RUNGLASS_ASSIGN(const auto opened, Repository::open(folder));
    auto* const repository = opened.impl().get();
    RUNGLASS_ASSIGN(const auto treeId, writeWorkTree(repository));
    RUNGLASS_ASSIGN(const auto signature, opened.impl().identity());
    TreeHandle tree;
    RUNGLASS_TRY(check(git_tree_lookup(out(tree), repository, &treeId), "The tree cannot be read."));
    std::vector<CommitHandle> parents(commit.parents.size());
    std::vector<const git_commit*> parentPointers;
    for (std::size_t i = 0; i < parents.size(); ++i) {
        const auto id = toOid(commit.parents[i]);
        RUNGLASS_TRY(
            check(git_commit_lookup(out(parents[i]), repository, &id), "A parent commit cannot be read."));
        parentPointers.push_back(parents[i].get());
    }
    git_oid id{};
    RUNGLASS_TRY(check(
        git_commit_create(&id, repository, nullptr, signature.get(), signature.get(), nullptr,
                          commit.message.c_str(), tree.get(), parentPointers.size(), parentPointers.data()),
        "The commit cannot be written."));
    const auto branch = "refs/heads/" + commit.branch;
    const auto log = "commit: " + commit.message;
    ReferenceHandle reference;
    RUNGLASS_TRY(check(git_reference_create(out(reference), repository, branch.c_str(), &id, 1, log.c_str()),
                       "The branch cannot be moved."));
    RUNGLASS_TRY(check(git_repository_set_head(repository, branch.c_str()), "HEAD cannot be moved."));
    return fromOid(id);
}

Result<void> createTag(const fs::path& folder, std::string_view name, const ObjectId& target) {
    RUNGLASS_ASSIGN(const auto opened, Repository::open(folder));
    auto* const repository = opened.impl().get();
    const auto id = toOid(target);
    ObjectHandle object;
    RUNGLASS_TRY(check(git_object_lookup(out(object), repository, &id, GIT_OBJECT_COMMIT),
                       "The commit cannot be read."));
    git_oid tag{};
    return check(git_tag_create_lightweight(&tag, repository, std::string(name).c_str(), object.get(), 0),
                 "The tag cannot be made.");
}

}  // namespace runglass::git
