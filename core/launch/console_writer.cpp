// SPDX-License-Identifier: GPL-3.0-or-later
#include "console_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>

#include "runglass/base/clock.h"

namespace runglass::launch {

namespace {

FileDescriptor openForAppend(const std::filesystem::path& path) {
    return FileDescriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
}

std::uint64_t sizeOf(const std::filesystem::path& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

}  // namespace

ConsoleWriter::ConsoleWriter(std::filesystem::path folder)
    : ConsoleWriter(std::move(folder), Limits{}) {}

ConsoleWriter::ConsoleWriter(std::filesystem::path folder, const Limits& limits)
    : m_folder(std::move(folder))
    , m_limits(limits) {}

void ConsoleWriter::append(Stream stream, std::string_view bytes, std::int64_t timeMs) {
    constexpr std::size_t kMostPerPiece = std::numeric_limits<std::uint32_t>::max();
    while (!bytes.empty()) {
        const std::string_view part = bytes.substr(0, kMostPerPiece);
        bytes.remove_prefix(part.size());
        Piece piece;
        piece.record = {m_printed,
                        timeMs,
                        static_cast<std::uint32_t>(part.size()),
                        static_cast<std::uint8_t>(stream),
                        {}};
        m_printed += part.size();
        if (m_backlog.empty() && writePiece(piece, part)) {
            continue;
        }
        piece.bytes = part;
        m_backlogBytes += part.size();
        m_backlog.push_back(std::move(piece));
        // The front piece may be half written already, so the one behind it goes first.
        while (m_backlogBytes > m_limits.backlogBytes && m_backlog.size() > 2) {
            m_backlogBytes -= m_backlog[1].bytes.size();
            m_backlog.erase(m_backlog.begin() + 1);
        }
    }
}

bool ConsoleWriter::flush() {
    while (!m_backlog.empty()) {
        Piece& piece = m_backlog.front();
        if (!writePiece(piece, piece.bytes)) {
            return false;
        }
        m_backlogBytes -= piece.bytes.size();
        m_backlog.pop_front();
    }
    return true;
}

bool ConsoleWriter::writePiece(Piece& piece, std::string_view bytes) {
    if (!openSegment() || !writeSome(m_log.get(), bytes.data(), bytes.size(), piece.logged)) {
        return false;
    }
    const auto* record = reinterpret_cast<const char*>(&piece.record);
    if (!writeSome(m_index.get(), record, sizeof piece.record, piece.indexed)) {
        return false;
    }
    m_trouble = 0;
    m_segmentBytes += bytes.size();
    if (m_segmentBytes >= (m_segment == 0 ? m_limits.headBytes : m_limits.segmentBytes)) {
        startNextSegment(piece.record.offset + piece.record.length);
    }
    return true;
}

bool ConsoleWriter::openSegment() {
    if (!m_log.valid()) {
        m_log = openForAppend(console::segmentFile(m_folder, m_segment, "log"));
    }
    if (m_log.valid() && !m_index.valid()) {
        m_index = openForAppend(console::segmentFile(m_folder, m_segment, "idx"));
    }
    if (!m_log.valid() || !m_index.valid()) {
        m_trouble = errno;
        return false;
    }
    return true;
}

void ConsoleWriter::startNextSegment(std::uint64_t end) {
    m_log.reset();
    m_index.reset();
    m_segmentBytes = 0;
    if (m_segment > 0) {
        m_tailEnds.push_back(end);
    }
    ++m_segment;
    dropOldSegments();
}

bool ConsoleWriter::dropOldSegments() {
    while (m_segment >= m_oldest + m_limits.tailSegments) {
        const auto followed = m_followedTo ? m_followedTo() : std::nullopt;
        if (followed && *followed < m_tailEnds.front()) {
            return false;
        }
        ::unlink(console::segmentFile(m_folder, m_oldest, "idx").c_str());
        ::unlink(console::segmentFile(m_folder, m_oldest, "log").c_str());
        m_tailEnds.pop_front();
        ++m_oldest;
    }
    return true;
}

bool ConsoleWriter::writeSome(int file, const char* data, std::size_t size, std::size_t& done) {
    while (done < size) {
        const ssize_t count = ::write(file, data + done, size - done);
        if (count < 0) {
            if (errno == EINTR) {
                continue;
            }
            m_trouble = errno;
            return false;
        }
        done += static_cast<std::size_t>(count);
    }
    return true;
}

void repairConsole(const std::filesystem::path& folder) {
    const auto segments = console::segments(folder);
    const std::uint64_t segment = segments.empty() ? 0 : segments.back();
    const auto indexPath = console::segmentFile(folder, segment, "idx");
    const FileDescriptor index(::open(indexPath.c_str(), O_RDWR | O_CLOEXEC));
    if (!index.valid()) {
        return;
    }
    const std::uint64_t records = sizeOf(indexPath) / sizeof(console::IndexRecord);
    std::uint64_t indexed = 0;
    console::IndexRecord record;
    for (std::uint64_t i = 0; i < records; ++i) {
        if (::pread(index.get(), &record, sizeof record, static_cast<off_t>(i * sizeof record)) !=
            static_cast<ssize_t>(sizeof record)) {
            return;
        }
        indexed += record.length;
    }
    const std::uint64_t logged = sizeOf(console::segmentFile(folder, segment, "log"));
    if (logged <= indexed) {
        return;
    }
    const console::IndexRecord missing{record.offset + record.length,
                                       records == 0 ? nowMs() : record.timeMs,
                                       static_cast<std::uint32_t>(logged - indexed),
                                       static_cast<std::uint8_t>(Stream::Out),
                                       {}};
    // At the end of the last whole record, so that a half-written one does not shift what follows.
    [[maybe_unused]] const auto written =
        ::pwrite(index.get(), &missing, sizeof missing, static_cast<off_t>(records * sizeof missing));
}

}  // namespace runglass::launch
