// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "runglass/model/growing_column.h"

namespace runglass::series {

/// Smallest and largest finite value. The minimum is held negated, so that one "larger of the two" merges
/// both; {−∞, −∞} when there is no finite value.
struct Bounds {
    double negatedMin;
    double max;
};

/// Bounds of both together.
inline Bounds united(const Bounds& a, const Bounds& b) {
    return {std::max(a.negatedMin, b.negatedMin), std::max(a.max, b.max)};
}

/// Smallest and largest finite value of a range, and whether every value in it is finite.
struct Extent {
    double min = std::numeric_limits<double>::infinity();
    double max = -std::numeric_limits<double>::infinity();
    bool allFinite = true;

    /// No finite value at all.
    [[nodiscard]] bool empty() const { return min > max; }
    void add(double value);
    void add(const Extent& other);
    friend bool operator==(const Extent&, const Extent&) = default;
};

/// Extents of blocks of 32 values, of blocks of 4 such blocks, and so on: the exact extent of any range of a
/// series in O(log n), at about 8 % of the memory of the values (at most 11 % while it grows). Does not hold
/// the values, which are passed in again with each question.
///
/// Cheap to copy: copies share the blocks that are whole, which never change again, and each has the last
/// ones, which are not, by itself. So a copy is appended to at a cost that depends on what is new only, while
/// others read the original.
///
/// Thread-safe to read. Built with AVX2 where the processor has it.
class Pyramid {
public:
    static constexpr std::size_t kLeastBlock = 32;  ///< values in a block of the lowest level

    Pyramid() = default;
    explicit Pyramid(std::span<const double> values) { append(values); }

    /// Takes in the values beyond those seen so far. `values` is the whole series, of which the part seen
    /// before must not have changed; the cost depends on what is new only.
    void append(std::span<const double> values);

    /// Extent of values[begin, end); `values` are those that append() saw.
    [[nodiscard]] Extent extent(std::span<const double> values, std::size_t begin, std::size_t end) const;

    /// Bounds of the few blocks that values[begin, end) lie in, begin < end ≤ size(): no narrower than
    /// extent(), at a fraction of its cost, and without the values.
    [[nodiscard]] Bounds outerBounds(std::size_t begin, std::size_t end) const;

    /// False when every value of the blocks that values[begin, end) lie in is finite: nearly always, and
    /// known at once.
    [[nodiscard]] bool mayHoldNonFinite(std::size_t begin, std::size_t end) const {
        return anyBroken(begin / kLeastBlock, (end + kLeastBlock - 1) / kLeastBlock);
    }

    /// The size of the largest blocks that hold no more than `values`, or of the smallest there are.
    [[nodiscard]] std::size_t blockSizeBelow(std::size_t values) const;
    /// The blocks of one size, in order.
    struct Blocks {
        std::span<const Bounds> whole;
        std::optional<Bounds> rest;  ///< of the values behind the last whole block

        [[nodiscard]] std::size_t size() const { return whole.size() + (rest ? 1 : 0); }
        /// Of blocks [begin, end), begin < end ≤ size().
        [[nodiscard]] Bounds bounds(std::size_t begin, std::size_t end) const {
            const auto wholeEnd = std::min(end, whole.size());
            Bounds all = end > wholeEnd ? *rest : whole[begin];
            for (auto b = begin; b < wholeEnd; ++b) {
                all = united(all, whole[b]);
            }
            return all;
        }
    };
    /// The blocks of that size: what a curve is drawn from when its points are not in memory.
    [[nodiscard]] Blocks blocks(std::size_t blockSize) const;
    /// Asks the processor for what questions about the values around `i` will need.
    void prefetch(std::span<const double> values, std::size_t i) const;

    [[nodiscard]] std::size_t size() const { return m_size; }
    /// Of all copies that share it.
    [[nodiscard]] std::size_t memoryBytes() const;

private:
    struct Level {
        model::GrowingColumn<Bounds> whole;
        std::optional<Bounds> rest;

        [[nodiscard]] std::size_t size() const { return whole.size() + (rest ? 1 : 0); }
        [[nodiscard]] const Bounds& operator[](std::size_t b) const {
            return b < whole.size() ? whole[b] : *rest;
        }
    };
    [[nodiscard]] bool anyBroken(std::size_t beginBlock, std::size_t endBlock) const;
    [[nodiscard]] std::uint64_t brokenWord(std::size_t w) const {
        return w < m_broken.size() ? m_broken[w] : m_lastBroken;
    }
    void appendBlocks(std::span<const double> values);
    void appendLevel(std::size_t i);

    std::size_t m_size = 0;
    std::vector<Level> m_levels;
    /// A bit for each block of the lowest level: whole words, and that of the blocks after them.
    model::GrowingColumn<std::uint64_t> m_broken;
    std::uint64_t m_lastBroken = 0;
    bool m_allFinite = true;
};

}  // namespace runglass::series
