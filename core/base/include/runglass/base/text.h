// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace runglass {

/// Lowercase hex of bytes.
std::string toHex(std::span<const std::uint8_t> bytes);

/// Shortest decimal text that reads back as the same double; independent of the locale. `NaN`, `Infinity`,
/// `-Infinity`.
std::string formatDouble(double value);
/// Whole-string parse, independent of the locale; takes what formatDouble writes and also `nan`, `inf`,
/// `-inf`.
std::optional<double> parseDouble(std::string_view text);
std::optional<std::int64_t> parseInt(std::string_view text);

/// Python's json and others write NaN, Infinity and -Infinity bare, which JSON does not have. Puts them in
/// quotes where they stand outside of strings; the same text when there are none.
std::string quoteNonFinite(std::string_view json);

bool isValidUtf8(std::string_view bytes);
/// `bytes` with each byte that is not part of valid UTF-8 replaced by U+FFFD.
std::string toValidUtf8(std::string_view bytes);

std::string_view trimmed(std::string_view text);
bool startsWithIgnoringCase(std::string_view text, std::string_view prefix);

}  // namespace runglass
