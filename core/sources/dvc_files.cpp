// SPDX-License-Identifier: GPL-3.0-or-later
#include "dvc_files.h"

#include <algorithm>

#include "folder_handle.h"
#include "runglass/base/clock.h"
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

namespace {

void addFilesBelow(const DvcFiles& files, const std::string& folder, int depth,
                   std::vector<std::string>& found) {
    constexpr int kDeepest = 16;
    constexpr std::size_t kMost = 2'000;
    for (const auto& entry : files.list(folder)) {
        auto path = folder.empty() ? entry.name : folder + '/' + entry.name;
        if (found.size() >= kMost) {
            return;
        }
        if (entry.kind == EntryKind::Folder && depth < kDeepest) {
            addFilesBelow(files, path, depth + 1, found);
        } else if (entry.kind == EntryKind::File) {
            found.push_back(std::move(path));
        }
    }
}

}  // namespace

std::vector<std::string> dvcFilesBelow(const DvcFiles& files, const std::string& folder) {
    std::vector<std::string> found;
    addFilesBelow(files, folder, 0, found);
    return found;
}

bool DvcFiles::has(std::string_view path) const {
    const auto slash = path.rfind('/');
    const auto entries = list(slash == std::string_view::npos ? std::string_view() : path.substr(0, slash));
    const auto name = path.substr(slash == std::string_view::npos ? 0 : slash + 1);
    return std::ranges::any_of(
        entries, [&](const Entry& entry) { return entry.kind == EntryKind::File && entry.name == name; });
}

bool DvcWorkTree::has(std::string_view path) const {
    remember(path);
    std::error_code ignored;
    return std::filesystem::symlink_status(m_root / path, ignored).type() ==
           std::filesystem::file_type::regular;
}

void DvcWorkTree::remember(std::string_view path) const {
    if (!m_stamps.contains(path)) {
        m_stamps.emplace(path, FileStamp::of(path.empty() ? m_root : m_root / path));
    }
}

std::vector<FileStamp> DvcWorkTree::stamps() const {
    std::vector<FileStamp> stamps;
    for (const auto& [path, stamp] : m_stamps) {
        stamps.push_back(stamp);
    }
    return stamps;
}

bool DvcWorkTree::mayGrow(std::string_view path) const {
    constexpr std::int64_t kSettledNs = 3'600'000'000'000;
    return FileStamp::of(m_root / path).modifiedNs > nowMs() * 1'000'000 - kSettledNs;
}

std::optional<std::string> DvcWorkTree::read(std::string_view path) const {
    remember(path);
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
    remember(folder);
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
