// SPDX-License-Identifier: GPL-3.0-or-later
#include "external_filter.h"

#include "runglass/base/file.h"

namespace runglass::git {

bool hasExternalFilter(git_repository* repository, const std::string& path) {
    const char* value = nullptr;
    return git_attr_get(&value, repository, GIT_ATTR_CHECK_FILE_THEN_INDEX, path.c_str(), "filter") == 0 &&
           git_attr_value(value) == GIT_ATTR_VALUE_STRING;
}

bool isLfsPointerTo(git_repository* repository, const git_oid& pointer, const std::filesystem::path& file) {
    constexpr git_object_size_t kMostPointerBytes = 1024;
    constexpr std::string_view kVersion = "version https://git-lfs.github.com/spec/v1\n";
    constexpr std::string_view kDigest = "\noid sha256:";
    BlobHandle blob;
    if (git_blob_lookup(out(blob), repository, &pointer) < 0 ||
        git_blob_rawsize(blob.get()) > kMostPointerBytes) {
        return false;
    }
    const std::string_view text(static_cast<const char*>(git_blob_rawcontent(blob.get())),
                                static_cast<std::size_t>(git_blob_rawsize(blob.get())));
    const auto digest = text.find(kDigest);
    if (!text.starts_with(kVersion) || digest == std::string_view::npos) {
        return false;
    }
    const auto actual = sha256OfFile(file);
    return actual.ok() && text.substr(digest + kDigest.size(), actual->size()) == *actual;
}

}  // namespace runglass::git
