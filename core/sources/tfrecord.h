// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "runglass/base/bytes.h"
#include "runglass/sources/growing_file.h"
#include "runglass/sources/reader.h"

namespace runglass::sources {

/// One record of a TFRecord file:
/// `u64 length | u32 masked crc(length) | bytes | u32 masked crc(bytes)`, little-endian
/// (https://www.tensorflow.org/tutorials/load_data/tfrecord).
struct TfRecord {
    ByteView bytes;
    std::uint64_t offset = 0;  ///< of the record in the file
};

/// CRC-32C, rotated and shifted so that checksums of data that holds checksums stay useful.
std::uint32_t maskedCrc32c(ByteView bytes);

/// Takes records out of consecutive bytes. Never reads beyond them.
class TfRecordCursor {
public:
    enum class Step {
        Record,     ///< record() is the next one
        BadData,    ///< the checksum of the next one is wrong; it has been passed over
        BadLength,  ///< there is no way to tell where the next one starts
        Partial,    ///< the bytes end within the next one; wanted() says how many it takes
    };

    /// `offset` is the place of the first byte in its file.
    TfRecordCursor(ByteView bytes, std::uint64_t offset)
        : m_bytes(bytes)
        , m_offset(offset) {}

    Step next();
    [[nodiscard]] const TfRecord& record() const { return m_record; }
    /// Bytes passed over so far: whole records only.
    [[nodiscard]] std::size_t consumed() const { return m_consumed; }
    /// After Partial: the size of the next record with its frame; 0 when not even that is there.
    [[nodiscard]] std::uint64_t wanted() const { return m_wanted; }

private:
    ByteView m_bytes;
    std::uint64_t m_offset;
    std::size_t m_consumed = 0;
    std::uint64_t m_wanted = 0;
    TfRecord m_record;
};

/// Takes the records of a file one after another.
class TfRecordVisitor {
public:
    TfRecordVisitor() = default;
    TfRecordVisitor(const TfRecordVisitor&) = delete;
    TfRecordVisitor& operator=(const TfRecordVisitor&) = delete;
    virtual ~TfRecordVisitor() = default;
    /// `record.bytes` is valid during the call only.
    virtual void take(const TfRecord& record) = 0;
};

/// What kept a part of a file from being read, one entry a reason.
class DamageList {
public:
    enum class By { Reader, Tool };
    /// One more at `offset`; the first one of its reason keeps its place. `by` says who leaves it out.
    void add(const std::filesystem::path& file, std::uint64_t offset, std::string_view reason,
             By by = By::Reader);
    void clear() { m_entries.clear(); }
    void append(const DamageList& other);
    [[nodiscard]] const std::vector<Damage>& entries() const { return m_entries; }

private:
    std::vector<Damage> m_entries;
};

/// How far scanTfRecords() came.
struct TfRecordScan {
    std::uint64_t end = 0;                   ///< where the first record starts that was not read
    std::optional<std::uint64_t> badLength;  ///< the file cannot be read from here on
    DamageList damage;                       ///< records left out
};

/// Gives `visitor` every record from `offset` to the end of the file as refresh() saw it. A record that is
/// only half there is left for later. Errors: Cancelled, and those of GrowingFile::readAt.
Result<TfRecordScan> scanTfRecords(const GrowingFile& file, std::uint64_t offset, TfRecordVisitor& visitor,
                                   const std::stop_token& stop);

/// Gives `visitor` the one record that starts at `offset`, if it is whole and sound.
Result<void> readTfRecord(const GrowingFile& file, std::uint64_t offset, TfRecordVisitor& visitor);

}  // namespace runglass::sources
