// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/series/pyramid.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "extent_kernels.h"

namespace runglass::series {

namespace {

std::size_t blocksOf(std::size_t count, std::size_t size) {
    return (count + size - 1) / size;
}

/// Makes room in steps of a quarter, not the double of std::vector, which would cost more than the pyramid
/// may.
template <typename T>
void grow(std::vector<T>& values, std::size_t size) {
    if (size > values.capacity()) {
        values.reserve(values.empty() ? size : std::max(size, values.size() + values.size() / 4));
    }
    values.resize(size);
}

Bounds larger(const Bounds& a, const Bounds& b) {
    return {std::max(a.negatedMin, b.negatedMin), std::max(a.max, b.max)};
}

Extent extentOf(const Bounds& bounds, bool allFinite) {
    return {-bounds.negatedMin, bounds.max, allFinite};
}

}  // namespace

void Extent::add(double value) {
    if (std::isfinite(value)) {
        min = std::min(min, value);
        max = std::max(max, value);
    } else {
        allFinite = false;
    }
}

void Extent::add(const Extent& other) {
    min = std::min(min, other.min);
    max = std::max(max, other.max);
    allFinite = allFinite && other.allFinite;
}

void Pyramid::append(std::span<const double> values) {
    if (values.size() <= m_size) {
        return;
    }
    std::size_t dirty = m_size / kBlock;  // first block of this level that changes
    m_size = values.size();
    appendBlocks(values, dirty);
    for (std::size_t i = 1; m_levels[i - 1].size() > 1; ++i) {
        appendLevel(i, dirty);
        dirty /= kFanOut;
    }
}

void Pyramid::appendBlocks(std::span<const double> values, std::size_t first) {
    const auto& kernels = extentKernels();
    if (m_levels.empty()) {
        m_levels.emplace_back();
    }
    const std::size_t blocks = blocksOf(values.size(), kBlock);
    grow(m_levels[0], blocks);
    grow(m_broken, blocksOf(blocks, 64));
    // Whole words of flags, and so from a block that is a multiple of 64 on.
    const std::size_t start = first - first % 64;
    const std::size_t whole = values.size() / kBlock;
    if (whole > start) {
        kernels.scanBlocks(values.data() + start * kBlock, whole - start, m_levels[0].data() + start,
                           m_broken.data() + start / 64);
    }
    if (whole < blocks) {
        bool allFinite = true;
        m_levels[0][whole] =
            kernels.scan(values.data() + whole * kBlock, values.size() - whole * kBlock, allFinite);
        auto& word = m_broken[whole / 64];
        const auto bit = std::uint64_t{1} << (whole % 64);
        word = (whole % 64 == 0 ? 0 : word & (bit - 1)) | (allFinite ? 0 : bit);
    }
    m_allFinite = m_allFinite && std::all_of(m_broken.begin() + static_cast<std::ptrdiff_t>(start / 64),
                                             m_broken.end(), [](std::uint64_t word) { return word == 0; });
}

void Pyramid::appendLevel(std::size_t i, std::size_t firstBelow) {
    if (m_levels.size() == i) {
        m_levels.emplace_back();
    }
    const std::size_t below = m_levels[i - 1].size();
    grow(m_levels[i], blocksOf(below, kFanOut));
    const std::size_t first = firstBelow / kFanOut;
    const std::size_t whole = below / kFanOut;
    const auto& kernels = extentKernels();
    if (whole > first) {
        kernels.mergeGroups(m_levels[i - 1].data() + first * kFanOut, whole - first,
                            m_levels[i].data() + first);
    }
    if (whole < m_levels[i].size()) {
        m_levels[i][whole] = kernels.merge(m_levels[i - 1].data() + whole * kFanOut, below - whole * kFanOut);
    }
}

bool Pyramid::anyBroken(std::size_t beginBlock, std::size_t endBlock) const {
    if (m_allFinite || beginBlock >= endBlock) {
        return false;
    }
    const std::size_t firstWord = beginBlock / 64;
    const std::size_t lastWord = (endBlock - 1) / 64;
    for (std::size_t w = firstWord; w <= lastWord; ++w) {
        auto word = m_broken[w];
        word &= w == firstWord ? ~std::uint64_t{0} << (beginBlock % 64) : ~std::uint64_t{0};
        word &= w == lastWord ? ~std::uint64_t{0} >> (63 - (endBlock - 1) % 64) : ~std::uint64_t{0};
        if (word != 0) {
            return true;
        }
    }
    return false;
}

Extent Pyramid::extent(std::span<const double> values, std::size_t begin, std::size_t end) const {
    if (begin >= end) {
        return {};
    }
    const auto& kernels = extentKernels();
    bool allFinite = true;
    auto low = blocksOf(begin, kBlock);
    auto high = end / kBlock;
    if (low >= high) {
        const auto bounds = kernels.scan(values.data() + begin, end - begin, allFinite);
        return extentOf(bounds, allFinite);
    }
    allFinite = !anyBroken(low, high);
    auto bounds = kernels.scan(values.data() + begin, low * kBlock - begin, allFinite);
    bounds = larger(bounds, kernels.scan(values.data() + high * kBlock, end - high * kBlock, allFinite));
    // Climbs while whole blocks of the next level fit between the two ends, taking the ragged edges on the
    // way.
    for (std::size_t i = 0; low < high; ++i) {
        const auto* blocks = m_levels[i].data();
        const auto lowUp = blocksOf(low, kFanOut);
        const auto highUp = high / kFanOut;
        if (high - low <= 2 * kFanOut || i + 1 == m_levels.size()) {
            bounds = larger(bounds, kernels.merge(blocks + low, high - low));
            break;
        }
        bounds = larger(bounds, kernels.merge(blocks + low, lowUp * kFanOut - low));
        bounds = larger(bounds, kernels.merge(blocks + highUp * kFanOut, high - highUp * kFanOut));
        low = lowUp;
        high = highUp;
    }
    return extentOf(bounds, allFinite);
}

Bounds Pyramid::outerBounds(std::size_t begin, std::size_t end) const {
    const std::size_t blocks = (end - begin) / kBlock;
    // On the level that holds them in four, or five where they begin within one.
    static_assert(kFanOut == 4);
    const auto level = std::min(blocks < kFanOut ? 0 : (std::bit_width(blocks) - 1) / 2, m_levels.size() - 1);
    const std::size_t size = kBlock << (2 * level);
    const auto* at = m_levels[level].data();
    Bounds bounds = at[begin / size];
    for (std::size_t b = begin / size + 1; b <= (end - 1) / size; ++b) {
        bounds = larger(bounds, at[b]);
    }
    return bounds;
}

std::size_t Pyramid::blockSizeBelow(std::size_t values) const {
    std::size_t size = kBlock;
    for (std::size_t i = 1; i < m_levels.size() && size * kFanOut <= values; ++i) {
        size *= kFanOut;
    }
    return size;
}

std::span<const Bounds> Pyramid::blocks(std::size_t blockSize) const {
    std::size_t i = 0;
    for (std::size_t size = kBlock; size < blockSize; size *= kFanOut) {
        ++i;
    }
    return i < m_levels.size() ? std::span<const Bounds>(m_levels[i]) : std::span<const Bounds>();
}

// A range ends within a block: all of its values, the blocks beside it, and those of the next level.
void Pyramid::prefetch(std::span<const double> values, std::size_t i) const {
    constexpr std::size_t kLine = 8;  // doubles
    const std::size_t block = i / kBlock;
    for (std::size_t v = block * kBlock; v < std::min((block + 1) * kBlock, values.size()); v += kLine) {
        __builtin_prefetch(values.data() + v);
    }
    __builtin_prefetch(m_levels[0].data() + (block < kFanOut ? 0 : block - kFanOut + 1));
    __builtin_prefetch(m_levels[0].data() + std::min(block + kFanOut - 1, m_levels[0].size() - 1));
    if (m_levels.size() > 1) {
        __builtin_prefetch(m_levels[1].data() + std::min(block / kFanOut, m_levels[1].size() - 1));
    }
}

std::size_t Pyramid::memoryBytes() const {
    std::size_t bytes = m_broken.capacity() * sizeof(std::uint64_t);
    for (const auto& blocks : m_levels) {
        bytes += blocks.capacity() * sizeof(Bounds);
    }
    return bytes;
}

}  // namespace runglass::series
