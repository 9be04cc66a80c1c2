// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <git2.h>

#include <memory>
#include <string_view>

namespace runglass::git {

template <auto Free>
struct HandleDeleter {
    template <typename T>
    void operator()(T* handle) const noexcept {
        Free(handle);
    }
};

template <typename T, auto Free>
using Handle = std::unique_ptr<T, HandleDeleter<Free>>;

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
using RemoteHandle = Handle<git_remote, git_remote_free>;
using ConfigHandle = Handle<git_config, git_config_free>;

/// Lets a C function fill a handle: `git_odb_open(Out(odb), …)`.
template <typename T, typename Deleter>
class Out {
public:
    explicit Out(std::unique_ptr<T, Deleter>& handle)
        : m_handle(handle) {}
    Out(const Out&) = delete;
    Out& operator=(const Out&) = delete;
    Out(Out&&) = delete;
    Out& operator=(Out&&) = delete;
    ~Out() { m_handle.reset(m_raw); }
    operator T**() { return &m_raw; }  // NOLINT(google-explicit-constructor)

private:
    std::unique_ptr<T, Deleter>& m_handle;
    T* m_raw = nullptr;
};

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
