// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace runglass {

/// Identity of a run: 128 random bits, written as 32 lowercase hex digits (also a valid MLflow run id).
/// Runs of foreign sources get an id derived from their origin, so that it is the same at every opening.
class RunId {
public:
    constexpr RunId() = default;
    explicit constexpr RunId(const std::array<std::uint8_t, 16>& bytes)
        : m_bytes(bytes) {}

    /// A fresh id from the system's random source. Thread-safe.
    static RunId generate();
    /// The id of a thing that has a name but no id of its own: the first 128 bits of SHA-256 over `name`.
    static RunId derive(std::string_view name);
    /// Exactly 32 hex digits, either case; otherwise nothing.
    static std::optional<RunId> fromHex(std::string_view hex);

    [[nodiscard]] std::string hex() const;
    /// The first 8 digits, as shown to people.
    [[nodiscard]] std::string shortHex() const { return hex().substr(0, 8); }
    [[nodiscard]] const std::array<std::uint8_t, 16>& bytes() const { return m_bytes; }
    [[nodiscard]] bool isNull() const { return m_bytes == std::array<std::uint8_t, 16>{}; }

    friend auto operator<=>(const RunId&, const RunId&) = default;

private:
    std::array<std::uint8_t, 16> m_bytes{};
};

}  // namespace runglass

template <>
struct std::hash<runglass::RunId> {
    std::size_t operator()(const runglass::RunId& id) const noexcept {
        std::size_t value = 0;  // the bits are random already
        std::memcpy(&value, id.bytes().data(), sizeof value);
        return value;
    }
};
