// SPDX-License-Identifier: GPL-3.0-or-later
#include "line_counts.h"

#include <unordered_map>

namespace runglass::git {

namespace {

constexpr git_object_size_t kMostBytes = 4 << 20;

void countPatch(git_diff* diff, std::size_t position, StatusEntry& entry) {
    PatchHandle patch;
    std::size_t added = 0;
    std::size_t removed = 0;
    // A file that cannot be read any more (changed or removed meanwhile) keeps −1; the list is of a moment.
    if (git_patch_from_diff(out(patch), diff, position) < 0 || !patch ||
        (git_patch_get_delta(patch.get())->flags & GIT_DIFF_FLAG_BINARY) != 0 ||
        git_patch_line_stats(nullptr, &added, &removed, patch.get()) < 0) {
        return;
    }
    entry.addedLines = static_cast<int>(added);
    entry.removedLines = static_cast<int>(removed);
}

}  // namespace

Result<void> countChangedLines(const Repository& repository, std::vector<StatusEntry>& entries,
                               const std::stop_token& stop) {
    std::unordered_map<std::string_view, StatusEntry*> byPath;
    std::vector<char*> paths;  // libgit2's lists are of char*, and not written to
    for (auto& entry : entries) {
        if (entry.kind != ChangeKind::Untracked && entry.kind != ChangeKind::Conflicted) {
            byPath.emplace(entry.path, &entry);
            paths.push_back(entry.path.data());
            if (!entry.oldPath.empty()) {
                paths.push_back(entry.oldPath.data());
            }
        }
    }
    if (paths.empty()) {
        return {};
    }
    RUNGLASS_ASSIGN(const auto head, repository.head());
    RUNGLASS_ASSIGN(const auto tree, repository.impl().treeOf(head.commit.value_or(ObjectId())));
    git_diff_options options = GIT_DIFF_OPTIONS_INIT;
    options.flags = GIT_DIFF_INCLUDE_TYPECHANGE | GIT_DIFF_DISABLE_PATHSPEC_MATCH;
    options.context_lines = 0;
    options.max_size = kMostBytes;
    options.pathspec = {paths.data(), paths.size()};
    DiffHandle diff;
    RUNGLASS_TRY(
        check(git_diff_tree_to_workdir_with_index(out(diff), repository.impl().get(), tree.get(), &options),
              "The changed lines cannot be counted."));
    RUNGLASS_TRY(check(git_diff_find_similar(diff.get(), nullptr), "The changed lines cannot be counted."));
    for (std::size_t i = 0; i < git_diff_num_deltas(diff.get()) && !stop.stop_requested(); ++i) {
        const auto* delta = git_diff_get_delta(diff.get(), i);
        if (const auto entry = byPath.find(delta->new_file.path); entry != byPath.end()) {
            countPatch(diff.get(), i, *entry->second);
        }
    }
    return {};
}

}  // namespace runglass::git
