// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/series/pyramid.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "extent_kernels.h"

namespace runglass::series {

namespace {

std::size_t blocksOf(std::size_t count, std::size_t size) {
    return (count + size - 1) / size;
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
    m_size = values.size();
    appendBlocks(values);
    for (std::size_t i = 1; m_levels[i - 1].size() > 1; ++i) {
        appendLevel(i);
    }
}

void Pyramid::appendBlocks(std::span<const double> values) {
    const auto& kernels = extentKernels();
    if (m_levels.empty()) {
        m_levels.emplace_back();
    }
    auto& level = m_levels[0];
    const std::size_t first = level.whole.size();
    const std::size_t whole = values.size() / kBlock;
    const auto blocks = level.whole.grown(whole - first);
    const auto words = m_broken.grown(whole / 64 - m_broken.size());
    auto* nextWord = words.fresh.data();
    std::uint64_t word = first % 64 == 0 ? 0 : m_lastBroken & ((std::uint64_t{1} << (first % 64)) - 1);
    std::size_t b = first;
    const auto scan = [&](std::size_t count) {  // of the block b
        bool allFinite = true;
        const auto bounds = kernels.scan(values.data() + b * kBlock, count, allFinite);
        word |= std::uint64_t{allFinite ? 0U : 1U} << (b % 64);
        return bounds;
    };
    // Up to the end of a word that was begun, then whole words at once, and the blocks that are left.
    for (; b < whole && b % 64 != 0; ++b) {
        blocks.fresh[b - first] = scan(kBlock);
    }
    if (b % 64 == 0 && first % 64 != 0) {
        *nextWord++ = std::exchange(word, 0);
    }
    if (const auto inWords = (whole - b) / 64 * 64; inWords > 0) {
        kernels.scanBlocks(values.data() + b * kBlock, inWords, &blocks.fresh[b - first], nextWord);
        b += inWords;
    }
    for (; b < whole; ++b) {
        blocks.fresh[b - first] = scan(kBlock);
    }
    level.rest.reset();
    if (const auto left = values.size() - whole * kBlock; left > 0) {
        level.rest = scan(left);
    }
    level.whole = blocks.column;
    m_broken = words.column;
    m_lastBroken = word;
    m_allFinite = m_allFinite && word == 0 &&
                  std::all_of(words.fresh.begin(), words.fresh.end(), [](auto one) { return one == 0; });
}

void Pyramid::appendLevel(std::size_t i) {
    if (m_levels.size() == i) {
        m_levels.emplace_back();
    }
    const auto& kernels = extentKernels();
    const auto& below = m_levels[i - 1];
    auto& level = m_levels[i];
    const std::size_t first = level.whole.size();
    const std::size_t whole = below.whole.size() / kFanOut;
    const auto blocks = level.whole.grown(whole - first);
    kernels.mergeGroups(below.whole.data() + first * kFanOut, whole - first, blocks.fresh.data());
    level.whole = blocks.column;
    level.rest.reset();
    if (below.size() > whole * kFanOut) {
        level.rest =
            kernels.merge(below.whole.data() + whole * kFanOut, below.whole.size() - whole * kFanOut);
        level.rest = united(*level.rest, below.rest.value_or(*level.rest));
    }
}

bool Pyramid::anyBroken(std::size_t beginBlock, std::size_t endBlock) const {
    if (m_allFinite || beginBlock >= endBlock) {
        return false;
    }
    const std::size_t firstWord = beginBlock / 64;
    const std::size_t lastWord = (endBlock - 1) / 64;
    for (std::size_t w = firstWord; w <= lastWord; ++w) {
        auto word = brokenWord(w);
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
    bounds = united(bounds, kernels.scan(values.data() + high * kBlock, end - high * kBlock, allFinite));
    // Climbs while whole blocks of the next level fit between the two ends, taking the ragged edges on the
    // way.
    for (std::size_t i = 0; low < high; ++i) {
        const auto* blocks = m_levels[i].whole.data();
        const auto lowUp = blocksOf(low, kFanOut);
        const auto highUp = high / kFanOut;
        if (high - low <= 2 * kFanOut || i + 1 == m_levels.size()) {
            bounds = united(bounds, kernels.merge(blocks + low, high - low));
            break;
        }
        bounds = united(bounds, kernels.merge(blocks + low, lowUp * kFanOut - low));
        bounds = united(bounds, kernels.merge(blocks + highUp * kFanOut, high - highUp * kFanOut));
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
    const auto& at = m_levels[level];
    Bounds bounds = at[begin / size];
    for (std::size_t b = begin / size + 1; b <= (end - 1) / size; ++b) {
        bounds = united(bounds, at[b]);
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

Pyramid::Blocks Pyramid::blocks(std::size_t blockSize) const {
    std::size_t i = 0;
    for (std::size_t size = kBlock; size < blockSize; size *= kFanOut) {
        ++i;
    }
    return i < m_levels.size() ? Blocks{m_levels[i].whole, m_levels[i].rest} : Blocks();
}

// A range ends within a block: all of its values, the blocks beside it, and those of the next level.
void Pyramid::prefetch(std::span<const double> values, std::size_t i) const {
    constexpr std::size_t kLine = 8;  // doubles
    const std::size_t block = i / kBlock;
    for (std::size_t v = block * kBlock; v < std::min((block + 1) * kBlock, values.size()); v += kLine) {
        __builtin_prefetch(values.data() + v);
    }
    const auto ofBlock = [this](std::size_t level, std::size_t b) {
        const auto& whole = m_levels[level].whole;
        if (b < whole.size()) {
            __builtin_prefetch(whole.data() + b);
        }
    };
    ofBlock(0, block < kFanOut ? 0 : block - kFanOut + 1);
    ofBlock(0, block + kFanOut - 1);
    if (m_levels.size() > 1) {
        ofBlock(1, block / kFanOut);
    }
}

std::size_t Pyramid::memoryBytes() const {
    std::size_t bytes = m_broken.memoryBytes();
    for (const auto& level : m_levels) {
        bytes += level.whole.memoryBytes();
    }
    return bytes;
}

}  // namespace runglass::series
