// SPDX-License-Identifier: GPL-3.0-or-later
#include "repository_impl.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::git {

Result<std::vector<TreeFile>> Repository::filesAt(const ObjectId& commit, std::string_view folder) const {
    RUNGLASS_ASSIGN(auto tree, impl().treeOf(commit));
    const Error missing =
        gitError(GIT_ENOTFOUND, tr("Commit {} has no folder {}.", commit.shortHex(), toValidUtf8(folder)));
    if (!tree) {
        return missing;
    }
    if (!folder.empty()) {
        TreeEntryHandle entry;
        const std::string path(folder);
        if (git_tree_entry_bypath(out(entry), tree.get(), path.c_str()) < 0 ||
            git_tree_entry_type(entry.get()) != GIT_OBJECT_TREE) {
            return missing;
        }
        TreeHandle below;
        RUNGLASS_TRY(check(git_tree_lookup(out(below), impl().get(), git_tree_entry_id(entry.get())),
                           "The folder cannot be read."));
        tree = std::move(below);
    }
    std::vector<TreeFile> files;
    const auto count = git_tree_entrycount(tree.get());
    files.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const git_tree_entry* entry = git_tree_entry_byindex(tree.get(), i);
        const auto type = git_tree_entry_type(entry);
        if (type == GIT_OBJECT_BLOB || type == GIT_OBJECT_TREE) {
            files.push_back(
                {git_tree_entry_name(entry), fromOid(*git_tree_entry_id(entry)), type == GIT_OBJECT_TREE});
        }
    }
    return files;
}

Result<std::vector<NamedCommit>> Repository::commitsBelow(std::string_view prefix) const {
    ReferenceIteratorHandle iterator;
    const auto glob = std::string(prefix) + "*";
    RUNGLASS_TRY(check(git_reference_iterator_glob_new(out(iterator), impl().get(), glob.c_str()),
                       "The references cannot be listed."));
    std::vector<NamedCommit> commits;
    for (;;) {
        ReferenceHandle reference;
        const int code = git_reference_next(out(reference), iterator.get());
        if (code == GIT_ITEROVER) {
            return commits;
        }
        if (code < 0) {
            return gitError(code, tr("The references cannot be listed."));
        }
        ObjectHandle commit;
        if (git_reference_peel(out(commit), reference.get(), GIT_OBJECT_COMMIT) == 0) {
            commits.push_back({git_reference_name(reference.get()), fromOid(*git_object_id(commit.get()))});
        }
    }
}

}  // namespace runglass::git
