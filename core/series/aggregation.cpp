// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/series/aggregation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include <boost/math/distributions/students_t.hpp>

#include "bootstrap.h"
#include "runglass/base/translate.h"
#include "union_grid.h"

namespace runglass::series {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Mean and sample standard deviation are those of the values times `scale`, a power of two which brings
/// values near the largest and the smallest double to the middle, where their squares are.
struct Moments {
    double scale = 1;
    double mean = 0;
    double deviation = kNan;
    double min = 0;
    double max = 0;

    /// The mean and so many deviations, in the unit of the values. Beyond the largest double is the largest.
    [[nodiscard]] double around(double deviations) const {
        constexpr double kMost = std::numeric_limits<double>::max();
        return std::clamp((mean + deviations * deviation) / scale, -kMost, kMost);
    }
};

/// Of at least one value, in two passes.
Moments momentsOf(std::span<const double> values) {
    const auto [min, max] = std::minmax_element(values.begin(), values.end());
    const double largest = std::max(std::abs(*min), std::abs(*max));
    const double scale = largest > 1e150 ? 0x1p-600 : largest < 1e-100 ? 0x1p+600 : 1;
    const auto n = static_cast<double>(values.size());
    double sum = 0;
    for (const double value : values) {
        sum += value * scale;
    }
    Moments moments{scale, sum / n, kNan, *min, *max};
    if (values.size() > 1) {
        double squares = 0;
        for (const double value : values) {
            const double distance = value * scale - moments.mean;
            squares += distance * distance;
        }
        moments.deviation = std::sqrt(squares / (n - 1));
    }
    return moments;
}

double medianOf(std::span<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1) {
        return *middle;
    }
    const double below = *std::max_element(values.begin(), middle);
    return below / 2 + *middle / 2;
}

/// t quantiles are slow to compute and there are few different n.
class StudentTable {
public:
    double operator()(std::size_t n) {
        if (m_values.size() <= n) {
            m_values.resize(n + 1, kNan);
        }
        if (std::isnan(m_values[n])) {
            m_values[n] = studentT975(static_cast<double>(n - 1));
        }
        return m_values[n];
    }

private:
    std::vector<double> m_values;
};

/// Goes through the positions and fills the columns of the result.
class Aggregator {
public:
    /// Goes on behind what is in `out`.
    Aggregator(const Aggregation& aggregation, std::size_t members, Aggregate out)
        : m_aggregation(aggregation)
        , m_bootstrap(aggregation.resamples, aggregation.seed, members)
        , m_out(std::move(out)) {}

    /// `row` has one value a member, NaN where it has none.
    void add(double x, std::span<const double> row) {
        m_present.clear();
        for (const double value : row) {
            if (std::isfinite(value)) {
                m_present.push_back(value);
            }
        }
        m_out.xs.push_back(x);
        m_out.n.push_back(static_cast<std::uint32_t>(m_present.size()));
        if (m_present.empty()) {
            m_out.centre.push_back(kNan);
            if (m_aggregation.band != Band::None) {
                push(kNan, kNan);
            }
            return;
        }
        const auto moments = momentsOf(m_present);
        addBand(moments, row);
        m_out.centre.push_back(centre(moments));
    }

    Aggregate take() { return std::move(m_out); }

private:
    double centre(const Moments& moments) {
        switch (m_aggregation.centre) {
            case Centre::Mean:
                break;
            case Centre::Median:
                return medianOf(m_present);
            case Centre::Min:
                return moments.min;
            case Centre::Max:
                return moments.max;
        }
        return moments.mean / moments.scale;
    }

    void addBand(const Moments& moments, std::span<const double> row) {
        const auto n = m_present.size();
        const double error = 1 / std::sqrt(static_cast<double>(n));  // in deviations
        switch (m_aggregation.band) {
            case Band::None:
                return;
            case Band::MinMax:
                push(moments.min, moments.max);
                return;
            case Band::StandardDeviation:
                push(moments.around(-1), moments.around(1));
                return;
            case Band::StandardError:
                push(moments.around(-error), moments.around(error));
                return;
            case Band::ConfidenceT: {
                const double reach = n > 1 ? m_student(n) * error : kNan;
                push(moments.around(-reach), moments.around(reach));
                return;
            }
            case Band::ConfidenceBootstrap:
                if (n > 1) {
                    const auto [lower, upper] = m_bootstrap.interval(row);
                    push(lower, upper);
                } else {
                    push(kNan, kNan);
                }
                return;
        }
    }

    void push(double lower, double upper) {
        m_out.lower.push_back(lower);
        m_out.upper.push_back(upper);
    }

    const Aggregation& m_aggregation;
    Bootstrap m_bootstrap;
    StudentTable m_student;
    std::vector<double> m_present;
    Aggregate m_out;
};

Aggregate first(const Aggregate& all, std::size_t count) {
    const auto of = [count](const auto& column) {
        const auto end = column.begin() + static_cast<std::ptrdiff_t>(std::min(count, column.size()));
        return std::remove_cvref_t<decltype(column)>(column.begin(), end);
    };
    return {of(all.xs), of(all.centre), of(all.lower), of(all.upper), of(all.n)};
}

Aggregate aggregateAt(const std::vector<double>& positions, Aggregate before,
                      std::span<const GroupMember> members, const Aggregation& aggregation,
                      const std::stop_token& stop) {
    Aggregator aggregator(aggregation, aggregation.band == Band::ConfidenceBootstrap ? members.size() : 0,
                          std::move(before));
    // A block of positions at a time: as many rows as stay in the cache while each member fills its column.
    constexpr std::size_t kBlock = 256;
    std::vector<double> rows;
    std::vector<MemberReader> readers;
    readers.reserve(members.size());
    for (const auto& member : members) {
        readers.emplace_back(member, aggregation);
    }
    for (std::size_t begin = 0; begin < positions.size(); begin += kBlock) {
        if (stop.stop_requested()) {
            return {};
        }
        const auto block = std::span(positions).subspan(begin, std::min(kBlock, positions.size() - begin));
        rows.assign(block.size() * members.size(), kNan);
        for (std::size_t m = 0; m < members.size(); ++m) {
            readers[m].read(block, rows.data() + m, members.size());
        }
        for (std::size_t i = 0; i < block.size(); ++i) {
            aggregator.add(block[i], std::span(rows).subspan(i * members.size(), members.size()));
        }
    }
    return stop.stop_requested() ? Aggregate{} : aggregator.take();
}

}  // namespace

Aggregate aggregate(std::span<const GroupMember> members, const Aggregation& aggregation,
                    const std::stop_token& stop) {
    const auto positions = unionOfXs(members, aggregation, -std::numeric_limits<double>::infinity(), stop);
    return aggregateAt(positions, {}, members, aggregation, stop);
}

Aggregate aggregateOn(const Aggregate& former, double from, std::span<const GroupMember> members,
                      const Aggregation& aggregation, const std::stop_token& stop) {
    const auto most = mostPositions(aggregation);
    const auto kept = static_cast<std::size_t>(std::lower_bound(former.xs.begin(), former.xs.end(), from) -
                                               former.xs.begin());
    if (former.xs.size() >= most || !std::isfinite(from)) {
        return from == std::numeric_limits<double>::infinity() ? former
                                                               : aggregate(members, aggregation, stop);
    }
    const auto positions = unionOfXs(members, aggregation, from, stop);
    return kept + positions.size() > most
               ? aggregate(members, aggregation, stop)
               : aggregateAt(positions, first(former, kept), members, aggregation, stop);
}

std::string describe(const Aggregation& aggregation) {
    std::string centre;
    switch (aggregation.centre) {
        case Centre::Mean:
            centre = tr("mean");
            break;
        case Centre::Median:
            centre = tr("median");
            break;
        case Centre::Min:
            centre = tr("minimum");
            break;
        case Centre::Max:
            centre = tr("maximum");
            break;
    }
    // A band around the mean is named so where the line is another.
    const bool mean = aggregation.centre == Centre::Mean;
    switch (aggregation.band) {
        case Band::None:
            return centre;
        case Band::MinMax:
            return tr("{}, min–max", centre);
        case Band::StandardDeviation:
            return mean ? tr("mean ± sample standard deviation")
                        : tr("{}, band: mean ± sample standard deviation", centre);
        case Band::StandardError:
            return mean ? tr("mean ± standard error") : tr("{}, band: mean ± standard error", centre);
        case Band::ConfidenceT:
            return tr("{}, 95 % confidence interval of the mean (t)", centre);
        case Band::ConfidenceBootstrap:
            return tr("{}, 95 % confidence interval of the mean (bootstrap, {} resamples)", centre,
                      aggregation.resamples);
    }
    return centre;
}

double studentT975(double degreesOfFreedom) {
    return boost::math::quantile(boost::math::students_t(degreesOfFreedom), 0.975);
}

}  // namespace runglass::series
