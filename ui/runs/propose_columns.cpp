// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "runglass/model/goal.h"
#include "runglass/ui/runs/run_column.h"

namespace runglass::ui {

namespace {

constexpr std::size_t kMetrics = 4;
constexpr std::size_t kParams = 6;

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// A held-out quality first, then what most runs have.
int rank(std::string_view key) {
    const bool heldOut = contains(key, "val") || contains(key, "test") || contains(key, "eval");
    const auto goal = model::goalOf(key);
    return (heldOut ? 4 : 0) + (goal != model::Goal::Unknown ? 2 : 0) +
           (goal == model::Goal::Maximize ? 1 : 0);
}

std::vector<Symbol> mainMetrics(const model::RunTable& table) {
    std::unordered_map<Symbol, std::size_t> runsWith;
    for (const auto& run : table.runs) {
        for (const auto& metric : run->metrics) {
            ++runsWith[metric.key];
        }
    }
    // What the supervisor measures tells of the machine, not of the model.
    std::vector<Symbol> keys;
    std::copy_if(table.metricKeys.begin(), table.metricKeys.end(), std::back_inserter(keys),
                 [](Symbol key) { return !key.text().starts_with("system/"); });
    std::stable_sort(keys.begin(), keys.end(), [&](Symbol a, Symbol b) {
        const auto rankA = rank(a.text());
        const auto rankB = rank(b.text());
        return rankA != rankB ? rankA > rankB : runsWith[a] > runsWith[b];
    });
    keys.resize(std::min(keys.size(), kMetrics));
    return keys;
}

struct Spread {
    std::size_t runs = 0;
    std::unordered_set<Symbol> values;
};

std::vector<Symbol> varyingParams(const model::RunTable& table) {
    std::unordered_map<Symbol, Spread> spreads;
    for (const auto& run : table.runs) {
        for (const auto& param : run->params) {
            auto& spread = spreads[param.key];
            ++spread.runs;
            spread.values.insert(param.value);
        }
    }
    std::vector<Symbol> keys;
    for (const auto key : table.paramKeys) {
        const auto& spread = spreads[key];
        // One that is different in each run (an output folder, a seed) tells runs apart but explains nothing.
        const bool unique = spread.runs > 3 && spread.values.size() == spread.runs;
        if ((spread.values.size() > 1 || spread.runs < table.runs.size()) && !unique) {
            keys.push_back(key);
        }
    }
    // A seed varies by design; what else varies most comes first.
    const auto weight = [&](Symbol key) {
        return std::pair(!contains(key.text(), "seed"), spreads[key].values.size());
    };
    std::stable_sort(keys.begin(), keys.end(), [&](Symbol a, Symbol b) { return weight(a) > weight(b); });
    keys.resize(std::min(keys.size(), kParams));
    return keys;
}

}  // namespace

std::vector<RunColumn> proposeColumns(const model::RunTable& table) {
    using Kind = RunColumn::Kind;
    std::vector<RunColumn> columns{{Kind::Visibility, {}, {}}, {Kind::Status, {}, {}}, {Kind::Name, {}, {}}};
    if (!table.runs.empty() && std::any_of(table.runs.begin(), table.runs.end(), [&](const auto& run) {
            return run->source != (*table.runs.begin())->source;
        })) {
        columns.push_back({Kind::Source, {}, {}});
    }
    for (const auto key : mainMetrics(table)) {
        columns.push_back(RunColumn::metric(key));
    }
    for (const auto key : varyingParams(table)) {
        columns.push_back(RunColumn::param(key));
    }
    if (std::any_of(table.runs.begin(), table.runs.end(), [](const auto& run) { return run->parent; })) {
        columns.push_back({Kind::Parent, {}, {}});
    }
    columns.push_back({Kind::Duration, {}, {}});
    columns.push_back({Kind::Started, {}, {}});
    const auto some = [&table](auto member) {
        return std::any_of(table.runs.begin(), table.runs.end(),
                           [member](const auto& run) { return !(run->git.*member).empty(); });
    };
    if (some(&model::GitState::commit)) {
        columns.push_back({Kind::Commit, {}, {}});
    }
    if (some(&model::GitState::branch)) {
        columns.push_back({Kind::Branch, {}, {}});
    }
    return columns;
}

}  // namespace runglass::ui
