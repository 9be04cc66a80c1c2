// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/series/abscissa.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace runglass::series {

namespace {

/// The common difference when there is one; computed modulo 2^64, so that no input overflows.
std::optional<std::int64_t> commonDifference(std::span<const std::int64_t> values) {
    const auto* data = reinterpret_cast<const std::uint64_t*>(values.data());
    const std::size_t count = values.size();
    if (count == 1) {
        return 1;
    }
    const std::uint64_t difference = data[1] - data[0];
    // In stretches without a branch, which the compiler turns into vector code.
    constexpr std::size_t kStretch = 4096;
    for (std::size_t begin = 1; begin < count; begin += kStretch) {
        const std::size_t end = std::min(count, begin + kStretch);
        std::uint64_t unequal = 0;
        for (std::size_t i = begin; i < end; ++i) {
            unequal |= (data[i] - data[i - 1]) ^ difference;
        }
        if (unequal != 0) {
            return std::nullopt;
        }
    }
    return static_cast<std::int64_t>(difference);
}

/// Integers of this size and less can be subtracted and spaced without overflow.
constexpr std::int64_t kTame = std::int64_t{1} << 62;

bool tame(std::int64_t value) {
    return value > -kTame && value < kTame;
}

/// Whether values with this difference ascend without ever wrapping around.
bool ascendsEvenly(std::span<const std::int64_t> values, std::int64_t difference) {
    return difference > 0 && tame(values.front()) && tame(values.back()) && values.back() >= values.front() &&
           static_cast<std::size_t>((values.back() - values.front()) / difference) == values.size() - 1;
}

}  // namespace

Abscissa::Abscissa(const std::vector<double>& xs)
    : m_size(xs.size())
    , m_owner(model::Column<double>(xs.begin(), xs.end())) {
    m_values = m_owner.data();
}

Abscissa Abscissa::ofIntegers(std::span<const std::int64_t> integers, std::int64_t zero, double divisor) {
    Abscissa xs;
    xs.m_zero = zero;
    xs.m_divisor = divisor;
    if (integers.empty()) {
        return xs;
    }
    const auto difference = commonDifference(integers);
    if (difference && ascendsEvenly(integers, *difference) && tame(zero)) {
        xs.m_size = integers.size();
        xs.m_first = integers.front() - zero;
        xs.m_spacing = *difference;
    } else {
        xs.appendValues(integers);
    }
    return xs;
}

void Abscissa::appendValues(std::span<const std::int64_t> integers) {
    auto growth = m_owner.grown(integers.size());
    std::transform(integers.begin(), integers.end(), growth.fresh.begin(), [this](std::int64_t value) {
        // Only times wrap here, and none that a clock shows.
        const auto moved = static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(m_zero);
        return static_cast<double>(static_cast<std::int64_t>(moved)) / m_divisor;
    });
    m_owner = std::move(growth.column);
    m_values = m_owner.data();
    m_size = m_owner.size();
}

Abscissa Abscissa::extended(std::span<const std::int64_t> integers) const {
    if (integers.size() <= m_size) {
        return *this;
    }
    if (m_size < 2) {  // one point has no distance yet
        return ofIntegers(integers, m_zero, m_divisor);
    }
    auto longer = *this;
    if (!isRegular()) {
        longer.appendValues(integers.subspan(m_size));
        return longer;
    }
    const auto difference = commonDifference(integers.subspan(m_size - 1));
    if (difference != m_spacing || !ascendsEvenly(integers, m_spacing)) {
        return ofIntegers(integers, m_zero, m_divisor);
    }
    longer.m_size = integers.size();
    return longer;
}

Abscissa Abscissa::ofSteps(std::span<const std::int64_t> steps) {
    return ofIntegers(steps, 0, 1);
}

Abscissa Abscissa::ofTimes(std::span<const std::int64_t> timesMs, std::int64_t zeroMs) {
    return ofIntegers(timesMs, zeroMs, 1000);
}

std::size_t Abscissa::regularBound(IndexRange range, double x) const {
    if (range.empty() || !(x > regular(range.begin))) {
        return range.begin;
    }
    if (x > regular(range.end - 1)) {
        return range.end;
    }
    // The estimate is off by the rounding of three operations at most; where doubles are sparser than the
    // values, by some more.
    const double guess =
        std::ceil((x * m_divisor - static_cast<double>(m_first)) / static_cast<double>(m_spacing));
    auto i = static_cast<std::size_t>(
        std::clamp(guess, static_cast<double>(range.begin), static_cast<double>(range.end - 1)));
    while (i > range.begin && regular(i - 1) >= x) {
        --i;
    }
    while (regular(i) < x) {
        ++i;
    }
    return i;
}

std::size_t Abscissa::lowerBound(IndexRange range, double x) const {
    if (!m_values) {
        return regularBound(range, x);
    }
    return static_cast<std::size_t>(std::lower_bound(m_values + range.begin, m_values + range.end, x) -
                                    m_values);
}

// Gallops from the hint: columns of a chart follow one another, and so do their points.
std::size_t Abscissa::lowerBound(IndexRange range, double x, std::size_t hint) const {
    if (!m_values) {
        return regularBound(range, x);
    }
    std::size_t low = range.begin;
    std::size_t high = range.end;
    hint = std::clamp(hint, low, high);
    std::size_t stride = 8;
    if (hint < high && m_values[hint] < x) {
        low = hint + 1;
        while (high - low > stride && m_values[low + stride] < x) {
            low += stride + 1;
            stride *= 4;
        }
        high = std::min(high, low + stride + 1);
    } else {
        high = hint;
        while (high - low > stride && !(m_values[high - stride] < x)) {
            high -= stride;
            stride *= 4;
        }
        low = high - low > stride ? high - stride : low;
    }
    return static_cast<std::size_t>(std::lower_bound(m_values + low, m_values + high, x) - m_values);
}

std::size_t Abscissa::upperBound(IndexRange range, double x) const {
    return lowerBound(range, std::nextafter(x, std::numeric_limits<double>::infinity()));
}

std::vector<IndexRange> Abscissa::segments() const {
    std::vector<IndexRange> segments;
    extendSegments(segments, 0);
    return segments;
}

void Abscissa::extendSegments(std::vector<IndexRange>& segments, std::size_t from) const {
    if (from >= m_size) {
        return;
    }
    std::size_t begin = from;
    if (!segments.empty() && segments.back().end == from && (*this)[from] >= (*this)[from - 1]) {
        begin = segments.back().begin;
        segments.pop_back();
    }
    for (std::size_t i = from + 1; m_values && i < m_size; ++i) {
        if (!(m_values[i] >= m_values[i - 1])) {
            segments.push_back({begin, i});
            begin = i;
        }
    }
    segments.push_back({begin, m_size});
}

bool Abscissa::sameAs(const Abscissa& other) const {
    return m_size == other.m_size && m_values == other.m_values &&
           (!isRegular() ||
            (m_first == other.m_first && m_spacing == other.m_spacing && m_divisor == other.m_divisor));
}

std::size_t Abscissa::memoryBytes() const {
    return m_owner.memoryBytes();
}

bool operator==(const Abscissa& a, const Abscissa& b) {
    return a.sameAs(b) || (a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin()));
}

std::vector<IndexRange> laterOverwrites(std::span<const std::int64_t> steps) {
    std::vector<IndexRange> kept;
    std::size_t begin = 0;
    for (std::size_t i = 1; i <= steps.size(); ++i) {
        if (i < steps.size() && steps[i] >= steps[i - 1]) {
            continue;
        }
        kept.push_back({begin, i});
        begin = i;
        if (i == steps.size()) {
            break;
        }
        while (!kept.empty()) {
            auto& last = kept.back();
            const auto from = steps.begin() + static_cast<std::ptrdiff_t>(last.begin);
            const auto to = steps.begin() + static_cast<std::ptrdiff_t>(last.end);
            last.end = static_cast<std::size_t>(std::lower_bound(from, to, steps[i]) - steps.begin());
            if (!last.empty()) {
                break;
            }
            kept.pop_back();
        }
    }
    return kept;
}

model::Series gather(const model::SeriesView& series, std::span<const IndexRange> ranges) {
    model::Series out;
    std::size_t count = 0;
    for (const auto& range : ranges) {
        count += range.size();
    }
    out.reserve(count);
    for (const auto& range : ranges) {
        const auto part = series.sub(range.begin, range.size());
        out.steps.insert(out.steps.end(), part.steps.begin(), part.steps.end());
        out.timesMs.insert(out.timesMs.end(), part.timesMs.begin(), part.timesMs.end());
        out.values.insert(out.values.end(), part.values.begin(), part.values.end());
    }
    return out;
}

namespace {

struct StepIndex {
    std::int64_t step = 0;
    std::size_t index = 0;
};

/// In order of steps, of equal steps in order of arrival.
std::vector<StepIndex> byStep(std::span<const std::int64_t> steps) {
    std::vector<StepIndex> order(steps.size());
    for (std::size_t i = 0; i < steps.size(); ++i) {
        order[i] = {steps[i], i};
    }
    const auto less = [](const StepIndex& a, const StepIndex& b) { return a.step < b.step; };
    if (!std::is_sorted(order.begin(), order.end(), less)) {
        std::stable_sort(order.begin(), order.end(), less);
    }
    return order;
}

struct Placed {
    double x = 0;
    std::size_t index = 0;
};

}  // namespace

JoinedSeries joinByStep(const model::SeriesView& y, const model::SeriesView& x) {
    JoinedSeries joined;
    std::vector<Placed> placed;
    placed.reserve(y.size());
    const auto partners = byStep(x.steps);
    auto partner = partners.begin();
    for (const auto& [step, index] : byStep(y.steps)) {
        while (partner != partners.end() && partner->step < step) {
            ++partner;
        }
        auto last = partner;
        while (last != partners.end() && std::next(last) != partners.end() && std::next(last)->step == step) {
            ++last;
        }
        const bool found = last != partners.end() && last->step == step;
        const double value = found ? x.values[last->index] : std::numeric_limits<double>::quiet_NaN();
        partner = last;
        if (std::isfinite(value)) {
            placed.push_back({value, index});
        } else {
            ++joined.withoutPartner;
        }
    }
    std::sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
        return a.x < b.x || (a.x == b.x && a.index < b.index);
    });
    for (const auto& [value, index] : placed) {
        joined.xs.push_back(value);
        joined.indices.push_back(index);
    }
    return joined;
}

}  // namespace runglass::series
