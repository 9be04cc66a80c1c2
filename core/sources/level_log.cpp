// SPDX-License-Identifier: GPL-3.0-or-later
#include "level_log.h"

#include <zlib.h>

#include <algorithm>

#include "level_log_run.h"
#include "runglass/sources/folder.h"

namespace runglass::sources {
namespace {

std::uint32_t word32(ByteView bytes) {
    return static_cast<std::uint32_t>(bytes[0]) | static_cast<std::uint32_t>(bytes[1]) << 8U |
           static_cast<std::uint32_t>(bytes[2]) << 16U | static_cast<std::uint32_t>(bytes[3]) << 24U;
}

/// CRC-32 of IEEE 802.3 (reflected polynomial 0xEDB88320).
std::uint32_t checksum(ByteView bytes) {
    return static_cast<std::uint32_t>(::crc32(0, bytes.data(), static_cast<uInt>(bytes.size())));
}

std::size_t word16(ByteView bytes) {
    return static_cast<std::size_t>(bytes[0]) | static_cast<std::size_t>(bytes[1]) << 8U;
}

}  // namespace

bool LevelLog::isHeader(ByteView bytes) const {
    return std::equal(m_header.ident.begin(), m_header.ident.end(), bytes.begin(),
                      [](char c, std::uint8_t byte) { return static_cast<std::uint8_t>(c) == byte; }) &&
           word16(bytes.subspan(4)) == m_header.magic && bytes[6] == m_header.version;
}

void LevelLog::addBad(std::uint64_t at) {
    if (m_bad++ == 0) {
        m_firstBad = at;
    }
    m_inRecord = false;
    m_record.clear();
}

/// A chunk that is not what it says to be. `length` is where the next one would begin if only the payload
/// was damaged.
LevelLog::Step LevelLog::damaged(ByteView bytes, std::uint64_t at, std::size_t length) {
    addBad(at);
    const auto toNextBlock = kBlock - static_cast<std::size_t>(at % kBlock);
    const bool room = length > 0 && length + kHeaderBytes <= std::min(bytes.size(), toNextBlock);
    if (room) {
        const auto next = bytes.subspan(length);
        const auto size = word16(next.subspan(4));
        if (kHeaderBytes + size <= next.size() && next[6] >= 1 && next[6] <= 4 &&
            checksum(next.subspan(6, size + 1)) == word32(next)) {
            return {length, false};
        }
    }
    return {std::min(bytes.size(), toNextBlock), false};
}

LevelLog::Step LevelLog::step(ByteView bytes, std::uint64_t at) {
    m_record.resize(m_inRecord ? m_record.size() : 0);
    const auto left = kBlock - static_cast<std::size_t>(at % kBlock);
    if (at != 0 && left < kHeaderBytes) {  // padding
        return {bytes.size() >= left ? left : 0, false};
    }
    if (bytes.size() < kHeaderBytes) {
        return {};
    }
    if (at == 0) {
        m_hasHeader = isHeader(bytes);
        return {m_hasHeader ? kHeaderBytes : 0, false};
    }
    const auto size = word16(bytes.subspan(4));
    const auto type = bytes[6];
    if (word32(bytes) == 0 && size == 0 && type == 0) {  // space that was reserved; the rest of the block is
        return {bytes.size() >= left ? left : 0, false};
    }
    if (type < 1 || type > 4 || size > left - kHeaderBytes) {
        return damaged(bytes, at, 0);
    }
    if (bytes.size() < kHeaderBytes + size) {
        return {};
    }
    if (checksum(bytes.subspan(6, size + 1)) != word32(bytes)) {
        return damaged(bytes, at, kHeaderBytes + size);
    }
    const auto chunk = static_cast<Chunk>(type);
    const bool begins = chunk == Chunk::Full || chunk == Chunk::First;
    if (begins) {
        if (m_inRecord) {
            addBad(m_recordAt);  // one that never ended
        }
        m_record.clear();
        m_recordAt = at;
        m_inRecord = true;
    } else if (!m_inRecord) {  // the rest of one whose beginning was damaged, and counted then
        return {kHeaderBytes + size, false};
    }
    if (m_record.size() + size > kMaxRecord) {
        addBad(m_recordAt);
        return {kHeaderBytes + size, false};
    }
    const auto payload = bytes.subspan(kHeaderBytes, size);
    m_record.insert(m_record.end(), payload.begin(), payload.end());
    const bool complete = chunk == Chunk::Full || chunk == Chunk::Last;
    m_inRecord = !complete;
    return {kHeaderBytes + size, complete};
}

std::filesystem::path levelLogIn(const std::filesystem::path& folder, std::string_view ending,
                                 const std::string& otherwise) {
    if (const auto listed = listFolder(folder); listed.ok()) {
        for (const auto& entry : listed->entries) {
            if (entry.kind == EntryKind::File && entry.name.ends_with(ending) && !isAppleDouble(entry.name)) {
                return folder / entry.name;
            }
        }
    }
    return folder / otherwise;
}

bool hasLevelLog(const Folder& folder, std::string_view ending) {
    return std::any_of(folder.entries.begin(), folder.entries.end(), [&](const Entry& entry) {
        return entry.kind == EntryKind::File && entry.name.ends_with(ending) && !isAppleDouble(entry.name);
    });
}

}  // namespace runglass::sources
