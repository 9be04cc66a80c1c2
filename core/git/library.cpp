// SPDX-License-Identifier: GPL-3.0-or-later
#include "library.h"

#include <array>
#include <cstring>
#include <utility>

#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::git {

namespace {

bool startLibrary() {
    git_libgit2_init();
    // libgit2 would refuse a project of another user (CVE-2022-24765): git runs programs that the project's
    // configuration names (fsmonitor, pagers, filters, hooks). libgit2 has none of these and Runglass
    // registers no filter, so that nothing of the project is ever executed and a colleague's project can be
    // read.
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    // The name of each object is checked with a collision-detecting SHA-1 at every read by default: a fifth
    // of the time of a history walk. git itself checks in fsck only.
    git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
    // Before it writes a tree libgit2 looks up every object in it, which for a snapshot means opening each
    // file's object, changed or not. They come from git's own index; in a partial clone some are rightly
    // absent.
    git_libgit2_opts(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 0);
    // A history walk reads each commit once; keeping copies of all of them would only cost memory.
    git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_COMMIT, std::size_t{0});
    // Extensions of the repository format that change nothing for what is done here: git's sparse checkouts
    // and partial clones set them, and libgit2 refuses what it does not know.
    std::array<const char*, 3> extensions{"worktreeconfig", "partialclone", "preciousobjects"};
    git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions.data(), extensions.size());
    return true;
}

ErrorCode codeOf(int code, const git_error* error) {
    switch (code) {
        case GIT_ENOTFOUND:
            return ErrorCode::NotFound;
        case GIT_EAMBIGUOUS:
            return ErrorCode::Ambiguous;
        case GIT_EEXISTS:
            return ErrorCode::Exists;
        case GIT_EINVALIDSPEC:
        case GIT_EINVALID:
            return ErrorCode::Invalid;
        case GIT_ELOCKED:
            return ErrorCode::Busy;
        case GIT_EUSER:
            return ErrorCode::Cancelled;
        default:
            break;
    }
    if (error == nullptr) {
        return ErrorCode::Io;
    }
    // Failures of the operating system carry no code of their own, only the text of strerror.
    const auto says = [&](const char* text) { return std::strstr(error->message, text) != nullptr; };
    if (says("Permission denied") || says("Operation not permitted")) {
        return ErrorCode::Permission;
    }
    if (says("Read-only file system")) {
        return ErrorCode::ReadOnly;
    }
    if (says("No space left") || says("quota exceeded")) {
        return ErrorCode::Full;
    }
    if (says("unsupported")) {
        return ErrorCode::Unsupported;
    }
    const bool stored = error->klass == GIT_ERROR_ODB || error->klass == GIT_ERROR_OBJECT ||
                        error->klass == GIT_ERROR_ZLIB || error->klass == GIT_ERROR_INDEX;
    return stored ? ErrorCode::Damaged : ErrorCode::Io;
}

}  // namespace

void ensureLibrary() {
    [[maybe_unused]] static const bool kStarted = startLibrary();
}

Error gitError(int code, std::string message) {
    const git_error* error = git_error_last();
    Error result{codeOf(code, error), std::move(message), {}};
    if (error != nullptr) {
        result.detail = toValidUtf8(error->message);
    }
    return result;
}

Result<void> check(int code, const char* message) {
    if (code < 0) {
        return gitError(code, tr(message));
    }
    return {};
}

git_oid toOid(const ObjectId& id) {
    git_oid oid;
    std::memcpy(oid.id, id.bytes().data(), id.bytes().size());
    return oid;
}

ObjectId fromOid(const git_oid& id) {
    std::array<std::uint8_t, GIT_OID_RAWSZ> bytes{};
    std::memcpy(bytes.data(), id.id, bytes.size());
    return ObjectId(bytes);
}

}  // namespace runglass::git
