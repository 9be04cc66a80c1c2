// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "runglass/series/abscissa.h"

namespace runglass::series {

/// The line of a group of runs.
enum class Centre { Mean, Median, Min, Max };

/// What surrounds it.
enum class Band {
    None,
    MinMax,
    StandardDeviation,    ///< mean ± s, the sample standard deviation (divisor n − 1)
    StandardError,        ///< mean ± s / √n
    ConfidenceT,          ///< 95 % interval of the mean: mean ± t(0.975, n − 1)·s / √n, Student's t
    ConfidenceBootstrap,  ///< 95 % interval of the mean: percentile bootstrap over whole runs
};

struct Aggregation {
    Centre centre = Centre::Mean;
    Band band = Band::StandardDeviation;
    bool logX = false;  ///< interpolates in log x, so that lines are straight on a log axis
    bool logY = false;  ///< interpolates in log y; values ≤ 0 then count as not finite
    /// The bootstrap draws as many runs as there are, with replacement, this many times. One drawing serves
    /// every x, so that the band is as smooth as the curves are.
    std::uint32_t resamples = 1000;
    std::uint64_t seed = 1;  ///< of std::mt19937_64; the same seed gives the same band everywhere
    /// The union of x is thinned to this many positions, evenly among its members, when it has more.
    std::size_t maxPositions = 1U << 17U;

    friend bool operator==(const Aggregation&, const Aggregation&) = default;
};

/// One run of a group.
struct GroupMember {
    Abscissa xs;
    std::vector<IndexRange> segments;
    std::span<const double> ys;
};

/// All columns have the same length, x ascends strictly. Where no member has a finite value n is 0 and the
/// rest NaN: a gap of the line. `lower` and `upper` are empty without a band, and NaN where it is not
/// defined: all but MinMax need two values.
struct Aggregate {
    std::vector<double> xs;
    std::vector<double> centre;
    std::vector<double> lower;
    std::vector<double> upper;
    std::vector<std::uint32_t> n;  ///< members with a value at this x

    [[nodiscard]] bool empty() const { return xs.empty(); }
};

/// Aggregates over the union of the x of all members (Aim's definition, aggregateGroupData.ts): a member has
/// a value at each x inside its own range, linear between its neighbours there, and none outside. Values that
/// are not finite are left out, and nothing is interpolated across them. Of several points at one x the last
/// counts; of overlapping segments the later one.
///
/// The band goes around the mean, also when the line is the median. Empty when stopped. Thread-safe; the
/// spans must stay while it runs.
Aggregate aggregate(std::span<const GroupMember> members, const Aggregation& aggregation,
                    const std::stop_token& stop = {});

/// The same of members that have got points, going on from `former`, what they gave before: positions ≥
/// `from`, before which no member has another value than then, are made anew, and only what lies there is
/// read. All of it is where either is thinned.
Aggregate aggregateOn(const Aggregate& former, double from, std::span<const GroupMember> members,
                      const Aggregation& aggregation, const std::stop_token& stop = {});

/// For legends: "mean ± sample standard deviation", "median, min–max". Translated.
std::string describe(const Aggregation& aggregation);

/// Two-sided 97.5 % quantile of Student's t.
double studentT975(double degreesOfFreedom);

}  // namespace runglass::series
