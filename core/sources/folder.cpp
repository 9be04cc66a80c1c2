// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/sources/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "runglass/base/file.h"
#include "runglass/base/file_descriptor.h"
#include "runglass/base/translate.h"

namespace runglass::sources {
namespace {

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

EntryKind kindOfMode(mode_t mode) {
    return S_ISREG(mode)   ? EntryKind::File
           : S_ISDIR(mode) ? EntryKind::Folder
           : S_ISLNK(mode) ? EntryKind::Link
                           : EntryKind::Other;
}

/// Some file systems do not tell the kind with the name.
EntryKind kindOf(const dirent& entry, int folder) {
    if (entry.d_type != DT_UNKNOWN) {
        return kindOfMode(static_cast<mode_t>(DTTOIF(entry.d_type)));
    }
    struct stat status {};
    const bool known = ::fstatat(folder, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) == 0;
    return known ? kindOfMode(status.st_mode) : EntryKind::Other;
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
    FileDescriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!descriptor.valid()) {
        return errorFromErrno(errno, tr("The folder cannot be listed."), folder);
    }
    const std::unique_ptr<DIR, CloseFolder> listing(::fdopendir(descriptor.get()));
    if (!listing) {
        return errorFromErrno(errno, tr("The folder cannot be listed."), folder);
    }
    const int number = descriptor.release();  // closedir closes it
    Folder result{folder, {}};
    errno = 0;
    while (const dirent* entry = ::readdir(listing.get())) {
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") {
            result.entries.push_back({std::string(name), kindOf(*entry, number)});
        }
        errno = 0;
    }
    if (errno != 0) {
        return errorFromErrno(errno, tr("The folder cannot be listed."), folder);
    }
    std::sort(result.entries.begin(), result.entries.end(),
              [](const Entry& a, const Entry& b) { return a.name < b.name; });
    return result;
}

}  // namespace runglass::sources
