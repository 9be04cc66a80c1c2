// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/model/run.h"

#include <algorithm>
#include <array>

namespace runglass::model {

namespace {

constexpr std::array<std::string_view, 6> kStatusNames{"scheduled", "running", "finished",
                                                       "failed",    "killed",  "lost"};

template <typename Entry>
const Entry* findKey(const std::vector<Entry>& entries, Symbol key) {
    const auto it = std::lower_bound(entries.begin(), entries.end(), key,
                                     [](const Entry& entry, Symbol wanted) { return entry.key < wanted; });
    return it != entries.end() && it->key == key ? &*it : nullptr;
}

template <typename Entry>
void sortByKey(std::vector<Entry>& entries) {
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.key < b.key; });
}

}  // namespace

std::string_view statusName(RunStatus status) {
    return kStatusNames[static_cast<std::size_t>(status)];
}

std::optional<RunStatus> statusFromName(std::string_view name) {
    const auto it = std::find(kStatusNames.begin(), kStatusNames.end(), name);
    if (it == kStatusNames.end()) {
        return std::nullopt;
    }
    return static_cast<RunStatus>(it - kStatusNames.begin());
}

const MetricSummary* RunRecord::metric(Symbol key) const {
    const auto* found = findKey(metrics, key);
    return found ? &found->summary : nullptr;
}

Symbol RunRecord::stepMetric(Symbol key) const {
    const auto* found = findKey(metrics, key);
    return found ? found->stepMetric : Symbol();
}

std::optional<std::string_view> RunRecord::param(Symbol key) const {
    const auto* found = findKey(params, key);
    return found ? std::optional(found->value.text()) : std::nullopt;
}

std::optional<std::string_view> RunRecord::tag(Symbol key) const {
    const auto* found = findKey(tags, key);
    return found ? std::optional(found->value.text()) : std::nullopt;
}

std::optional<std::int64_t> RunRecord::durationMs(std::int64_t nowMs) const {
    if (!startTimeMs) {
        return std::nullopt;
    }
    if (status == RunStatus::Running) {  // one that goes on after an end has kept that
        return nowMs - *startTimeMs;
    }
    return endTimeMs ? std::optional(*endTimeMs - *startTimeMs) : std::nullopt;
}

void RunRecord::sortKeys() {
    sortByKey(params);
    sortByKey(tags);
    sortByKey(metrics);
}

const RunRecord* RunTable::find(const RunId& id) const {
    const auto position = runs.find(id);
    return position ? runs[*position].get() : nullptr;
}

}  // namespace runglass::model
