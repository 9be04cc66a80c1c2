// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <zlib.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "wire_message.h"

namespace runglass::test {

/// A log as LevelDB writes it, with the header and the checksum of W&B.
class LevelLogWriter {
public:
    explicit LevelLogWriter(std::string header)
        : m_bytes(std::move(header)) {}
    static LevelLogWriter wandb() { return LevelLogWriter(std::string(":W&B\xE1\xBE\x00", 7)); }
    static LevelLogWriter swanlab() { return LevelLogWriter(std::string(":SWL\xD6\xE1\x02", 7)); }

    LevelLogWriter& record(const Message& message) { return record(message.bytes()); }
    LevelLogWriter& record(std::string_view payload) {
        bool first = true;
        do {
            auto left = kBlock - m_bytes.size() % kBlock;
            if (left < 7) {
                m_bytes.append(left, '\0');
                left = kBlock;
            }
            const auto part = payload.substr(0, left - 7);
            payload.remove_prefix(part.size());
            const bool last = payload.empty();
            chunk(first && last ? 1 : first ? 2 : last ? 4 : 3, part);
            first = false;
        } while (!payload.empty());
        return *this;
    }
    [[nodiscard]] const std::string& bytes() const { return m_bytes; }

private:
    static constexpr std::size_t kBlock = 32768;

    void chunk(char type, std::string_view payload) {
        std::string body(1, type);
        body += payload;
        const auto sum = static_cast<std::uint32_t>(
            ::crc32(0, reinterpret_cast<const unsigned char*>(body.data()), static_cast<uInt>(body.size())));
        const auto size = static_cast<std::uint16_t>(payload.size());
        m_bytes.append(reinterpret_cast<const char*>(&sum), 4);
        m_bytes.append(reinterpret_cast<const char*>(&size), 2);
        m_bytes += body;
    }
    std::string m_bytes;
};

}  // namespace runglass::test
