// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <vector>

#include "runglass/model/growing_column.h"
#include "runglass/model/series.h"
#include "runglass/series/index_range.h"

namespace runglass::series {

/// The x values of a curve. Those at equal distances (the steps of most metrics) are held as three numbers
/// and not as an array, and found by arithmetic instead of search; what comes out is the same to the last bit
/// either way. Immutable and cheap to copy.
class Abscissa {
public:
    Abscissa() = default;
    Abscissa(const std::vector<double>& xs);  // NOLINT(google-explicit-constructor)

    /// x[i] = steps[i]. Beyond 2^53 neighbouring steps share an x, which are drawn as points of equal x.
    static Abscissa ofSteps(std::span<const std::int64_t> steps);
    /// Seconds: x[i] = (timesMs[i] − zeroMs) / 1000.
    static Abscissa ofTimes(std::span<const std::int64_t> timesMs, std::int64_t zeroMs);
    /// The same of more steps or times, of which the first size() are those that this was made of: equal to
    /// what they would give anew, at a cost that depends on what is new only, but for the one time when
    /// distances cease to be equal. Shares its memory with this.
    [[nodiscard]] Abscissa extended(std::span<const std::int64_t> integers) const;

    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] bool empty() const { return m_size == 0; }
    [[nodiscard]] double operator[](std::size_t i) const { return m_values ? m_values[i] : regular(i); }
    [[nodiscard]] double front() const { return (*this)[0]; }
    [[nodiscard]] double back() const { return (*this)[m_size - 1]; }
    [[nodiscard]] bool isRegular() const { return m_size > 0 && m_values == nullptr; }

    /// First index of `range`, within which x never decreases, with x[i] ≥ x (upperBound: > x); range.end
    /// when there is none. `hint` is where the search starts.
    [[nodiscard]] std::size_t lowerBound(IndexRange range, double x) const;
    [[nodiscard]] std::size_t lowerBound(IndexRange range, double x, std::size_t hint) const;
    [[nodiscard]] std::size_t upperBound(IndexRange range, double x) const;

    /// Splits at each place where x steps back (a restarted run): within a segment x never decreases. A curve
    /// is not drawn across segments. NaN counts as a step back, so that no segment of several points has one.
    [[nodiscard]] std::vector<IndexRange> segments() const;
    /// Adds the segments of the points from `from` on to those of the points before. The last one becomes
    /// longer where it goes on.
    void extendSegments(std::vector<IndexRange>& segments, std::size_t from) const;

    /// True when both give the same x for the same index, found out without comparing arrays.
    [[nodiscard]] bool sameAs(const Abscissa& other) const;
    [[nodiscard]] std::size_t memoryBytes() const;

    class Iterator;
    [[nodiscard]] Iterator begin() const;
    [[nodiscard]] Iterator end() const;
    friend bool operator==(const Abscissa& a, const Abscissa& b);

private:
    [[nodiscard]] double regular(std::size_t i) const {
        return static_cast<double>(m_first + m_spacing * static_cast<std::int64_t>(i)) / m_divisor;
    }
    [[nodiscard]] std::size_t regularBound(IndexRange range, double x) const;
    static Abscissa ofIntegers(std::span<const std::int64_t> integers, std::int64_t zero, double divisor);
    void appendValues(std::span<const std::int64_t> integers);

    std::size_t m_size = 0;
    const double* m_values = nullptr;  // null while regular
    model::GrowingColumn<double> m_owner;
    std::int64_t m_zero = 0;  // what the integers are counted from
    std::int64_t m_first = 0;
    std::int64_t m_spacing = 0;
    double m_divisor = 1;
};

/// Random access, for the algorithms of the standard library.
class Abscissa::Iterator {
public:
    using iterator_category = std::random_access_iterator_tag;
    using value_type = double;
    using difference_type = std::ptrdiff_t;
    using pointer = const double*;
    using reference = double;

    Iterator() = default;
    Iterator(const Abscissa* owner, std::size_t i)
        : m_owner(owner)
        , m_i(i) {}
    double operator*() const { return (*m_owner)[m_i]; }
    double operator[](difference_type n) const { return *(*this + n); }
    Iterator& operator++() { return *this += 1; }
    Iterator& operator--() { return *this += -1; }
    Iterator operator++(int) { return Iterator(m_owner, m_i++); }
    Iterator operator--(int) { return Iterator(m_owner, m_i--); }
    Iterator& operator+=(difference_type n) {
        m_i = static_cast<std::size_t>(static_cast<difference_type>(m_i) + n);
        return *this;
    }
    Iterator& operator-=(difference_type n) { return *this += -n; }
    friend Iterator operator+(Iterator a, difference_type n) { return a += n; }
    friend Iterator operator+(difference_type n, Iterator a) { return a += n; }
    friend Iterator operator-(Iterator a, difference_type n) { return a += -n; }
    friend difference_type operator-(const Iterator& a, const Iterator& b) {
        return static_cast<difference_type>(a.m_i) - static_cast<difference_type>(b.m_i);
    }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.m_i == b.m_i; }
    friend auto operator<=>(const Iterator& a, const Iterator& b) { return a.m_i <=> b.m_i; }

private:
    const Abscissa* m_owner = nullptr;
    std::size_t m_i = 0;
};

inline Abscissa::Iterator Abscissa::begin() const {
    return {this, 0};
}
inline Abscissa::Iterator Abscissa::end() const {
    return {this, m_size};
}

/// Two readings of a run that was restarted from an earlier step.
enum class Overlap {
    KeepAll,          ///< every point; each restart starts a new segment
    LaterOverwrites,  ///< a point whose step goes back drops the points before it from that step on
};

/// The points that count when later points overwrite earlier ones, as index ranges in order of arrival whose
/// steps together never decrease. A point at the step of its predecessor drops nothing (TensorBoard would
/// drop it: a job that logs everything at step 0 shows one point there).
std::vector<IndexRange> laterOverwrites(std::span<const std::int64_t> steps);

/// The points of `ranges`, one after the other.
model::Series gather(const model::SeriesView& series, std::span<const IndexRange> ranges);

/// A metric over another metric of the same run.
struct JoinedSeries {
    std::vector<double> xs;            ///< ascending
    std::vector<std::size_t> indices;  ///< of the points in the y series
    std::size_t withoutPartner = 0;    ///< points of y whose step has no x, or one that is not finite
};

/// Joins by step: each point of `y` is placed at the value that `x` has at the same step, of several at one
/// step the one that arrived last. The result is in order of x (of equal x, in order of arrival), so that the
/// line leads from neighbour to neighbour on the axis, whichever way the x metric went.
JoinedSeries joinByStep(const model::SeriesView& y, const model::SeriesView& x);

}  // namespace runglass::series
