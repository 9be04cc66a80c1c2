// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/base/crc32c.h"

#include <array>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace runglass {

namespace {

constexpr std::uint32_t kPolynomial = 0x82F63B78U;
constexpr std::size_t kSlices = 8;
using Slices = std::array<std::array<std::uint32_t, 256>, kSlices>;

/// slices[k][b]: what byte b does to the checksum when k bytes follow it ("slicing-by-8", Kounavis and Berry,
/// "A Systematic Approach to Building High Performance Software-based CRC Generators", 2005).
constexpr Slices makeSlices() {
    Slices slices{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t crc = byte;
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? kPolynomial : 0U);
        }
        slices[0][byte] = crc;
    }
    for (std::size_t k = 1; k < kSlices; ++k) {
        for (std::size_t byte = 0; byte < 256; ++byte) {
            const auto before = slices[k - 1][byte];
            slices[k][byte] = (before >> 8U) ^ slices[0][before & 0xFFU];
        }
    }
    return slices;
}

constexpr Slices kTables = makeSlices();

std::uint64_t load64(const std::uint8_t* bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t crc32cHardware(ByteView bytes, std::uint32_t before) {
    std::uint64_t crc = ~before;
    const auto* at = bytes.data();
    const auto* const end = at + bytes.size();
    for (; end - at >= 8; at += 8) {
        crc = _mm_crc32_u64(crc, load64(at));
    }
    auto rest = static_cast<std::uint32_t>(crc);
    for (; at != end; ++at) {
        rest = _mm_crc32_u8(rest, *at);
    }
    return ~rest;
}

using Crc = std::uint32_t (*)(ByteView, std::uint32_t);
const Crc kBest = __builtin_cpu_supports("sse4.2") ? crc32cHardware : crc32cPortable;
#endif

}  // namespace

std::uint32_t crc32cPortable(ByteView bytes, std::uint32_t before) {
    std::uint32_t crc = ~before;
    const auto* at = bytes.data();
    const auto* const end = at + bytes.size();
    for (; end - at >= 8; at += 8) {
        const std::uint64_t word = load64(at) ^ crc;
        crc = 0;
        for (std::size_t i = 0; i < kSlices; ++i) {
            crc ^= kTables[kSlices - 1 - i][(word >> (8 * i)) & 0xFFU];
        }
    }
    for (; at != end; ++at) {
        crc = (crc >> 8U) ^ kTables[0][(crc ^ *at) & 0xFFU];
    }
    return ~crc;
}

std::uint32_t crc32c(ByteView bytes, std::uint32_t crc) {
#if defined(__x86_64__)
    return kBest(bytes, crc);
#else
    return crc32cPortable(bytes, crc);
#endif
}

}  // namespace runglass
