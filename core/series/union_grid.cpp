// SPDX-License-Identifier: GPL-3.0-or-later
#include "union_grid.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace runglass::series {

namespace {

/// Ascending, without repeats; of one segment.
std::vector<double> xsOf(const GroupMember& member, IndexRange segment, double from) {
    if (std::isfinite(from)) {
        segment.begin = member.xs.lowerBound(segment, from);
    }
    std::vector<double> xs;
    xs.reserve(segment.size());
    for (auto i = segment.begin; i < segment.end; ++i) {
        const double x = member.xs[i];
        if (std::isfinite(x) && (xs.empty() || x > xs.back())) {
            xs.push_back(x);
        }
    }
    return xs;
}

std::vector<double> merged(const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> out;
    out.reserve(std::max(a.size(), b.size()));
    std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
    return out;
}

}  // namespace

std::size_t mostPositions(const Aggregation& aggregation) {
    return std::max<std::size_t>(2, aggregation.maxPositions);  // both ends stay
}

std::vector<double> unionOfXs(std::span<const GroupMember> members, const Aggregation& aggregation,
                              double from, const std::stop_token& stop) {
    // Pairs of pairs, so that each x is moved log(members) times only.
    std::vector<std::vector<double>> parts;
    const Abscissa* previous = nullptr;
    for (const auto& member : members) {
        const bool known = previous != nullptr && previous->sameAs(member.xs);
        previous = &member.xs;
        for (const auto& segment : member.segments) {
            if (stop.stop_requested()) {
                return {};
            }
            if (!known && !segment.empty()) {
                parts.push_back(xsOf(member, segment, from));
            }
        }
    }
    while (parts.size() > 1) {
        std::vector<std::vector<double>> next;
        for (std::size_t i = 0; i < parts.size(); i += 2) {
            if (stop.stop_requested()) {
                return {};
            }
            next.push_back(i + 1 < parts.size() ? merged(parts[i], parts[i + 1]) : std::move(parts[i]));
        }
        parts = std::move(next);
    }
    auto xs = parts.empty() ? std::vector<double>() : std::move(parts.front());
    if (aggregation.logX) {
        xs.erase(xs.begin(), std::upper_bound(xs.begin(), xs.end(), 0.0));
    }
    const auto most = mostPositions(aggregation);
    if (xs.size() > most) {
        for (std::size_t i = 0; i < most; ++i) {
            xs[i] = xs[i * (xs.size() - 1) / (most - 1)];
        }
        xs.resize(most);
    }
    return xs;
}

MemberReader::MemberReader(const GroupMember& member, const Aggregation& aggregation)
    : m_member(member)
    , m_logX(aggregation.logX)
    , m_logY(aggregation.logY)
    , m_none(std::numeric_limits<double>::quiet_NaN()) {
    for (const auto& segment : member.segments) {
        m_cursors.push_back(segment.begin);
    }
}

void MemberReader::read(std::span<const double> positions, double* out, std::size_t stride) {
    for (std::size_t s = 0; s < m_member.segments.size(); ++s) {
        const auto segment = m_member.segments[s];
        if (segment.empty() || m_member.xs[segment.begin] > positions.back() ||
            m_member.xs[segment.end - 1] < positions.front()) {
            continue;
        }
        for (std::size_t i = 0; i < positions.size(); ++i) {
            const double value = valueAt(segment, m_cursors[s], positions[i]);
            if (std::isfinite(value)) {
                out[i * stride] = value;  // a later segment overwrites an earlier one
            }
        }
    }
}

double MemberReader::valueAt(IndexRange segment, std::size_t& cursor, double x) const {
    const auto& xs = m_member.xs;
    if (x < xs[segment.begin] || x > xs[segment.end - 1]) {
        return m_none;
    }
    // To the last point with x[i] ≤ x; positions ascend, and are close.
    if (cursor + 1 < segment.end && xs[cursor + 1] <= x) {
        const auto above =
            xs.lowerBound(segment, std::nextafter(x, std::numeric_limits<double>::infinity()), cursor + 1);
        cursor = above - 1;
    }
    const double before = shown(m_member.ys[cursor]);
    if (xs[cursor] == x || cursor + 1 == segment.end) {
        return before;
    }
    const double after = shown(m_member.ys[cursor + 1]);
    if (!std::isfinite(before) || !std::isfinite(after)) {
        return m_none;
    }
    const double from = m_logX ? std::log(xs[cursor]) : xs[cursor];
    const double to = m_logX ? std::log(xs[cursor + 1]) : xs[cursor + 1];
    const double t = ((m_logX ? std::log(x) : x) - from) / (to - from);
    if (m_logY) {
        return std::exp(std::log(before) * (1 - t) + std::log(after) * t);
    }
    return before * (1 - t) + after * t;
}

}  // namespace runglass::series
