// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace runglass::series {

namespace {

__extension__ using Wide = unsigned __int128;

/// As numpy.percentile's "linear". Reorders.
double quantile(std::span<double> values, double share) {
    const double place = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::ptrdiff_t>(std::floor(place));
    const auto at = values.begin() + below;
    std::nth_element(values.begin(), at, values.end());
    if (at + 1 == values.end()) {
        return *at;
    }
    const double above = *std::min_element(at + 1, values.end());
    return *at + (above - *at) * (place - static_cast<double>(below));
}

}  // namespace

Bootstrap::Bootstrap(std::uint32_t resamples, std::uint64_t seed, std::size_t members)
    : m_members(members)
    , m_counts(members * resamples)
    , m_resamples(resamples) {
    std::mt19937_64 random(seed);
    for (std::size_t r = 0; r < resamples && members > 0; ++r) {
        for (std::size_t draw = 0; draw < members; ++draw) {
            const auto m = static_cast<std::size_t>((Wide{random()} * members) >> 64U);
            m_counts[m * resamples + r] += 1;
        }
    }
}

std::pair<double, double> Bootstrap::interval(std::span<const double> row) {
    const bool complete =
        std::all_of(row.begin(), row.end(), [](double value) { return std::isfinite(value); });
    // Sums of the largest doubles are none: an exact factor brings them down, and the means up again.
    const bool huge = std::any_of(row.begin(), row.end(), [](double value) {
        return std::isfinite(value) && std::abs(value) > std::numeric_limits<double>::max() * 0x1p-32;
    });
    const double scale = huge ? 0x1p-64 : 1;
    m_sums.assign(m_resamples, 0);
    m_draws.assign(m_resamples, complete ? static_cast<double>(m_members) : 0);
    for (std::size_t m = 0; m < m_members; ++m) {
        const double value = row[m];
        if (!std::isfinite(value)) {
            continue;
        }
        const float* counts = m_counts.data() + m * m_resamples;
        for (std::size_t r = 0; r < m_resamples; ++r) {
            m_sums[r] += static_cast<double>(counts[r]) * (value * scale);
        }
        for (std::size_t r = 0; !complete && r < m_resamples; ++r) {
            m_draws[r] += static_cast<double>(counts[r]);
        }
    }
    std::size_t kept = 0;
    for (std::size_t r = 0; r < m_resamples; ++r) {
        if (m_draws[r] > 0) {
            m_sums[kept++] = m_sums[r] / m_draws[r];
        }
    }
    const auto means = std::span(m_sums).first(kept);
    if (means.empty()) {
        return {std::nan(""), std::nan("")};
    }
    return {quantile(means, 0.025) / scale, quantile(means, 0.975) / scale};
}

}  // namespace runglass::series
