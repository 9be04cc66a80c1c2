// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace runglass::series {

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

/// Extents of blocks of 64 values, of blocks of 16 such blocks, and so on: the exact extent of any range of a
/// series in O(log n), at under 5 % of the memory of the values. Immutable after building but for append();
/// does not hold the values, which are passed in again with each question.
class Pyramid {
public:
    Pyramid() = default;
    explicit Pyramid(std::span<const double> values) { append(values); }

    /// Takes in the values beyond those seen so far. `values` is the whole series, of which the part seen
    /// before must not have changed; the cost depends on what is new only.
    void append(std::span<const double> values);

    /// Extent of values[begin, end); `values` are those that append() saw.
    [[nodiscard]] Extent extent(std::span<const double> values, std::size_t begin, std::size_t end) const;

    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] std::size_t memoryBytes() const;

private:
    std::size_t m_size = 0;
    std::vector<std::vector<Extent>> m_levels;
};

}  // namespace runglass::series
