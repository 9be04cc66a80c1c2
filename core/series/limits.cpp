// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/series/limits.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace runglass::series {

namespace {

/// An integer that orders as the double does, −0 beside 0.
std::uint64_t orderedKey(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    return (bits >> 63U) != 0 ? ~bits : bits | (std::uint64_t{1} << 63U);
}

double fromKey(std::uint64_t key) {
    return std::bit_cast<double>((key >> 63U) != 0 ? key & ~(std::uint64_t{1} << 63U) : ~key);
}

/// Finds order statistics digit by digit: counts how many values start with each next digit, and goes on with
/// the one that contains the rank. As many passes as digits, and no copy of the values.
class RankSearch {
public:
    explicit RankSearch(std::size_t rank)
        : m_rank(rank) {}
    void count(std::uint64_t key) {
        if (m_known == 64 || (m_known > 0 && (key >> (64 - m_known)) != m_prefix)) {
            return;
        }
        ++m_counts[(key >> (64 - m_known - kDigit)) & (kDigits - 1)];
    }
    void descend() {
        std::size_t digit = 0;
        while (m_rank >= m_counts[digit]) {
            m_rank -= m_counts[digit++];
        }
        m_prefix = (m_prefix << kDigit) | digit;
        m_known += kDigit;
        std::fill(m_counts.begin(), m_counts.end(), 0);
    }
    [[nodiscard]] double value() const { return fromKey(m_prefix); }

    static constexpr unsigned kDigit = 16;
    static constexpr std::size_t kDigits = std::size_t{1} << kDigit;

private:
    std::size_t m_rank;
    std::uint64_t m_prefix = 0;
    unsigned m_known = 0;  ///< bits of the prefix
    std::vector<std::size_t> m_counts = std::vector<std::size_t>(kDigits);
};

constexpr std::size_t kStretch = 1U << 16U;  // values between two looks at the stop token

template <typename Visit>
bool forEachFinite(std::span<const std::span<const double>> ranges, const std::stop_token& stop,
                   Visit visit) {
    for (const auto& range : ranges) {
        for (std::size_t begin = 0; begin < range.size(); begin += kStretch) {
            if (stop.stop_requested()) {
                return false;
            }
            for (const double value : range.subspan(begin, std::min(kStretch, range.size() - begin))) {
                if (std::isfinite(value)) {
                    visit(value);
                }
            }
        }
    }
    return true;
}

Mark::Kind kindOf(double value) {
    if (std::isnan(value)) {
        return Mark::Kind::Nan;
    }
    return value > 0 ? Mark::Kind::PlusInfinity : Mark::Kind::MinusInfinity;
}

}  // namespace

Extent robustLimits(std::span<const std::span<const double>> ranges, const std::stop_token& stop) {
    std::size_t count = 0;
    Extent all;
    if (!forEachFinite(ranges, stop, [&](double value) {
            ++count;
            all.add(value);
        })) {
        return {};
    }
    if (count <= 2) {
        all.allFinite = true;
        return all;
    }
    const auto last = static_cast<double>(count - 1);
    RankSearch low(static_cast<std::size_t>(std::ceil(last * 0.05)));
    RankSearch high(static_cast<std::size_t>(std::floor(last * 0.95)));
    for (unsigned known = 0; known < 64; known += RankSearch::kDigit) {
        if (!forEachFinite(ranges, stop, [&](double value) {
                const auto key = orderedKey(value);
                low.count(key);
                high.count(key);
            })) {
            return {};
        }
        low.descend();
        high.descend();
    }
    Extent extent;
    extent.add(low.value());
    extent.add(high.value());
    return extent;
}

Marks nonFiniteMarks(const Abscissa& xs, std::span<const double> ys, const Pyramid& pyramid,
                     IndexRange segment, double lower, double upper, std::size_t columns) {
    Marks out;
    const IndexRange visible{xs.lowerBound(segment, lower), xs.upperBound(segment, upper)};
    const double perX = upper > lower ? static_cast<double>(columns) / (upper - lower) : 0;
    std::array<double, 3> lastColumn{-1, -1, -1};
    if (!pyramid.mayHoldNonFinite(visible.begin, visible.end)) {
        return out;
    }
    constexpr std::size_t kSkip = 1024;
    for (auto begin = visible.begin; begin < visible.end; begin += kSkip) {
        const auto end = std::min(begin + kSkip, visible.end);
        if (!pyramid.mayHoldNonFinite(begin, end)) {
            continue;
        }
        for (auto i = begin; i < end; ++i) {
            if (std::isfinite(ys[i])) {
                continue;
            }
            ++out.total;
            const auto kind = kindOf(ys[i]);
            const double column = std::floor((xs[i] - lower) * perX);
            auto& last = lastColumn[static_cast<std::size_t>(kind)];
            if (column != last) {
                out.marks.push_back({xs[i], kind, i});
                last = column;
            }
        }
    }
    return out;
}

Unshowable countUnshowable(const Abscissa& xs, std::span<const double> ys, bool logX, bool logY,
                           std::size_t from) {
    Unshowable count;
    for (std::size_t i = from; i < ys.size() && (logX || logY); ++i) {
        if (logX && !(xs[i] > 0)) {
            ++count.byX;
        } else if (logY && ys[i] <= 0 && std::isfinite(ys[i])) {
            ++count.byY;
        }
    }
    return count;
}

model::Column<double> showableOnLogAxis(std::span<const double> ys) {
    model::Column<double> out(ys.begin(), ys.end());
    for (auto& y : out) {
        y = y <= 0 ? std::numeric_limits<double>::quiet_NaN() : y;
    }
    return out;
}

}  // namespace runglass::series
