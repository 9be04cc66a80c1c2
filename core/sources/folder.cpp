// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/sources/folder.h"

#include <algorithm>
#include <cerrno>

#include "folder_handle.h"
#include "runglass/base/file.h"
#include "runglass/base/translate.h"

namespace runglass::sources {
namespace {

Error notListed(const std::filesystem::path& folder) {
    return errorFromErrno(errno, tr("The folder cannot be listed."), folder);
}

Result<Folder> listed(const std::filesystem::path& folder, const FolderHandle& handle) {
    Folder result{folder, {}};
    if (!handle.list(result.entries)) {
        return notListed(folder);
    }
    std::ranges::sort(result.entries, {}, &Entry::name);
    return result;
}

}  // namespace

const Entry* Folder::find(std::string_view name) const {
    const auto place = std::lower_bound(
        entries.begin(), entries.end(), name,
        [](const Entry& entry, std::string_view wanted) { return std::string_view(entry.name) < wanted; });
    return place != entries.end() && place->name == name ? &*place : nullptr;
}

bool Folder::hasFile(std::string_view name) const {
    const Entry* entry = find(name);
    return entry != nullptr && entry->kind == EntryKind::File;
}

bool Folder::hasFolder(std::string_view name) const {
    const Entry* entry = find(name);
    return entry != nullptr && entry->kind == EntryKind::Folder;
}

Result<Folder> listFolder(const std::filesystem::path& folder) {
    return listed(folder, FolderHandle::open(folder));
}

Result<Folder> listFolder(const std::filesystem::path& folder, FileStamp& before) {
    const auto handle = FolderHandle::open(folder);
    if (!handle.valid()) {
        auto failure = notListed(folder);
        before = FileStamp::of(folder);
        return failure;
    }
    before = handle.mark().stamp(folder);
    return listed(folder, handle);
}

}  // namespace runglass::sources
