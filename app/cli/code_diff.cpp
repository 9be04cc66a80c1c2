// SPDX-License-Identifier: GPL-3.0-or-later
#include "code_diff.h"

#include <fmt/format.h>

#include "output.h"
#include "runglass/base/translate.h"
#include "text_width.h"

namespace runglass::cli {

namespace {

const char* changeName(git::ChangeKind kind) {
    switch (kind) {
        case git::ChangeKind::Added:
        case git::ChangeKind::Untracked:
            return "added";
        case git::ChangeKind::Deleted:
            return "deleted";
        case git::ChangeKind::Renamed:
            return "renamed";
        case git::ChangeKind::TypeChanged:
            return "type";
        case git::ChangeKind::Modified:
        case git::ChangeKind::Conflicted:
            break;
    }
    return "modified";
}

std::string sizeWords(const git::FileDiff& file) {
    if (file.binary) {
        return tr("binary");
    }
    return file.tooLarge ? tr("too large to compare") : fmt::format("+{} -{}", file.added, file.removed);
}

char sign(git::DiffLine::Kind kind) {
    return kind == git::DiffLine::Kind::Added ? '+' : kind == git::DiffLine::Kind::Removed ? '-' : ' ';
}

}  // namespace

void printCodeSummary(const std::vector<git::FileDiff>& files) {
    if (files.empty()) {
        print("  " + tr("the same") + "\n");
        return;
    }
    int added = 0;
    int removed = 0;
    for (const auto& file : files) {
        added += file.added;
        removed += file.removed;
        const bool renamed = file.kind == git::ChangeKind::Renamed;
        const auto path =
            printable(file.path()) + (renamed ? tr(" (was {})", printable(file.oldPath)) : std::string());
        print(fmt::format("  {:<9} {}  {}\n", changeName(file.kind), path, sizeWords(file)));
    }
    if (files.size() > 1) {
        print("  " + tr("{} files, +{} -{}", files.size(), added, removed) + "\n");
    }
}

void printUnifiedDiff(const std::vector<git::FileDiff>& files) {
    for (const auto& file : files) {
        const bool added = file.kind == git::ChangeKind::Added;
        const bool deleted = file.kind == git::ChangeKind::Deleted;
        const auto oldPath = file.oldPath.empty() ? file.newPath : file.oldPath;
        print("\ndiff --git a/" + printable(oldPath) + " b/" + printable(file.path()) + "\n");
        if (file.binary || file.tooLarge) {
            print(sizeWords(file) + "\n");
            continue;
        }
        print("--- " + (added ? "/dev/null" : "a/" + printable(oldPath)) + "\n");
        print("+++ " + (deleted ? "/dev/null" : "b/" + printable(file.path())) + "\n");
        for (const auto& hunk : file.hunks) {
            print(fmt::format("@@ -{},{} +{},{} @@\n", hunk.oldStart, hunk.oldLines, hunk.newStart,
                              hunk.newLines));
            for (const auto& line : hunk.lines) {
                print(sign(line.kind) + (terminalWidth() > 0 ? printable(line.text) : line.text) + "\n");
            }
        }
    }
}

void writeCodeSummary(JsonWriter& json, const std::vector<git::FileDiff>& files) {
    json.beginArray();
    for (const auto& file : files) {
        json.beginObject();
        json.text("path", file.path());
        json.textOrNull("old_path", file.oldPath);
        json.text("change", changeName(file.kind));
        json.boolean("binary", file.binary);
        json.integer("added", file.added);
        json.integer("removed", file.removed);
        json.endObject();
    }
    json.endArray();
}

}  // namespace runglass::cli
