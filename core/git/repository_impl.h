// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "handles.h"
#include "library.h"
#include "runglass/git/repository.h"

namespace runglass::git {

/// What is behind Repository, for the other files of this folder.
class Repository::Impl {
public:
    explicit Impl(RepositoryHandle handle)
        : m_repository(std::move(handle)) {}
    [[nodiscard]] git_repository* get() const { return m_repository.get(); }

    /// The raw bytes of an object, which must be of `type`.
    [[nodiscard]] Result<OdbObjectHandle> read(const ObjectId& id, git_object_t type) const;
    /// The tree of a commit; nothing (a null handle) for the null id, which stands for the empty tree.
    [[nodiscard]] Result<TreeHandle> treeOf(const ObjectId& commit) const;
    /// Of the user, now; a neutral one where git knows no name and address (git itself would refuse to
    /// commit).
    [[nodiscard]] Result<SignatureHandle> identity() const;
    [[nodiscard]] bool configFlag(const char* name, bool otherwise) const;

private:
    RepositoryHandle m_repository;
    mutable OdbHandle m_odb;  ///< opened at the first read
};

/// The raw content; as long as `object` lives.
inline std::string_view bytesOf(const OdbObjectHandle& object) {
    return {static_cast<const char*>(git_odb_object_data(object.get())), git_odb_object_size(object.get())};
}

/// Our own references, which no list or history shows.
inline constexpr std::string_view kSnapshotReferences = "refs/runglass/";

}  // namespace runglass::git
