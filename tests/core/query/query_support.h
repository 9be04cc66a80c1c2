// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "runglass/model/run.h"
#include "runglass/query/field.h"
#include "runglass/query/filter.h"
#include "support/test.h"

namespace runglass::test {

using Pairs = std::vector<std::pair<std::string, std::string>>;

inline void addParams(model::RunRecord& run, const Pairs& params) {
    for (const auto& [key, value] : params) {
        run.params.push_back({Symbol(key), Symbol(value)});
    }
    run.sortKeys();
}

inline void addTags(model::RunRecord& run, const Pairs& tags) {
    for (const auto& [key, value] : tags) {
        run.tags.push_back({Symbol(key), Symbol(value)});
    }
    run.sortKeys();
}

/// A metric with these values at steps 0, 1, 2 …
inline void addMetric(model::RunRecord& run, const std::string& key, const std::vector<double>& values) {
    model::Metric metric{Symbol(key), {}};
    std::int64_t step = 0;
    for (const double value : values) {
        metric.summary.add({step, 1'000 * step, value});
        ++step;
    }
    run.metrics.push_back(metric);
    run.sortKeys();
}

inline query::Filter filterOf(std::string_view text) {
    auto parsed = query::Filter::parse(text);
    if (const auto* error = std::get_if<query::FilterError>(&parsed)) {
        QTest::qFail((std::string(text) + ": " + error->message).c_str(), __FILE__, __LINE__);
        return {};
    }
    return std::get<query::Filter>(std::move(parsed));
}

inline query::FilterError errorOf(std::string_view text) {
    auto parsed = query::Filter::parse(text);
    if (const auto* error = std::get_if<query::FilterError>(&parsed)) {
        return *error;
    }
    return {std::string::npos, 0, "no error"};
}

}  // namespace runglass::test
