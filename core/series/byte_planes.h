// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace runglass::series {

/// Splits words into planes: plane p holds byte p of every word. Bytes of equal weight look alike (signs and
/// exponents repeat, low mantissa bytes are noise), so each plane is compressed or left alone by itself.
template <typename Word>
void splitPlanes(std::span<const Word> words, std::uint8_t* planes) {
    const std::size_t count = words.size();
    for (std::size_t p = 0; p < sizeof(Word); ++p) {
        std::uint8_t* plane = planes + p * count;
        for (std::size_t i = 0; i < count; ++i) {
            plane[i] = static_cast<std::uint8_t>(words[i] >> (8 * p));
        }
    }
}

/// The inverse, from planes that may lie anywhere; each has `count` bytes.
void joinPlanes(const std::uint8_t* const* planes, std::size_t count, std::uint64_t* words);
void joinPlanes(const std::uint8_t* const* planes, std::size_t count, std::uint32_t* words);

}  // namespace runglass::series
