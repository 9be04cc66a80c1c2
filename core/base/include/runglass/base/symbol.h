// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace runglass {

/// An interned UTF-8 string: four bytes, compared by identity, never freed. For keys and values that repeat
/// over thousands of runs (metric keys, param keys and values, experiment names). Thread-safe. Symbols order
/// by the time of interning, not alphabetically; sort by text() where people see the order.
class Symbol {
public:
    /// The empty string.
    constexpr Symbol() = default;
    explicit Symbol(std::string_view text);

    /// The symbol of `text` if somebody has interned it before; the empty symbol otherwise. Never grows the
    /// table, so it is right for look-ups with text from outside.
    static Symbol find(std::string_view text);

    /// Valid for the life of the process.
    [[nodiscard]] std::string_view text() const;
    [[nodiscard]] std::string str() const { return std::string(text()); }
    [[nodiscard]] bool empty() const { return m_index == 0; }
    [[nodiscard]] std::uint32_t index() const { return m_index; }

    friend auto operator<=>(Symbol, Symbol) = default;

private:
    std::uint32_t m_index = 0;
};

}  // namespace runglass

template <>
struct std::hash<runglass::Symbol> {
    std::size_t operator()(runglass::Symbol symbol) const noexcept {
        return std::hash<std::uint32_t>{}(symbol.index());
    }
};
