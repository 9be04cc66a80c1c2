// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <git2.h>

#include <string_view>
#include <utility>

namespace runglass::git {

/// Owns one object of libgit2. Like std::unique_ptr, but a C function can fill it in place: a temporary such
/// as C++23's std::out_ptr stores the pointer only at the end of the full expression, too late for
/// `lookup(out(x)) == 0 && use(x.get())`.
template <typename T, auto Free>
class Handle {
public:
    Handle() = default;
    Handle(Handle&& other) noexcept
        : m_object(std::exchange(other.m_object, nullptr)) {}
    Handle& operator=(Handle&& other) noexcept {
        std::swap(m_object, other.m_object);
        return *this;
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() { reset(); }

    [[nodiscard]] T* get() const { return m_object; }
    explicit operator bool() const { return m_object != nullptr; }
    void reset() {
        if (m_object != nullptr) {
            Free(std::exchange(m_object, nullptr));
        }
    }
    /// For a C function to store into.
    T** place() {
        reset();
        return &m_object;
    }

private:
    T* m_object = nullptr;
};

/// `git_repository_odb(out(odb), …)`.
template <typename T, auto Free>
T** out(Handle<T, Free>& handle) {
    return handle.place();
}

using RepositoryHandle = Handle<git_repository, git_repository_free>;
using OdbHandle = Handle<git_odb, git_odb_free>;
using OdbObjectHandle = Handle<git_odb_object, git_odb_object_free>;
using ReferenceHandle = Handle<git_reference, git_reference_free>;
using ReferenceIteratorHandle = Handle<git_reference_iterator, git_reference_iterator_free>;
using ObjectHandle = Handle<git_object, git_object_free>;
using CommitHandle = Handle<git_commit, git_commit_free>;
using TreeHandle = Handle<git_tree, git_tree_free>;
using TreeEntryHandle = Handle<git_tree_entry, git_tree_entry_free>;
using BlobHandle = Handle<git_blob, git_blob_free>;
using IndexHandle = Handle<git_index, git_index_free>;
using StatusListHandle = Handle<git_status_list, git_status_list_free>;
using DiffHandle = Handle<git_diff, git_diff_free>;
using PatchHandle = Handle<git_patch, git_patch_free>;
using SignatureHandle = Handle<git_signature, git_signature_free>;
using ConfigHandle = Handle<git_config, git_config_free>;
using ConfigIteratorHandle = Handle<git_config_iterator, git_config_iterator_free>;

/// A git_buf that libgit2 allocates.
class Buffer {
public:
    Buffer() = default;
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    Buffer(Buffer&&) = delete;
    Buffer& operator=(Buffer&&) = delete;
    ~Buffer() { git_buf_dispose(&m_buffer); }
    git_buf* get() { return &m_buffer; }
    [[nodiscard]] std::string_view text() const { return {m_buffer.ptr, m_buffer.size}; }

private:
    git_buf m_buffer{};
};

}  // namespace runglass::git
