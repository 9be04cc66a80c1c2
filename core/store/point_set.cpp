// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/point_set.h"

#include <bit>
#include <cmath>
#include <cstdint>

namespace runglass::store {

bool isSamePoint(const model::Point& a, const model::Point& b) {
    return a.step == b.step && a.timeMs == b.timeMs &&
           (a.value == b.value || (std::isnan(a.value) && std::isnan(b.value)));
}

std::size_t HashPoint::operator()(const model::Point& point) const {
    const double value = std::isnan(point.value) ? 0.5 : point.value + 0.0;  // −0 is 0
    std::uint64_t hash = static_cast<std::uint64_t>(point.step) * 0x9E3779B97F4A7C15U;
    hash ^= static_cast<std::uint64_t>(point.timeMs) + (hash << 6U) + (hash >> 2U);
    hash *= 0xFF51AFD7ED558CCDU;
    return hash ^ (std::bit_cast<std::uint64_t>(value) * 0xC4CEB9FE1A85EC53U);
}

PointSet foundIn(const model::Series& series, std::span<const model::Point> wanted) {
    const PointSet sought(wanted.begin(), wanted.end());
    PointSet found;
    for (std::size_t i = 0; i < series.size() && found.size() < sought.size(); ++i) {
        if (const auto point = series.at(i); sought.contains(point)) {
            found.insert(point);
        }
    }
    return found;
}

}  // namespace runglass::store
