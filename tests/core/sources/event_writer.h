// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "runglass/base/crc32c.h"

/// A writer of TensorBoard event files for tests: shares nothing with the reader but the portable CRC-32C,
/// whose results tst_crc32c holds against published ones.
namespace runglass::test {

/// Builds a protobuf message field by field.
class Message {
public:
    Message& varint(std::uint32_t field, std::uint64_t value) {
        key(field, 0);
        raw(value);
        return *this;
    }
    Message& real64(std::uint32_t field, double value) {
        key(field, 1);
        return fixed(value);
    }
    Message& real32(std::uint32_t field, float value) {
        key(field, 5);
        return fixed(value);
    }
    Message& bytes(std::uint32_t field, std::string_view value) {
        key(field, 2);
        raw(value.size());
        m_bytes += value;
        return *this;
    }
    /// Without a key: the elements of a packed list.
    Message& raw(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7U) {
            m_bytes += static_cast<char>(value | 0x80U);
        }
        m_bytes += static_cast<char>(value);
        return *this;
    }
    template <typename T>
    Message& fixed(T value) {
        char bytes[sizeof value];
        std::memcpy(bytes, &value, sizeof value);
        m_bytes.append(bytes, sizeof value);
        return *this;
    }
    [[nodiscard]] const std::string& str() const { return m_bytes; }

private:
    void key(std::uint32_t field, std::uint32_t wireType) { raw(field << 3U | wireType); }
    std::string m_bytes;
};

inline std::string tfRecord(std::string_view data) {
    const auto masked = [](std::string_view text) {
        const auto crc = crc32cPortable({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
        return ((crc >> 15U) | (crc << 17U)) + 0xA282EAD8U;
    };
    const auto length = Message().fixed(static_cast<std::uint64_t>(data.size())).str();
    return length + Message().fixed(masked(length)).str() + std::string(data) +
           Message().fixed(masked(data)).str();
}

inline std::string versionRecord(double time) {
    return tfRecord(Message().real64(1, time).bytes(3, "brain.Event:2").str());
}

/// A record of one summary with one value, whose message is given.
inline std::string valueRecord(std::int64_t step, double time, const Message& value) {
    return tfRecord(Message()
                        .real64(1, time)
                        .varint(2, static_cast<std::uint64_t>(step))
                        .bytes(5, Message().bytes(1, value.str()).str())
                        .str());
}

inline std::string scalarRecord(std::string_view tag, std::int64_t step, float value, double time = 1.6e9) {
    return valueRecord(step, time, Message().bytes(1, tag).real32(2, value));
}

/// SummaryMetadata of a plugin.
inline std::string metadata(std::string_view plugin, std::string_view content = {}) {
    return Message().bytes(1, Message().bytes(1, plugin).bytes(2, content).str()).str();
}

}  // namespace runglass::test
