// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runglass/base/crc32c.h"
#include "wire_message.h"

/// A writer of TensorBoard event files for tests: shares nothing with the reader but the portable CRC-32C,
/// whose results tst_crc32c holds against published ones.
namespace runglass::test {

inline std::string tfRecord(std::string_view data) {
    const auto masked = [](std::string_view text) {
        const auto crc = crc32cPortable({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
        return ((crc >> 15U) | (crc << 17U)) + 0xA282EAD8U;
    };
    const auto length = Message().fixed(static_cast<std::uint64_t>(data.size())).bytes();
    return length + Message().fixed(masked(length)).bytes() + std::string(data) +
           Message().fixed(masked(data)).bytes();
}

inline std::string versionRecord(double time) {
    return tfRecord(Message().real(1, time).text(3, "brain.Event:2").bytes());
}

/// A record of one summary with one value, whose message is given.
inline std::string valueRecord(std::int64_t step, double time, const Message& value) {
    return tfRecord(Message()
                        .real(1, time)
                        .number(2, static_cast<std::uint64_t>(step))
                        .text(5, Message().text(1, value.bytes()).bytes())
                        .bytes());
}

inline std::string scalarRecord(std::string_view tag, std::int64_t step, float value, double time = 1.6e9) {
    return valueRecord(step, time, Message().text(1, tag).real32(2, value));
}

/// `SessionLog.START`, as `SummaryWriter(purge_step=step)` writes it.
inline std::string startRecord(std::int64_t step, double time = 1.6e9) {
    return tfRecord(Message()
                        .real(1, time)
                        .number(2, static_cast<std::uint64_t>(step))
                        .text(7, Message().number(1, 1).bytes())
                        .bytes());
}

/// SummaryMetadata of a plugin.
inline std::string metadata(std::string_view plugin, std::string_view content = {}) {
    return Message().text(1, Message().text(1, plugin).text(2, content).bytes()).bytes();
}

}  // namespace runglass::test
