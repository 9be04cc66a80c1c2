// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace runglass {

static_assert(std::endian::native == std::endian::little, "the stored formats are little-endian");

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// Signed to unsigned so that small magnitudes stay small: 0, −1, 1, −2 … to 0, 1, 2, 3 …
constexpr std::uint64_t zigzag(std::int64_t value) {
    return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t value) {
    return static_cast<std::int64_t>((value >> 1U) ^ (0 - (value & 1U)));
}

/// Appends the pieces of a binary format: LEB128 integers, little-endian words, length-prefixed text.
class ByteWriter {
public:
    explicit ByteWriter(Bytes& out)
        : m_out(&out) {}

    void byte(std::uint8_t value) { m_out->push_back(value); }
    void unsignedInt(std::uint64_t value) {
        while (value >= 0x80) {
            m_out->push_back(static_cast<std::uint8_t>(value | 0x80U));
            value >>= 7U;
        }
        m_out->push_back(static_cast<std::uint8_t>(value));
    }
    void signedInt(std::int64_t value) { unsignedInt(zigzag(value)); }
    /// All 64 bits, so that NaN payloads survive.
    void real(double value) { raw({reinterpret_cast<const std::uint8_t*>(&value), sizeof value}); }
    void raw(ByteView bytes) { m_out->insert(m_out->end(), bytes.begin(), bytes.end()); }
    void text(std::string_view value) {
        unsignedInt(value.size());
        raw({reinterpret_cast<const std::uint8_t*>(value.data()), value.size()});
    }

private:
    Bytes* m_out;
};

/// Reads what ByteWriter wrote, from bytes that may be anything: whatever reads past the end or does not fit
/// yields zero or nothing, and ok() is false from then on.
class ByteReader {
public:
    explicit ByteReader(ByteView bytes)
        : m_rest(bytes) {}

    [[nodiscard]] bool ok() const { return m_ok; }
    [[nodiscard]] bool atEnd() const { return m_rest.empty(); }
    [[nodiscard]] std::size_t left() const { return m_rest.size(); }
    void fail() {
        m_ok = false;
        m_rest = {};
    }

    std::uint8_t byte() {
        if (m_rest.empty()) {
            fail();
            return 0;
        }
        const auto value = m_rest.front();
        m_rest = m_rest.subspan(1);
        return value;
    }
    std::uint64_t unsignedInt() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const std::uint64_t next = byte();
            if (shift == 63 && next > 1) {
                break;
            }
            value |= (next & 0x7FU) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        fail();
        return 0;
    }
    std::int64_t signedInt() { return unzigzag(unsignedInt()); }
    double real() {
        double value = 0;
        if (const auto bytes = raw(sizeof value); !bytes.empty()) {
            std::memcpy(&value, bytes.data(), sizeof value);
        }
        return value;
    }
    ByteView raw(std::uint64_t count) {
        if (count > m_rest.size()) {
            fail();
            return {};
        }
        const auto bytes = m_rest.first(static_cast<std::size_t>(count));
        m_rest = m_rest.subspan(static_cast<std::size_t>(count));
        return bytes;
    }
    std::string_view text() {
        const auto bytes = raw(unsignedInt());
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
    /// A number of things that take at least `leastSize` bytes each: a count that cannot be true fails here,
    /// before anybody reserves memory for it.
    std::size_t count(std::size_t leastSize) {
        const auto value = unsignedInt();
        if (value > m_rest.size() / leastSize) {
            fail();
            return 0;
        }
        return static_cast<std::size_t>(value);
    }

private:
    ByteView m_rest;
    bool m_ok = true;
};

}  // namespace runglass
