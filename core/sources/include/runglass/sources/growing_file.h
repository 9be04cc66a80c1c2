// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "runglass/base/file_descriptor.h"
#include "runglass/base/result.h"

namespace runglass::sources {

/// What tells whether a file is still the one that was read: identity, size and time of the last change.
struct FileStamp {
    std::filesystem::path path;
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::int64_t modifiedNs = 0;
    bool exists = false;

    static FileStamp of(const std::filesystem::path& path);
    friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

/// A file of another tool that is read a piece at a time while that tool appends to it. Opened for reading
/// only, without locking; FIFOs and devices are refused. Nothing is mapped, so that a file which shrinks
/// while it is read costs a short read and not a SIGBUS. Each refresh() and read() opens and closes the file:
/// a project may have more files than a process may have descriptors.
class GrowingFile {
public:
    enum class Change {
        None,
        Grown,      ///< there is more beyond consumed()
        Rewritten,  ///< replaced, truncated or changed in place: start again at 0
        Gone,
    };

    explicit GrowingFile(std::filesystem::path path)
        : m_path(std::move(path)) {}

    /// Looks at the file again. After Rewritten, consumed() is 0. Errors: Permission, Io, Invalid (not a
    /// regular file).
    Result<Change> refresh();

    /// Up to `most` bytes from consumed() on; fewer at the end of the file as refresh() saw it. Does not move
    /// consumed().
    Result<std::string> read(std::size_t most) const;
    /// The same from any place.
    Result<std::string> readAt(std::uint64_t offset, std::size_t most) const;
    /// Says that the next `count` bytes are done with. What stays unconsumed (half a record) is read again.
    Result<void> consume(std::uint64_t count);
    /// Says that nothing is done with yet, as after Rewritten.
    void startAgain();

    [[nodiscard]] std::uint64_t consumed() const { return m_consumed; }
    [[nodiscard]] std::uint64_t size() const { return m_stamp.size; }
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    [[nodiscard]] const FileStamp& stamp() const { return m_stamp; }

private:
    [[nodiscard]] Result<FileDescriptor> open() const;
    [[nodiscard]] Result<bool> witnessHolds() const;

    std::filesystem::path m_path;
    FileStamp m_stamp;
    std::uint64_t m_consumed = 0;
    std::string m_witness;  ///< the last bytes before consumed(): a file rewritten in place will differ there
};

}  // namespace runglass::sources
