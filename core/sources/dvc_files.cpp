// SPDX-License-Identifier: GPL-3.0-or-later
#include "dvc_files.h"

#include "folder_handle.h"
#include "runglass/base/translate.h"

namespace runglass::sources {

std::optional<std::string> dvcPath(std::string_view folder, std::string_view path) {
    // An absolute one on either side names a place outside of the project, or one that is not there
    // elsewhere.
    const auto joined = (std::filesystem::path(folder) / path).lexically_normal();
    const auto& name = joined.native();
    const bool outside =
        path.empty() || joined.is_absolute() || name == ".." || name.starts_with("../") || name == ".";
    return outside ? std::nullopt : std::optional(name);
}

std::optional<std::string> DvcWorkTree::read(std::string_view path) const {
    const auto slash = path.rfind('/');
    const auto root = FolderHandle::open(m_root);
    if (!root.valid()) {
        return std::nullopt;
    }
    const auto folder =
        slash == std::string_view::npos ? FolderHandle::open(m_root) : root.sub(path.substr(0, slash));
    const std::string name(slash == std::string_view::npos ? path : path.substr(slash + 1));
    std::string content;
    if (!folder.valid() || folder.markOf(name.c_str()).size > kMaxFileBytes ||
        !folder.read(name.c_str(), content, kMaxFileBytes)) {
        return std::nullopt;
    }
    return content;
}

std::vector<Entry> DvcWorkTree::list(std::string_view folder) const {
    const auto listed = listFolder(folder.empty() ? m_root : m_root / folder);
    return listed.ok() ? listed->entries : std::vector<Entry>();
}

std::optional<std::string> DvcCommit::read(std::string_view path) const {
    auto content = m_repository.fileAt(m_commit, m_prefix + std::string(path), kMaxFileBytes);
    return content.ok() ? std::optional(std::move(*content)) : std::nullopt;
}

std::vector<Entry> DvcCommit::list(std::string_view folder) const {
    auto path = m_prefix + std::string(folder);
    if (path.ends_with('/')) {
        path.pop_back();
    }
    std::vector<Entry> entries;
    if (const auto files = m_repository.filesAt(m_commit, path); files.ok()) {
        for (const auto& file : *files) {
            entries.push_back({file.name, file.isFolder ? EntryKind::Folder : EntryKind::File});
        }
    }
    return entries;
}

}  // namespace runglass::sources
