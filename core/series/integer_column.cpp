// SPDX-License-Identifier: GPL-3.0-or-later
//
// Steps and times. Differences of neighbours, wrapping modulo 2^64 so that every pair of int64 has one, in
// mini-blocks with their own base and bit width: the idea of Parquet's DELTA_BINARY_PACKED
// (parquet-format, Encodings.md). Against plain delta-of-delta this needs a bit less for times that jitter,
// nothing more for a constant pace, and unpacks without a branch a value. An odd pause costs one mini-block.
//
//   column    first: zigzag LEB128, then kind
//   kind 0    delta: zigzag LEB128. Every difference is `delta`.
//   kind 1    mini-blocks of 128 differences, the last with what is left:
//             base: zigzag LEB128; width: byte 0 … 64; (difference − base) in `width` bits each, lowest
//             first, padded with zeros to a whole byte
#include "integer_column.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace runglass::series {

namespace {

constexpr std::size_t kMiniBlock = 128;
constexpr std::uint8_t kLinear = 0;
constexpr std::uint8_t kPacked = 1;

std::uint64_t difference(std::int64_t later, std::int64_t earlier) {
    return static_cast<std::uint64_t>(later) - static_cast<std::uint64_t>(earlier);
}

std::size_t packedSize(std::size_t count, unsigned width) {
    return (count * width + 7) / 8;
}

void pack(std::span<const std::uint64_t> values, unsigned width, Bytes& out) {
    const std::size_t start = out.size();
    out.resize(start + packedSize(values.size(), width));
    std::uint8_t* to = out.data() + start;
    std::uint64_t pending = 0;
    unsigned bits = 0;  // of `pending` that are in use, below 64
    for (const auto value : values) {
        pending |= value << bits;
        if (bits + width < 64) {
            bits += width;
            continue;
        }
        std::memcpy(to, &pending, sizeof pending);
        to += sizeof pending;
        pending = bits > 0 ? value >> (64 - bits) : 0;
        bits = bits + width - 64;
    }
    std::memcpy(to, &pending, (bits + 7) / 8);
}

/// `packed` must have 16 readable bytes behind its end.
void unpack(const std::uint8_t* packed, unsigned width, std::span<std::uint64_t> out) {
    const std::uint64_t mask = width == 64 ? ~0ULL : (1ULL << width) - 1;
    std::size_t bit = 0;
    for (auto& value : out) {
        std::uint64_t low = 0;
        std::memcpy(&low, packed + bit / 8, sizeof low);
        const unsigned shift = bit % 8;
        value = low >> shift;
        if (width > 57 && shift > 0) {
            value |= static_cast<std::uint64_t>(packed[bit / 8 + 8]) << (64 - shift);
        }
        value &= mask;
        bit += width;
    }
}

bool allDifferencesEqual(std::span<const std::int64_t> values) {
    const auto delta = values.size() > 1 ? difference(values[1], values[0]) : 0;
    for (std::size_t i = 2; i < values.size(); ++i) {
        if (difference(values[i], values[i - 1]) != delta) {
            return false;
        }
    }
    return true;
}

void encodeMiniBlock(std::span<const std::int64_t> differences, ByteWriter& writer, Bytes& out) {
    const auto base = *std::min_element(differences.begin(), differences.end());
    std::array<std::uint64_t, kMiniBlock> excess{};
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < differences.size(); ++i) {
        excess[i] = difference(differences[i], base);
        bits |= excess[i];
    }
    const auto width = static_cast<unsigned>(std::bit_width(bits));
    writer.signedInt(base);
    writer.byte(static_cast<std::uint8_t>(width));
    pack(std::span(excess).first(differences.size()), width, out);
}

bool decodeMiniBlocks(ByteReader& in, std::uint64_t previous, std::span<std::int64_t> out) {
    std::array<std::uint8_t, kMiniBlock * 8 + 16> packed{};
    std::array<std::uint64_t, kMiniBlock> excess{};
    while (!out.empty()) {
        const std::size_t count = std::min(out.size(), kMiniBlock);
        const auto base = static_cast<std::uint64_t>(in.signedInt());
        const unsigned width = in.byte();
        if (!in.ok() || width > 64) {
            return false;
        }
        const auto bytes = in.raw(packedSize(count, width));
        if (!in.ok()) {
            return false;
        }
        std::copy(bytes.begin(), bytes.end(), packed.begin());
        unpack(packed.data(), width, std::span(excess).first(count));
        for (std::size_t i = 0; i < count; ++i) {
            previous += base + excess[i];
            out[i] = static_cast<std::int64_t>(previous);
        }
        out = out.subspan(count);
    }
    return true;
}

}  // namespace

void encodeIntegers(std::span<const std::int64_t> values, Bytes& out) {
    ByteWriter writer(out);
    writer.signedInt(values[0]);
    if (allDifferencesEqual(values)) {
        writer.byte(kLinear);
        writer.signedInt(static_cast<std::int64_t>(values.size() > 1 ? difference(values[1], values[0]) : 0));
        return;
    }
    writer.byte(kPacked);
    std::array<std::int64_t, kMiniBlock> differences{};
    for (std::size_t i = 1; i < values.size(); i += kMiniBlock) {
        const std::size_t count = std::min(values.size() - i, kMiniBlock);
        for (std::size_t j = 0; j < count; ++j) {
            differences[j] = static_cast<std::int64_t>(difference(values[i + j], values[i + j - 1]));
        }
        encodeMiniBlock(std::span(differences).first(count), writer, out);
    }
}

bool decodeIntegers(ByteReader& in, std::span<std::int64_t> out) {
    auto value = static_cast<std::uint64_t>(in.signedInt());
    const auto kind = in.byte();
    if (!in.ok()) {
        return false;
    }
    out[0] = static_cast<std::int64_t>(value);
    if (kind == kPacked) {
        return decodeMiniBlocks(in, value, out.subspan(1));
    }
    const auto delta = static_cast<std::uint64_t>(in.signedInt());
    if (!in.ok() || kind != kLinear) {
        return false;
    }
    for (auto& each : out) {
        each = static_cast<std::int64_t>(value);
        value += delta;
    }
    return true;
}

}  // namespace runglass::series
