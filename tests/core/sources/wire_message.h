// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace runglass::test {

/// Builds a protobuf message field by field, by hand: what TensorBoard, W&B and SwanLab put into their logs.
class Message {
public:
    Message& number(std::uint32_t field, std::uint64_t value) {
        key(field, 0);
        raw(value);
        return *this;
    }
    Message& real(std::uint32_t field, double value) {
        key(field, 1);
        return fixed(value);
    }
    Message& real32(std::uint32_t field, float value) {
        key(field, 5);
        return fixed(value);
    }
    Message& text(std::uint32_t field, std::string_view value) {
        key(field, 2);
        raw(value.size());
        m_bytes += value;
        return *this;
    }
    Message& message(std::uint32_t field, const Message& value) { return text(field, value.m_bytes); }
    /// Without a key: the elements of a packed list.
    Message& raw(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7U) {
            m_bytes += static_cast<char>(static_cast<unsigned char>(value | 0x80U));
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
    [[nodiscard]] const std::string& bytes() const { return m_bytes; }

private:
    void key(std::uint32_t field, std::uint32_t wireType) { raw(field << 3U | wireType); }
    std::string m_bytes;
};

}  // namespace runglass::test
