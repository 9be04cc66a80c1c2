// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/file_descriptor.h"
#include "runglass/base/result.h"
#include "runglass/sources/folder.h"
#include "runglass/sources/growing_file.h"

namespace runglass::sources {

/// FileStamp without its path, for readers that keep thousands of them.
struct FileMark {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::int64_t modifiedNs = 0;
    friend bool operator==(const FileMark&, const FileMark&) = default;

    [[nodiscard]] bool exists() const { return inode != 0; }
    [[nodiscard]] bool sameFile(const FileMark& other) const {
        return device == other.device && inode == other.inode;
    }
    [[nodiscard]] FileStamp stamp(std::filesystem::path path) const;
};

/// FileStamp::of(stamp.path) == stamp, for tens of thousands of them.
bool isAsStamped(const FileStamp& stamp);

/// An open folder, for stores of very many small files: what lies in it is opened relative to it, so that the
/// kernel walks one name and not the whole path, and nothing leads out of it: links are not followed, names
/// with a slash or `..` are walked one by one.
class FolderHandle {
public:
    FolderHandle() = default;  ///< invalid
    /// Invalid when the folder is not there, is a link or may not be read; see valid().
    static FolderHandle open(const std::filesystem::path& folder);
    [[nodiscard]] FolderHandle sub(std::string_view path) const;

    [[nodiscard]] bool valid() const { return m_descriptor.valid(); }
    [[nodiscard]] FileMark mark() const;
    [[nodiscard]] FileMark markOf(const char* name) const;

    /// Names and kinds, unsorted, into `entries` (whose memory is used again). False where that fails; errno
    /// says why, also where open() did.
    bool list(std::vector<Entry>& entries) const;

    /// Opens a regular file for reading; false when it is not there, is something else or may not be read.
    bool openFile(const char* name, FileDescriptor& file, std::uint64_t& size) const;

    /// The content of a regular file into `content` from `offset` on (at most `limit` bytes of it), with the
    /// mark that it had just before. Nothing when it is not there or cannot be read.
    std::optional<FileMark> read(const char* name, std::string& content, std::uint64_t limit,
                                 std::uint64_t offset = 0) const;

private:
    explicit FolderHandle(FileDescriptor descriptor)
        : m_descriptor(std::move(descriptor)) {}

    FileDescriptor m_descriptor;
};

/// As listFolder(folder), with the stamp that the folder had just before.
Result<Folder> listFolder(const std::filesystem::path& folder, FileStamp& before);

}  // namespace runglass::sources
