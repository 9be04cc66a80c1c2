// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <utility>

#include "console_segments.h"
#include "runglass/base/file.h"
#include "runglass/base/file_descriptor.h"
#include "runglass/base/translate.h"

namespace runglass::launch {

namespace {

/// Fills `size` bytes from `offset`, fewer at the end of the file.
std::size_t readAt(int file, void* data, std::size_t size, std::uint64_t offset) {
    std::size_t done = 0;
    while (done < size) {
        const ssize_t count =
            ::pread(file, static_cast<char*>(data) + done, size - done, static_cast<off_t>(offset + done));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            break;
        }
        done += static_cast<std::size_t>(count);
    }
    return done;
}

}  // namespace

class ConsoleReader::Impl {
public:
    explicit Impl(std::filesystem::path folder)
        : m_folder(std::move(folder)) {}

    Result<std::vector<ConsoleChunk>> poll(std::size_t maxBytes) {
        std::vector<ConsoleChunk> chunks;
        std::size_t bytes = 0;
        while (bytes < maxBytes) {
            RUNGLASS_ASSIGN(const bool open, openSegment());
            if (!open) {
                break;
            }
            if (readSegment(chunks, bytes, maxBytes)) {
                continue;
            }
            // A later segment is begun only when this one is complete; what came to it between the last look
            // and that moment is read before moving on.
            const auto next = segmentAfter(m_segment);
            if (!next) {
                break;
            }
            if (!readSegment(chunks, bytes, maxBytes)) {
                enter(*next);
            }
        }
        return chunks;
    }

    [[nodiscard]] std::uint64_t dropped() const { return m_dropped; }

private:
    Result<bool> openSegment() {
        if (m_index.valid()) {
            return true;
        }
        const auto indexPath = console::segmentFile(m_folder, m_segment, "idx");
        m_index.reset(::open(indexPath.c_str(), O_RDONLY | O_CLOEXEC));
        if (!m_index.valid()) {
            if (errno != ENOENT) {
                return errorFromErrno(errno, tr("The console of the run cannot be read."), indexPath);
            }
            if (const auto next = segmentAfter(m_segment)) {  // this one was dropped meanwhile
                enter(*next);
                return openSegment();
            }
            return false;
        }
        m_log.reset(::open(console::segmentFile(m_folder, m_segment, "log").c_str(), O_RDONLY | O_CLOEXEC));
        if (!m_log.valid()) {
            m_index.reset();
            return false;
        }
        return true;
    }

    void enter(std::uint64_t segment) {
        m_segment = segment;
        m_indexOffset = 0;
        m_logOffset = 0;
        m_index.reset();
        m_log.reset();
    }

    /// Appends the next records of this segment; false when it has no more for now.
    bool readSegment(std::vector<ConsoleChunk>& chunks, std::size_t& bytes, std::size_t maxBytes) {
        std::array<console::IndexRecord, 256> records;
        const std::size_t count =
            readAt(m_index.get(), records.data(), sizeof records, m_indexOffset) / sizeof records[0];
        std::size_t taken = 0;
        while (taken < count && bytes < maxBytes) {
            const auto& record = records[taken];
            if (!append(record, chunks)) {
                break;
            }
            bytes += record.length;
            ++taken;
        }
        m_indexOffset += taken * sizeof records[0];
        return taken > 0;
    }

    bool append(const console::IndexRecord& record, std::vector<ConsoleChunk>& chunks) {
        ConsoleChunk chunk{record.timeMs, record.stream == 2 ? Stream::Err : Stream::Out, record.offset, {}};
        // A length in a damaged index must not allocate more than there is to read.
        const off_t end = ::lseek(m_log.get(), 0, SEEK_END);
        const std::uint64_t available = end < 0 || static_cast<std::uint64_t>(end) < m_logOffset
                                            ? 0
                                            : static_cast<std::uint64_t>(end) - m_logOffset;
        chunk.bytes.resize(std::min<std::uint64_t>(record.length, available));
        chunk.bytes.resize(readAt(m_log.get(), chunk.bytes.data(), chunk.bytes.size(), m_logOffset));
        if (chunk.bytes.size() < record.length) {
            return false;
        }
        if (record.offset > m_expected) {
            m_dropped += record.offset - m_expected;
        }
        m_expected = record.offset + record.length;
        m_logOffset += record.length;
        chunks.push_back(std::move(chunk));
        return true;
    }

    [[nodiscard]] std::optional<std::uint64_t> segmentAfter(std::uint64_t segment) const {
        const auto segments = console::segments(m_folder);
        const auto next = std::upper_bound(segments.begin(), segments.end(), segment);
        return next == segments.end() ? std::nullopt : std::optional(*next);
    }

    std::filesystem::path m_folder;
    std::uint64_t m_segment = 0;
    std::uint64_t m_indexOffset = 0;
    std::uint64_t m_logOffset = 0;
    std::uint64_t m_expected = 0;
    std::uint64_t m_dropped = 0;
    FileDescriptor m_index;
    FileDescriptor m_log;
};

ConsoleReader::ConsoleReader(std::filesystem::path runFolder)
    : m_impl(std::make_unique<Impl>(std::move(runFolder))) {}
ConsoleReader::~ConsoleReader() = default;
ConsoleReader::ConsoleReader(ConsoleReader&&) noexcept = default;
ConsoleReader& ConsoleReader::operator=(ConsoleReader&&) noexcept = default;

Result<std::vector<ConsoleChunk>> ConsoleReader::poll(std::size_t maxBytes) {
    return m_impl->poll(maxBytes);
}

std::uint64_t ConsoleReader::droppedBytes() const {
    return m_impl->dropped();
}

}  // namespace runglass::launch
