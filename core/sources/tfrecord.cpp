// SPDX-License-Identifier: GPL-3.0-or-later
#include "tfrecord.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "runglass/base/crc32c.h"
#include "runglass/base/translate.h"

namespace runglass::sources {

namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kCrcBytes = 4;
constexpr std::size_t kHeaderBytes = kLengthBytes + kCrcBytes;
constexpr std::size_t kFrameBytes = kHeaderBytes + kCrcBytes;
/// What is read at a time, and what a larger record may take: only model graphs are larger, and those hold
/// nothing that is shown.
constexpr std::size_t kPieceBytes = std::size_t{1} << 20U;
constexpr std::uint64_t kLargestRecord = std::uint64_t{64} << 20U;

template <typename T>
T load(const std::uint8_t* bytes) {
    T value{};
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

Error cancelled() {
    return {ErrorCode::Cancelled, tr("Reading was cancelled."), {}};
}

}  // namespace

std::uint32_t maskedCrc32c(ByteView bytes) {
    constexpr std::uint32_t kDelta = 0xA282EAD8U;
    return std::rotr(crc32c(bytes), 15) + kDelta;
}

TfRecordCursor::Step TfRecordCursor::next() {
    const std::size_t left = m_bytes.size() - m_consumed;
    const auto* const at = m_bytes.data() + m_consumed;
    m_wanted = 0;
    if (left < kHeaderBytes) {
        return Step::Partial;
    }
    const auto length = load<std::uint64_t>(at);
    if (load<std::uint32_t>(at + kLengthBytes) != maskedCrc32c({at, kLengthBytes}) ||
        length > UINT64_MAX - kFrameBytes) {
        return Step::BadLength;
    }
    if (length + kFrameBytes > left) {
        m_wanted = length + kFrameBytes;
        return Step::Partial;
    }
    const ByteView data(at + kHeaderBytes, static_cast<std::size_t>(length));
    m_record = {data, m_offset + m_consumed};
    m_consumed += static_cast<std::size_t>(length) + kFrameBytes;
    const bool sound = load<std::uint32_t>(data.data() + data.size()) == maskedCrc32c(data);
    return sound ? Step::Record : Step::BadData;
}

void DamageList::add(const std::filesystem::path& file, std::uint64_t offset, std::string_view reason,
                     By by) {
    for (auto& entry : m_entries) {
        if (entry.reason == reason && entry.file == file) {
            ++entry.count;
            return;
        }
    }
    m_entries.push_back({file, offset, 1, std::string(reason), by == By::Tool});
}

void DamageList::append(const DamageList& other) {
    m_entries.insert(m_entries.end(), other.m_entries.begin(), other.m_entries.end());
}

Result<TfRecordScan> scanTfRecords(const GrowingFile& file, std::uint64_t offset, TfRecordVisitor& visitor,
                                   const std::stop_token& stop) {
    TfRecordScan scan;
    scan.end = offset;
    std::size_t most = kPieceBytes;
    while (scan.end < file.size()) {
        if (stop.stop_requested()) {
            return cancelled();
        }
        RUNGLASS_ASSIGN(const auto piece, file.readAt(scan.end, most));
        const bool shrunk = piece.size() < std::min<std::uint64_t>(most, file.size() - scan.end);
        TfRecordCursor cursor({reinterpret_cast<const std::uint8_t*>(piece.data()), piece.size()}, scan.end);
        auto step = cursor.next();
        for (; step == TfRecordCursor::Step::Record || step == TfRecordCursor::Step::BadData;
             step = cursor.next()) {
            if (step == TfRecordCursor::Step::Record) {
                visitor.take(cursor.record());
            } else {
                scan.damage.add(file.path(), cursor.record().offset,
                                tr("A record does not match its checksum."));
            }
        }
        scan.end += cursor.consumed();
        if (step == TfRecordCursor::Step::BadLength) {
            scan.badLength = scan.end;
            return scan;
        }
        if (shrunk || cursor.wanted() > file.size() - scan.end ||
            (cursor.wanted() == 0 && piece.size() < most)) {
            return scan;  // the rest is not there, or not any more
        }
        if (cursor.wanted() > kLargestRecord) {
            scan.damage.add(file.path(), scan.end, tr("A record is larger than 64 MiB."));
            scan.end += cursor.wanted();
            most = kPieceBytes;
        } else {
            most = std::max<std::size_t>(kPieceBytes, static_cast<std::size_t>(cursor.wanted()));
        }
    }
    return scan;
}

Result<void> readTfRecord(const GrowingFile& file, std::uint64_t offset, TfRecordVisitor& visitor) {
    std::uint64_t most = kHeaderBytes;
    for (int attempt = 0; attempt < 2; ++attempt) {
        RUNGLASS_ASSIGN(const auto bytes, file.readAt(offset, static_cast<std::size_t>(most)));
        TfRecordCursor cursor({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, offset);
        const auto step = cursor.next();
        if (step == TfRecordCursor::Step::Record) {
            visitor.take(cursor.record());
        }
        if (step != TfRecordCursor::Step::Partial || cursor.wanted() > kLargestRecord) {
            return {};
        }
        most = cursor.wanted();
    }
    return {};
}

}  // namespace runglass::sources
