// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <unordered_set>

#include "runglass/model/series.h"

namespace runglass::store {

/// Whether two points say the same: NaN is one value, and −0 is 0.
bool isSamePoint(const model::Point& a, const model::Point& b);

struct SamePoint {
    bool operator()(const model::Point& a, const model::Point& b) const { return isSamePoint(a, b); }
};
struct HashPoint {
    std::size_t operator()(const model::Point& point) const;
};
using PointSet = std::unordered_set<model::Point, HashPoint, SamePoint>;

/// Which of `wanted` the series has.
PointSet foundIn(const model::Series& series, std::span<const model::Point> wanted);

}  // namespace runglass::store
