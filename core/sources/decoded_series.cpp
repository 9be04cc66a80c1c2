// SPDX-License-Identifier: GPL-3.0-or-later
#include "decoded_series.h"

#include <algorithm>

namespace runglass::sources {

SeriesSink::SeriesSink(std::string wanted, const Series& before)
    : m_wanted(std::move(wanted))
    , m_series(before) {
    for (const auto& [metric, series] : before) {
        m_points += series.size();
    }
}

void SeriesSink::push(const std::string& metric, const model::Point& point) {
    if (!m_hasAll && metric != m_wanted) {
        return;
    }
    m_series[metric].push(point);
    if (m_hasAll && ++m_points > DecodedSeries::kMostPoints) {
        m_hasAll = false;
        std::erase_if(m_series, [&](const auto& one) { return one.first != m_wanted; });
    }
}

DecodedSeries& DecodedSeries::shared() {
    static DecodedSeries one;
    return one;
}

DecodedSeries::Shared DecodedSeries::find(const FileStamp& file) {
    const std::lock_guard lock(m_mutex);
    const auto known =
        std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& one) { return one.file == file; });
    if (known == m_entries.end()) {
        return nullptr;
    }
    std::rotate(m_entries.begin(), known, known + 1);
    return m_entries.front().series;
}

DecodedSeries::Shared DecodedSeries::keep(const FileStamp& file, SeriesSink sink) {
    const auto points = sink.points();
    const bool all = sink.hasAll();
    auto series = std::make_shared<const SeriesSink::Series>(sink.take());
    if (!all) {
        return series;
    }
    const std::lock_guard lock(m_mutex);
    // An earlier state of the same file is of no use any more.
    const auto old = std::find_if(m_entries.begin(), m_entries.end(),
                                  [&](const Entry& one) { return one.file.path == file.path; });
    if (old != m_entries.end()) {
        m_points -= old->points;
        m_entries.erase(old);
    }
    m_entries.push_front({file, series, points});
    m_points += points;
    while (m_points > kMostPoints) {
        m_points -= m_entries.back().points;
        m_entries.pop_back();
    }
    return series;
}

model::Series restOf(const model::Series& series, std::size_t from) {
    model::Series rest;
    for (std::size_t i = from; i < series.size(); ++i) {
        rest.push(series.at(i));
    }
    return rest;
}

}  // namespace runglass::sources
