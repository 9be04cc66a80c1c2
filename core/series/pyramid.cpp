// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/series/pyramid.h"

#include <algorithm>
#include <cmath>

namespace runglass::series {

namespace {

constexpr std::size_t kBlock = 64;   // values in a block of the lowest level
constexpr std::size_t kFanOut = 16;  // blocks in a block of the next level

Extent scan(std::span<const double> values) {
    Extent extent;
    for (const double value : values) {
        extent.add(value);
    }
    return extent;
}

Extent merge(std::span<const Extent> parts) {
    Extent extent;
    for (const auto& part : parts) {
        extent.add(part);
    }
    return extent;
}

std::size_t blocksOf(std::size_t count, std::size_t size) {
    return (count + size - 1) / size;
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
    std::size_t dirty = m_size / kBlock;  // first block of this level that changes
    std::size_t blocks = blocksOf(values.size(), kBlock);
    m_size = values.size();
    for (std::size_t level = 0; blocks > 0; ++level) {
        if (m_levels.size() == level) {
            m_levels.emplace_back();
        }
        auto& extents = m_levels[level];
        extents.resize(blocks);
        for (std::size_t block = dirty; block < blocks; ++block) {
            if (level == 0) {
                const auto begin = block * kBlock;
                extents[block] = scan(values.subspan(begin, std::min(kBlock, values.size() - begin)));
            } else {
                const std::span<const Extent> below = m_levels[level - 1];
                const auto begin = block * kFanOut;
                extents[block] = merge(below.subspan(begin, std::min(kFanOut, below.size() - begin)));
            }
        }
        if (blocks == 1) {
            break;
        }
        dirty /= kFanOut;
        blocks = blocksOf(blocks, kFanOut);
    }
}

Extent Pyramid::extent(std::span<const double> values, std::size_t begin, std::size_t end) const {
    Extent result;
    if (end - begin < 2 * kBlock || begin >= end) {
        return begin >= end ? result : scan(values.subspan(begin, end - begin));
    }
    const auto firstBlock = blocksOf(begin, kBlock);
    const auto endBlock = end / kBlock;
    result.add(scan(values.subspan(begin, firstBlock * kBlock - begin)));
    result.add(scan(values.subspan(endBlock * kBlock, end - endBlock * kBlock)));
    // Climbs while whole blocks of the next level fit between the two ends, taking the ragged edges on the
    // way.
    auto low = firstBlock;
    auto high = endBlock;
    for (std::size_t level = 0; low < high; ++level) {
        const std::span<const Extent> extents = m_levels[level];
        const auto lowUp = blocksOf(low, kFanOut);
        const auto highUp = high / kFanOut;
        if (level + 1 == m_levels.size() || lowUp >= highUp) {
            result.add(merge(extents.subspan(low, high - low)));
            break;
        }
        result.add(merge(extents.subspan(low, lowUp * kFanOut - low)));
        result.add(merge(extents.subspan(highUp * kFanOut, high - highUp * kFanOut)));
        low = lowUp;
        high = highUp;
    }
    return result;
}

std::size_t Pyramid::memoryBytes() const {
    std::size_t bytes = 0;
    for (const auto& level : m_levels) {
        bytes += level.capacity() * sizeof(Extent);
    }
    return bytes;
}

}  // namespace runglass::series
