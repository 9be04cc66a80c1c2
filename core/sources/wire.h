// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "runglass/base/bytes.h"

namespace runglass::sources {

/// Walks over the fields of one protobuf message (https://protobuf.dev/programming-guides/encoding/) without
/// copying. Every access is checked against the end of the message: what does not fit ends the walk, and ok()
/// is false from then on. Lengths are read for a file of several GB; hence as few branches as can be.
///
///     for (Wire fields(message); fields.next();) {
///         switch (fields.key()) {
///             case Wire::bytesKey(1): name = fields.text(); break;
///             default: fields.skip();
///         }
///     }
class Wire {
public:
    static constexpr std::uint32_t varintKey(std::uint32_t field) { return field << 3U; }
    static constexpr std::uint32_t fixed64Key(std::uint32_t field) { return field << 3U | 1U; }
    static constexpr std::uint32_t bytesKey(std::uint32_t field) { return field << 3U | 2U; }
    static constexpr std::uint32_t fixed32Key(std::uint32_t field) { return field << 3U | 5U; }

    explicit Wire(ByteView message)
        : m_at(message.data())
        , m_end(message.data() + message.size()) {}

    /// Moves on to the next field; false at the end and after anything malformed.
    bool next() {
        if (m_at == m_end) {
            return false;
        }
        const auto key = varint();
        if (key > UINT32_MAX || key < 8) {
            fail();
        }
        m_key = static_cast<std::uint32_t>(key);
        return m_ok;
    }
    /// Field number and wire type together, to be compared with the ...Key() functions.
    [[nodiscard]] std::uint32_t key() const { return m_key; }
    [[nodiscard]] std::uint32_t field() const { return m_key >> 3U; }
    [[nodiscard]] bool ok() const { return m_ok; }

    // The value of the current field; one of these must follow each next().

    std::uint64_t varint() {
        if (m_at != m_end && *m_at < 0x80) {
            return *m_at++;
        }
        return longVarint();
    }
    double real64() { return fixed<double>(); }
    float real32() { return fixed<float>(); }
    ByteView bytes() {
        const auto size = varint();
        if (size > static_cast<std::uint64_t>(m_end - m_at)) {
            fail();
            return {};
        }
        const ByteView view(m_at, static_cast<std::size_t>(size));
        m_at += size;
        return view;
    }
    std::string_view text() {
        const auto view = bytes();
        return {reinterpret_cast<const char*>(view.data()), view.size()};
    }
    void skip() {
        switch (m_key & 7U) {
            case 0:
                varint();
                break;
            case 1:
                fixed<std::uint64_t>();
                break;
            case 2:
                bytes();
                break;
            case 5:
                fixed<std::uint32_t>();
                break;
            default:
                fail();  // groups have been out of use since 2008
        }
    }

private:
    template <typename T>
    T fixed() {
        T value{};
        if (m_end - m_at < static_cast<std::ptrdiff_t>(sizeof value)) {
            fail();
            return value;
        }
        std::memcpy(&value, m_at, sizeof value);
        m_at += sizeof value;
        return value;
    }
    std::uint64_t longVarint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && m_at != m_end; shift += 7) {
            const std::uint64_t byte = *m_at++;
            value |= (byte & 0x7FU) << shift;
            if (byte < 0x80) {
                return value;
            }
        }
        fail();
        return 0;
    }
    void fail() {
        m_ok = false;
        m_at = m_end;
    }

    const std::uint8_t* m_at;
    const std::uint8_t* m_end;
    std::uint32_t m_key = 0;
    bool m_ok = true;
};

}  // namespace runglass::sources
