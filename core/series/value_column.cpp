// SPDX-License-Identifier: GPL-3.0-or-later
//
// Values, bit for bit. A column whose values all were float32 before somebody widened them (most of what
// training frameworks log) is stored as float32. Then, where it pays, as byte planes, each of which is
// constant, raw or zstd; before that each word may be XORed with its predecessor, which turns slow curves
// into leading zeros (Pelkonen et al., "Gorilla", VLDB 2015, without its bit stream).
//
//   kind 0      one double: all values have its bits
//   kind 1, 2   the doubles / the floats as they are
//   kind 3, 4   planes of the doubles / floats, from the lowest byte to the highest
//   kind 5, 6   the same after XOR with the predecessor
//   plane       0, then its byte | 1, then its bytes | 2, then size LEB128 and a zstd frame
#include "value_column.h"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <memory>
#include <vector>

#include "byte_planes.h"

namespace runglass::series {

namespace {

enum Kind : std::uint8_t { Constant, RawDoubles, RawFloats, DoublePlanes, FloatPlanes, DoubleXor, FloatXor };
enum PlaneKind : std::uint8_t { ConstantPlane, RawPlane, ZstdPlane };

constexpr int kZstdLevel = 1;
/// Below this many values the frames of zstd cost more than they save.
constexpr std::size_t kLeastForPlanes = 32;
/// Planes are slower to read than plain words: they must save at least one part in this many.
constexpr std::size_t kWorthwhile = 8;

struct Scratch {
    std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> compressor{ZSTD_createCCtx(), &ZSTD_freeCCtx};
    std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> decompressor{ZSTD_createDCtx(), &ZSTD_freeDCtx};
    Bytes planes;
    Bytes packed;
};

Scratch& scratch() {
    thread_local Scratch instance;
    return instance;
}

/// The bits of the float that `value` was, if it was one. NaN payloads and −0.0 count.
bool wasFloat(double value, std::uint32_t& bits) {
    const auto narrow = static_cast<float>(value);
    bits = std::bit_cast<std::uint32_t>(narrow);
    return std::bit_cast<std::uint64_t>(static_cast<double>(narrow)) == std::bit_cast<std::uint64_t>(value);
}

bool asFloats(std::span<const double> values, std::vector<std::uint32_t>& out) {
    out.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!wasFloat(values[i], out[i])) {
            return false;
        }
    }
    return true;
}

template <typename Word>
void xorWithPrevious(std::span<const Word> words, std::vector<Word>& out) {
    out.resize(words.size());
    Word previous = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        out[i] = words[i] ^ previous;
        previous = words[i];
    }
}

constexpr std::size_t kSamples = 1024;

/// n log2 n for the counts that a histogram of kSamples can have.
const std::array<float, 2 * kSamples + 1>& weightedLogs() {
    static const auto table = [] {
        std::array<float, 2 * kSamples + 1> logs{};
        for (std::size_t n = 2; n < logs.size(); ++n) {
            logs[n] = static_cast<float>(static_cast<double>(n) * std::log2(static_cast<double>(n)));
        }
        return logs;
    }();
    return table;
}

using Histogram = std::array<std::uint16_t, 256>;

/// Order-0 entropy in bits a byte.
double entropy(const Histogram& histogram, std::size_t samples) {
    const auto& logs = weightedLogs();
    float sum = 0;
    for (const auto occurrences : histogram) {
        sum += logs[occurrences];
    }
    const auto total = static_cast<double>(samples);
    return std::log2(total) - static_cast<double>(sum) / total;
}

/// What about kSamples of the words say about their planes, as they are and after XOR.
template <typename Word>
struct PlaneEntropies {
    std::array<double, sizeof(Word)> plain{};
    std::array<double, sizeof(Word)> xored{};

    explicit PlaneEntropies(std::span<const Word> words) {
        std::array<Histogram, sizeof(Word)> ofPlain{};
        std::array<Histogram, sizeof(Word)> ofXored{};
        const std::size_t stride = std::max<std::size_t>(1, words.size() / kSamples);
        std::size_t samples = 0;
        for (std::size_t i = 0; i < words.size(); i += stride, ++samples) {
            const Word word = words[i];
            const Word difference = i > 0 ? word ^ words[i - 1] : word;
            for (std::size_t p = 0; p < sizeof(Word); ++p) {
                ++ofPlain[p][static_cast<std::uint8_t>(word >> (8 * p))];
                ++ofXored[p][static_cast<std::uint8_t>(difference >> (8 * p))];
            }
        }
        for (std::size_t p = 0; p < sizeof(Word); ++p) {
            plain[p] = entropy(ofPlain[p], samples);
            xored[p] = entropy(ofXored[p], samples);
        }
    }
};

template <std::size_t N>
double sum(const std::array<double, N>& entropies) {
    double total = 0;
    for (const double each : entropies) {
        total += each;
    }
    return total;
}

/// Noise measures a little under 8 bits with few samples; what is above this is stored as it is.
double noiseLevel(std::size_t count) {
    return count >= 1024 ? 7.6 : 0.93 * std::log2(static_cast<double>(count));
}

void encodePlane(std::span<const std::uint8_t> plane, double entropy, Bytes& out) {
    ByteWriter writer(out);
    if (std::all_of(plane.begin(), plane.end(), [&](std::uint8_t byte) { return byte == plane[0]; })) {
        writer.byte(ConstantPlane);
        writer.byte(plane[0]);
        return;
    }
    if (entropy < noiseLevel(plane.size())) {
        auto& packed = scratch().packed;
        packed.resize(ZSTD_compressBound(plane.size()));
        const std::size_t size = ZSTD_compressCCtx(scratch().compressor.get(), packed.data(), packed.size(),
                                                   plane.data(), plane.size(), kZstdLevel);
        if (ZSTD_isError(size) == 0 && size < plane.size() - plane.size() / 16) {
            writer.byte(ZstdPlane);
            writer.unsignedInt(size);
            writer.raw({packed.data(), size});
            return;
        }
    }
    writer.byte(RawPlane);
    writer.raw(plane);
}

/// Byte planes where they save enough. False, and nothing written, where they do not.
template <typename Word>
bool encodePlanes(std::span<const Word> words, Kind planes, Kind xored, Bytes& out) {
    const std::size_t count = words.size();
    if (count < kLeastForPlanes) {
        return false;
    }
    const PlaneEntropies<Word> entropies(words);
    const bool useXor = sum(entropies.xored) < 0.97 * sum(entropies.plain);
    const auto& expected = useXor ? entropies.xored : entropies.plain;
    if (std::all_of(expected.begin(), expected.end(),
                    [&](double bits) { return bits >= noiseLevel(count); })) {
        return false;
    }
    auto& split = scratch().planes;
    split.resize(words.size_bytes());
    if (useXor) {
        thread_local std::vector<Word> differences;
        xorWithPrevious(words, differences);
        splitPlanes(std::span<const Word>(differences), split.data());
    } else {
        splitPlanes(words, split.data());
    }
    const std::size_t start = out.size();
    ByteWriter(out).byte(useXor ? xored : planes);
    for (std::size_t p = 0; p < sizeof(Word); ++p) {
        encodePlane({split.data() + p * count, count}, expected[p], out);
    }
    if (out.size() - start < words.size_bytes() - words.size_bytes() / kWorthwhile) {
        return true;
    }
    out.resize(start);
    return false;
}

template <typename Word>
void encodeWords(std::span<const Word> words, Effort effort, Kind raw, Kind planes, Kind xored, Bytes& out) {
    if (effort == Effort::Small && encodePlanes(words, planes, xored, out)) {
        return;
    }
    ByteWriter writer(out);
    writer.byte(raw);
    writer.raw({reinterpret_cast<const std::uint8_t*>(words.data()), words.size_bytes()});
}

/// Where plane `p` lies: in the input itself when raw, otherwise unpacked into `buffer`.
const std::uint8_t* decodePlane(ByteReader& in, std::size_t count, std::uint8_t* buffer) {
    switch (in.byte()) {
        case ConstantPlane:
            std::memset(buffer, in.byte(), count);
            return in.ok() ? buffer : nullptr;
        case RawPlane: {
            const auto bytes = in.raw(count);
            return in.ok() ? bytes.data() : nullptr;
        }
        case ZstdPlane: {
            const auto frame = in.raw(in.unsignedInt());
            if (!in.ok()) {
                return nullptr;
            }
            const std::size_t size =
                ZSTD_decompressDCtx(scratch().decompressor.get(), buffer, count, frame.data(), frame.size());
            return size == count ? buffer : nullptr;
        }
        default:
            return nullptr;
    }
}

template <typename Word>
bool decodePlanes(ByteReader& in, bool xored, std::span<Word> words) {
    const std::size_t count = words.size();
    auto& buffer = scratch().planes;
    buffer.resize(words.size_bytes());
    std::array<const std::uint8_t*, sizeof(Word)> planes{};
    for (std::size_t p = 0; p < sizeof(Word); ++p) {
        planes[p] = decodePlane(in, count, buffer.data() + p * count);
        if (planes[p] == nullptr) {
            return false;
        }
    }
    joinPlanes(planes.data(), count, words.data());
    if (xored) {
        Word previous = 0;
        for (auto& word : words) {
            previous ^= word;
            word = previous;
        }
    }
    return true;
}

template <typename Word>
bool decodeRaw(ByteReader& in, std::span<Word> words) {
    const auto bytes = in.raw(words.size_bytes());
    if (!in.ok()) {
        return false;
    }
    std::memcpy(words.data(), bytes.data(), bytes.size());
    return true;
}

void widen(std::span<const std::uint32_t> floats, std::span<double> out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = static_cast<double>(std::bit_cast<float>(floats[i]));
    }
}

}  // namespace

void encodeValues(std::span<const double> values, Effort effort, Bytes& out) {
    ByteWriter writer(out);
    const std::span words(reinterpret_cast<const std::uint64_t*>(values.data()), values.size());
    if (std::all_of(words.begin(), words.end(), [&](std::uint64_t word) { return word == words[0]; })) {
        writer.byte(Constant);
        writer.real(values[0]);
        return;
    }
    thread_local std::vector<std::uint32_t> floats;
    if (asFloats(values, floats)) {
        encodeWords<std::uint32_t>(floats, effort, RawFloats, FloatPlanes, FloatXor, out);
    } else {
        encodeWords<std::uint64_t>(words, effort, RawDoubles, DoublePlanes, DoubleXor, out);
    }
}

bool decodeValues(ByteReader& in, std::span<double> out) {
    const std::span words(reinterpret_cast<std::uint64_t*>(out.data()), out.size());
    thread_local std::vector<std::uint32_t> floats;
    const auto kind = in.byte();
    if (kind == RawFloats || kind == FloatPlanes || kind == FloatXor) {
        floats.resize(out.size());
        const std::span<std::uint32_t> narrow(floats);
        if (!(kind == RawFloats ? decodeRaw(in, narrow) : decodePlanes(in, kind == FloatXor, narrow))) {
            return false;
        }
        widen(floats, out);
        return true;
    }
    switch (kind) {
        case Constant:
            std::fill(out.begin(), out.end(), in.real());
            return in.ok();
        case RawDoubles:
            return decodeRaw(in, words);
        case DoublePlanes:
        case DoubleXor:
            return decodePlanes(in, kind == DoubleXor, words);
        default:
            return false;
    }
}

}  // namespace runglass::series
