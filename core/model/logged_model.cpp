// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/model/logged_model.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace runglass::model {

std::string_view modelStatusName(ModelStatus status) {
    static constexpr std::array<std::string_view, 4> kNames{"", "pending", "ready", "upload failed"};
    const auto number = static_cast<std::size_t>(status);
    return number < kNames.size() ? kNames.at(number) : std::string_view();
}

std::vector<ModelMetric> latestMetrics(const LoggedModel& model) {
    const auto subject = [](const ModelMetric& metric) {
        return std::tie(metric.key, metric.run, metric.dataset, metric.digest);
    };
    auto metrics = model.metrics;
    std::stable_sort(metrics.begin(), metrics.end(), [&](const ModelMetric& a, const ModelMetric& b) {
        return subject(a) != subject(b)
                   ? subject(a) < subject(b)
                   : std::tie(a.point.step, a.point.timeMs) > std::tie(b.point.step, b.point.timeMs);
    });
    const auto isSame = [&](const ModelMetric& a, const ModelMetric& b) { return subject(a) == subject(b); };
    metrics.erase(std::unique(metrics.begin(), metrics.end(), isSame), metrics.end());
    return metrics;
}

std::string artifactPrefix(const LoggedModel& model, const std::vector<LoggedModel>& all) {
    const auto sameName = [&](const LoggedModel& other) { return other.output && other.name == model.name; };
    const bool unique = std::count_if(all.begin(), all.end(), sameName) <= 1;
    return (unique && !model.name.empty() ? model.name : model.id) + '/';
}

}  // namespace runglass::model
