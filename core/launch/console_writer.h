// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "console_segments.h"
#include "runglass/base/file_descriptor.h"
#include "runglass/base/result.h"

namespace runglass::launch {

/// Appends to the console files of a run folder. On a full disk, pieces are held in memory up to
/// kBacklogBytes (then the oldest are dropped, which readers see as a gap) and written when there is room.
/// One thread at a time.
class ConsoleWriter {
public:
    struct Limits {
        std::uint64_t headBytes = console::kHeadBytes;
        std::uint64_t segmentBytes = console::kSegmentBytes;
        std::uint64_t tailSegments = console::kTailSegments;
        std::uint64_t backlogBytes = 8U << 20U;
    };

    explicit ConsoleWriter(std::filesystem::path folder);
    ConsoleWriter(std::filesystem::path folder, const Limits& limits);

    /// Segments beyond the limit are kept until `followedTo` has passed them: the offset, within all that was
    /// printed, up to which somebody has read; nothing when nobody does.
    using FollowedTo = std::function<std::optional<std::uint64_t>()>;
    void setFollower(FollowedTo followedTo) { m_followedTo = std::move(followedTo); }
    /// More than the limit is kept for a follower; whoever appends should wait.
    [[nodiscard]] bool waitsForFollower() { return !dropOldSegments(); }

    void append(Stream stream, std::string_view bytes, std::int64_t timeMs);
    /// Tries again to write what is held back. True when nothing is.
    bool flush();

    /// Why pieces are held back: the errno of the last attempt, 0 when none are.
    [[nodiscard]] int trouble() const { return m_trouble; }
    [[nodiscard]] std::uint64_t heldBytes() const { return m_backlogBytes; }
    [[nodiscard]] std::uint64_t printedBytes() const { return m_printed; }

private:
    struct Piece {
        console::IndexRecord record;
        std::string bytes;
        std::size_t logged = 0;   ///< bytes that are in the log already
        std::size_t indexed = 0;  ///< bytes of the record that are in the index already
    };

    bool writePiece(Piece& piece, std::string_view bytes);
    bool openSegment();
    void startNextSegment(std::uint64_t end);
    bool dropOldSegments();
    bool writeSome(int file, const char* data, std::size_t size, std::size_t& done);

    std::filesystem::path m_folder;
    Limits m_limits;
    std::uint64_t m_segment = 0;
    std::uint64_t m_segmentBytes = 0;
    std::uint64_t m_oldest = 1;            ///< segment that goes next
    std::deque<std::uint64_t> m_tailEnds;  ///< offsets where the segments from m_oldest on end, but the last
    FollowedTo m_followedTo;
    std::uint64_t m_printed = 0;
    std::uint64_t m_backlogBytes = 0;
    std::deque<Piece> m_backlog;
    FileDescriptor m_log;
    FileDescriptor m_index;
    int m_trouble = 0;
};

/// After a crash: gives an index record to bytes that reached the log but not yet the index.
void repairConsole(const std::filesystem::path& folder);

}  // namespace runglass::launch
