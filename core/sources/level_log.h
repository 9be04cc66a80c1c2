// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <stop_token>
#include <string_view>

#include "runglass/base/bytes.h"
#include "runglass/base/result.h"
#include "runglass/sources/growing_file.h"

namespace runglass::sources {

/// The seven bytes at the front of a log.
struct LevelLogHeader {
    std::string_view ident;  ///< four characters
    std::uint16_t magic = 0;
    std::uint8_t version = 0;
};
inline constexpr LevelLogHeader kWandbHeader{":W&B", 0xBEE1, 0};
inline constexpr LevelLogHeader kSwanlabHeader{":SWL", 0xE1D6, 2};

/// The log of LevelDB (https://github.com/google/leveldb/blob/main/doc/log_format.md) as W&B and SwanLab
/// write it: after a header of seven bytes, records in chunks that do not cross blocks of 32 KiB, counted
/// from the beginning of the file. The checksum is plain CRC-32 (IEEE) over type and payload.
///
/// Takes the file a piece at a time and keeps only the record that is not complete yet. A damaged chunk costs
/// its record: reading goes on behind it where a sound chunk follows, else at the next block.
class LevelLog {
public:
    explicit LevelLog(const LevelLogHeader& header)
        : m_header(header) {}

    /// Decodes what is whole of `bytes`, which begin at `at`, and calls `take(record, offset)` for each
    /// record. Returns how many bytes are done with; 0 when there is too little to go on.
    template <typename Take>
    std::size_t feed(ByteView bytes, std::uint64_t at, Take&& take);

    /// Reads on in `file`, from consumed() to the end as refresh() saw it.
    template <typename Take>
    Result<void> readOn(GrowingFile& file, std::stop_token stop, Take&& take);

    void startAgain() { *this = LevelLog(m_header); }
    [[nodiscard]] bool hasHeader() const { return m_hasHeader; }
    /// Whether the beginning of a record has been read, and its end has not come yet.
    [[nodiscard]] bool inRecord() const { return m_inRecord; }
    [[nodiscard]] std::uint64_t badRecords() const { return m_bad; }
    [[nodiscard]] std::uint64_t firstBadOffset() const { return m_firstBad; }

private:
    enum class Chunk : std::uint8_t { Full = 1, First = 2, Middle = 3, Last = 4 };
    struct Step {
        std::size_t length = 0;  ///< 0: wait for more
        bool complete = false;   ///< m_record is one
    };

    [[nodiscard]] bool isHeader(ByteView bytes) const;
    Step step(ByteView bytes, std::uint64_t at);
    Step damaged(ByteView bytes, std::uint64_t at, std::size_t length);
    void addBad(std::uint64_t at);

    static constexpr std::size_t kBlock = 32768;
    static constexpr std::size_t kHeaderBytes = 7;  // of the file, and of each chunk
    static constexpr std::size_t kMaxRecord = std::size_t{256} << 20U;

    LevelLogHeader m_header;
    bool m_hasHeader = false;
    bool m_inRecord = false;
    Bytes m_record;
    std::uint64_t m_recordAt = 0;
    std::uint64_t m_bad = 0;
    std::uint64_t m_firstBad = 0;
};

template <typename Take>
std::size_t LevelLog::feed(ByteView bytes, std::uint64_t at, Take&& take) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto next = step(bytes.subspan(done), at + done);
        if (next.complete) {
            take(ByteView(m_record), m_recordAt);
        }
        if (next.length == 0) {
            break;
        }
        done += next.length;
    }
    return done;
}

template <typename Take>
Result<void> LevelLog::readOn(GrowingFile& file, std::stop_token stop, Take&& take) {
    constexpr std::size_t kPiece = 1U << 20U;
    while (file.consumed() < file.size() && !stop.stop_requested()) {
        RUNGLASS_ASSIGN(const auto piece, file.read(kPiece));
        const ByteView bytes(reinterpret_cast<const std::uint8_t*>(piece.data()), piece.size());
        const auto done = feed(bytes, file.consumed(), take);
        if (done == 0) {
            break;
        }
        RUNGLASS_TRY(file.consume(done));
    }
    return {};
}

}  // namespace runglass::sources
