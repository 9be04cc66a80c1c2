// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <stop_token>
#include <vector>

#include "runglass/series/aggregation.h"

namespace runglass::series {

/// How many positions there are at most.
std::size_t mostPositions(const Aggregation& aggregation);

/// The x ≥ `from` of all members, ascending and without repeats, thinned to mostPositions(). With logX only
/// those > 0.
std::vector<double> unionOfXs(std::span<const GroupMember> members, const Aggregation& aggregation,
                              double from, const std::stop_token& stop);

/// Reads one member at ascending positions.
class MemberReader {
public:
    MemberReader(const GroupMember& member, const Aggregation& aggregation);

    /// Writes the value at each position to out[0], out[stride], out[2·stride] …, nothing where there is
    /// none.
    void read(std::span<const double> positions, double* out, std::size_t stride);

private:
    /// NaN where the segment has none.
    double valueAt(IndexRange segment, std::size_t& cursor, double x) const;
    [[nodiscard]] double shown(double y) const { return m_logY && !(y > 0) ? m_none : y; }

    const GroupMember& m_member;
    bool m_logX;
    bool m_logY;
    double m_none;
    std::vector<std::size_t> m_cursors;  ///< where the last position was, a segment
};

}  // namespace runglass::series
