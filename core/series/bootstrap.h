// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace runglass::series {

/// Percentile bootstrap of the mean over whole runs (Efron & Tibshirani, An Introduction to the Bootstrap,
/// 1993, §13.3): the runs are drawn once, and serve every x.
///
/// Drawing: std::mt19937_64 of the seed; for each resample as many draws as members; a draw is the upper 64
/// bits of the 128-bit product of the next random number and the number of members.
class Bootstrap {
public:
    Bootstrap(std::uint32_t resamples, std::uint64_t seed, std::size_t members);

    /// `row` has one value a member, NaN where it has none; at least two are finite. The bounds are the
    /// values at 2.5 % and 97.5 % of the sorted means, linear between neighbours (numpy's default). A
    /// resample that happens to draw no member with a value is left out.
    std::pair<double, double> interval(std::span<const double> row);

private:
    std::size_t m_members;
    std::vector<float> m_counts;  ///< how often resample r draws member m, at [m · resamples + r]
    std::uint32_t m_resamples;
    std::vector<double> m_sums;
    std::vector<double> m_draws;
};

}  // namespace runglass::series
