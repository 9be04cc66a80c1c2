// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "repository_impl.h"
#include "runglass/base/translate.h"

namespace runglass::git {

namespace {

int stopOnRequest(const git_diff*, const char*, const char*, void* payload) {
    return static_cast<const std::stop_token*>(payload)->stop_requested() ? GIT_EUSER : 0;
}

ChangeKind kindOf(git_delta_t status) {
    switch (status) {
        case GIT_DELTA_ADDED:
            return ChangeKind::Added;
        case GIT_DELTA_DELETED:
            return ChangeKind::Deleted;
        case GIT_DELTA_RENAMED:
            return ChangeKind::Renamed;
        case GIT_DELTA_TYPECHANGE:
            return ChangeKind::TypeChanged;
        case GIT_DELTA_UNTRACKED:
            return ChangeKind::Untracked;
        default:
            return ChangeKind::Modified;
    }
}

DiffLine lineOf(const git_diff_line& line) {
    DiffLine result;
    result.kind = line.origin == GIT_DIFF_LINE_ADDITION   ? DiffLine::Kind::Added
                  : line.origin == GIT_DIFF_LINE_DELETION ? DiffLine::Kind::Removed
                                                          : DiffLine::Kind::Context;
    result.oldLine = line.old_lineno;
    result.newLine = line.new_lineno;
    std::string_view text(line.content, line.content_len);
    if (text.ends_with('\n')) {
        text.remove_suffix(1);
    }
    result.text = text;
    return result;
}

std::vector<DiffHunk> hunksOf(git_patch* patch) {
    std::vector<DiffHunk> hunks(git_patch_num_hunks(patch));
    for (std::size_t h = 0; h < hunks.size(); ++h) {
        const git_diff_hunk* hunk = nullptr;
        std::size_t lines = 0;
        if (git_patch_get_hunk(&hunk, &lines, patch, h) < 0) {
            continue;
        }
        auto& result = hunks[h];
        result.oldStart = hunk->old_start;
        result.oldLines = hunk->old_lines;
        result.newStart = hunk->new_start;
        result.newLines = hunk->new_lines;
        result.lines.reserve(lines);
        for (std::size_t l = 0; l < lines; ++l) {
            const git_diff_line* line = nullptr;
            if (git_patch_get_line_in_hunk(&line, patch, h, l) == 0 &&
                (line->origin == GIT_DIFF_LINE_CONTEXT || line->origin == GIT_DIFF_LINE_ADDITION ||
                 line->origin == GIT_DIFF_LINE_DELETION)) {
                result.lines.push_back(lineOf(*line));
            }
        }
    }
    return hunks;
}

class TreeDiff {
public:
    TreeDiff(git_repository* repository, const DiffOptions& options, std::stop_token stop)
        : m_repository(repository)
        , m_options(options)
        , m_stop(std::move(stop)) {}

    /// `to` null: the work tree, untracked files included.
    Result<std::vector<FileDiff>> run(git_tree* from, git_tree* to, bool workTree = false) {
        m_workTree = workTree;
        auto& options = m_settings;
        options.flags = GIT_DIFF_INCLUDE_TYPECHANGE | GIT_DIFF_INDENT_HEURISTIC;
        if (m_options.ignoreWhitespace) {
            options.flags |= GIT_DIFF_IGNORE_WHITESPACE;
        }
        options.context_lines = static_cast<std::uint32_t>(std::max(0, m_options.contextLines));
        options.max_size = m_options.maxFileBytes;
        options.progress_cb = stopOnRequest;
        options.payload = &m_stop;
        RUNGLASS_TRY(check(git_repository_odb(out(m_odb), m_repository), "The git objects cannot be read."));
        if (workTree) {
            options.flags |= GIT_DIFF_INCLUDE_UNTRACKED | GIT_DIFF_RECURSE_UNTRACKED_DIRS |
                             GIT_DIFF_SHOW_UNTRACKED_CONTENT;
        }
        RUNGLASS_TRY(
            check(workTree ? git_diff_tree_to_workdir_with_index(out(m_diff), m_repository, from, &options)
                           : git_diff_tree_to_tree(out(m_diff), m_repository, from, to, &options),
                  "The two versions cannot be compared."));
        RUNGLASS_TRY(
            check(git_diff_find_similar(m_diff.get(), nullptr), "The two versions cannot be compared."));
        m_options.maxFileBytes = std::min(m_options.maxFileBytes, largestWithinTotal());
        std::vector<FileDiff> files;
        for (std::size_t i = 0; i < git_diff_num_deltas(m_diff.get()); ++i) {
            if (m_stop.stop_requested()) {
                return Error{ErrorCode::Cancelled, tr("The comparison was stopped."), {}};
            }
            RUNGLASS_ASSIGN(auto file, fileOf(i));
            const bool onlyBlanks = m_options.ignoreWhitespace && file.kind == ChangeKind::Modified &&
                                    !file.binary && !file.tooLarge && file.added + file.removed == 0 &&
                                    file.oldMode == file.newMode;
            if (!onlyBlanks) {
                files.push_back(std::move(file));
            }
        }
        return files;
    }

private:
    Result<FileDiff> fileOf(std::size_t position) {
        const auto& delta = *git_diff_get_delta(m_diff.get(), position);
        FileDiff file;
        file.kind = kindOf(delta.status);
        if (delta.status != GIT_DELTA_ADDED && delta.status != GIT_DELTA_UNTRACKED) {
            file.oldPath = delta.old_file.path;
            file.oldMode = delta.old_file.mode;
            file.oldSize = sizeOf(delta.old_file);
        }
        if (delta.status != GIT_DELTA_DELETED) {
            file.newPath = delta.new_file.path;
            file.newMode = delta.new_file.mode;
            file.newSize = sizeOf(delta.new_file);
        }
        if (std::max(file.oldSize, file.newSize) > m_options.maxFileBytes) {
            file.tooLarge = true;
            return file;
        }
        PatchHandle patch;
        RUNGLASS_TRY(check(makePatch(patch, position, delta), "The two versions cannot be compared."));
        file.binary = !patch || (git_patch_get_delta(patch.get())->flags & GIT_DIFF_FLAG_BINARY) != 0;
        if (file.binary) {
            return file;
        }
        std::size_t added = 0;
        std::size_t removed = 0;
        RUNGLASS_TRY(check(git_patch_line_stats(nullptr, &added, &removed, patch.get()),
                           "The two versions cannot be compared."));
        file.added = static_cast<int>(added);
        file.removed = static_cast<int>(removed);
        if (m_options.withLines) {
            file.hunks = hunksOf(patch.get());
        }
        return file;
    }

    /// Of a file that became a link (or the other way round) libgit2's own patch is empty.
    int makePatch(PatchHandle& patch, std::size_t position, const git_diff_delta& delta) {
        const bool submodule =
            delta.old_file.mode == GIT_FILEMODE_COMMIT || delta.new_file.mode == GIT_FILEMODE_COMMIT;
        if (delta.status != GIT_DELTA_TYPECHANGE || submodule || m_workTree) {
            return git_patch_from_diff(out(patch), m_diff.get(), position);
        }
        BlobHandle before;
        BlobHandle after;
        if (const int code = git_blob_lookup(out(before), m_repository, &delta.old_file.id); code < 0) {
            return code;
        }
        if (const int code = git_blob_lookup(out(after), m_repository, &delta.new_file.id); code < 0) {
            return code;
        }
        return git_patch_from_blobs(out(patch), before.get(), delta.old_file.path, after.get(),
                                    delta.new_file.path, &m_settings);
    }

    /// The file size up to which all files together stay within maxTotalBytes.
    [[nodiscard]] std::int64_t largestWithinTotal() const {
        std::vector<std::int64_t> sizes;
        for (std::size_t i = 0; i < git_diff_num_deltas(m_diff.get()); ++i) {
            const auto& delta = *git_diff_get_delta(m_diff.get(), i);
            const auto larger = std::max(sizeOf(delta.old_file), sizeOf(delta.new_file));
            if (larger <= m_options.maxFileBytes) {
                sizes.push_back(larger);
            }
        }
        std::ranges::sort(sizes);
        std::int64_t total = 0;
        for (const auto size : sizes) {
            total += 2 * size;
            if (total > m_options.maxTotalBytes) {
                return std::max<std::int64_t>(0, size - 1);
            }
        }
        return m_options.maxFileBytes;
    }

    /// Trees hold no sizes, the work tree does; 0 for submodules and objects that are not there.
    [[nodiscard]] std::int64_t sizeOf(const git_diff_file& file) const {
        if (file.size > 0) {
            return static_cast<std::int64_t>(file.size);
        }
        std::size_t size = 0;
        git_object_t type = GIT_OBJECT_INVALID;
        if (file.mode == GIT_FILEMODE_COMMIT ||
            git_odb_read_header(&size, &type, m_odb.get(), &file.id) < 0) {
            return 0;
        }
        return static_cast<std::int64_t>(size);
    }

    git_repository* m_repository;
    DiffOptions m_options;
    std::stop_token m_stop;
    bool m_workTree = false;  ///< its files are no objects
    git_diff_options m_settings = GIT_DIFF_OPTIONS_INIT;
    OdbHandle m_odb;
    DiffHandle m_diff;
};

}  // namespace

Result<std::vector<FileDiff>> Repository::diff(const ObjectId& from, const ObjectId& to,
                                               const DiffOptions& options, std::stop_token stop) const {
    RUNGLASS_ASSIGN(const auto before, impl().treeOf(from));
    RUNGLASS_ASSIGN(const auto after, impl().treeOf(to));
    return TreeDiff(impl().get(), options, std::move(stop)).run(before.get(), after.get());
}

Result<std::vector<FileDiff>> Repository::diffToWorkTree(const DiffOptions& options,
                                                         std::stop_token stop) const {
    if (isBare()) {
        return std::vector<FileDiff>{};
    }
    RUNGLASS_ASSIGN(const auto now, head());
    RUNGLASS_ASSIGN(const auto before, impl().treeOf(now.commit.value_or(ObjectId{})));
    return TreeDiff(impl().get(), options, std::move(stop)).run(before.get(), nullptr, true);
}

}  // namespace runglass::git
