// SPDX-License-Identifier: GPL-3.0-or-later
#include "read_session.h"

#include <algorithm>

#include "runglass/base/clock.h"
#include "runglass/store/patience.h"
#include "runglass/store/point_set.h"
#include "runglass/store/series_book.h"

namespace runglass::tracking {

namespace {

/// A reader does not wait until another program is done.
constexpr std::int64_t kPatienceMs = 100;

template <typename T>
bool isMissing(const Result<T>& result) {
    return !result.ok() && result.error().code == ErrorCode::NotFound;
}

/// The points of a series that are not in `series` yet, each once.
void appendNew(model::Series& series, const std::vector<model::Point>& points) {
    auto known = store::foundIn(series, points);
    for (const auto& point : points) {
        if (known.insert(point).second) {
            series.push(point);
        }
    }
}

}  // namespace

const AsideRun* ReadSession::asideOf(const RunId& id) const {
    if (!aside) {
        return nullptr;
    }
    const auto it = aside->runs.find(id);
    return it != aside->runs.end() ? it->second.get() : nullptr;
}

std::vector<RunId> ReadSession::asideIds() const {
    std::vector<RunId> ids;
    if (aside) {
        for (const auto& [id, kept] : aside->runs) {
            ids.push_back(id);
        }
    }
    return ids;
}

template <typename Is>
const store::Experiment* ReadSession::asideExperiment(Is&& is) const {
    if (!aside) {
        return nullptr;
    }
    const auto it = std::find_if(aside->experiments.begin(), aside->experiments.end(), is);
    return it != aside->experiments.end() ? &*it : nullptr;
}

Result<store::Experiment> ReadSession::experiment(std::int64_t id) {
    auto stored = experiments.byId(id);
    const auto* const kept = asideExperiment([&](const store::Experiment& one) { return one.id == id; });
    return kept != nullptr && isMissing(stored) ? Result<store::Experiment>(*kept) : stored;
}

Result<std::optional<store::Experiment>> ReadSession::experimentNamed(std::string_view name) {
    RUNGLASS_ASSIGN(auto stored, experiments.byName(name));
    const auto* const kept = asideExperiment([&](const store::Experiment& one) { return one.name == name; });
    if (stored || kept != nullptr) {
        return stored ? std::move(stored) : std::optional(*kept);
    }
    RUNGLASS_TRY(nameExperiments());  // perhaps only runs name it so far
    return experiments.byName(name);
}

Result<void> ReadSession::nameExperiments() {
    const store::Patience patience(kPatienceMs);
    const auto named = experiments.ensure(nowMs());
    return named.ok() || named.error().code == ErrorCode::Busy ? Result<void>() : named;
}

Result<std::vector<store::Experiment>> ReadSession::allExperiments() {
    RUNGLASS_ASSIGN(auto all, experiments.all());
    for (const auto& kept : aside ? aside->experiments : std::vector<store::Experiment>()) {
        if (std::none_of(all.begin(), all.end(), [&](const auto& one) { return one.id == kept.id; })) {
            all.push_back(kept);
        }
    }
    return Result<std::vector<store::Experiment>>(std::move(all));
}

Result<store::TrackedRun> ReadSession::state(const RunId& id) {
    auto state = tracked.get(id);
    const auto* const kept = asideOf(id);
    if (kept == nullptr || (!state.ok() && !(isMissing(state) && kept->isNew()))) {
        return state;
    }
    auto seen = state.valueOr({});
    seen.user = kept->user().value_or(seen.user);
    return seen;
}

Result<model::SharedRun> ReadSession::run(const RunId& id) {
    auto stored = tracked.record(id);
    const auto* const kept = asideOf(id);
    if (kept == nullptr || (!stored.ok() && !(isMissing(stored) && kept->isNew()))) {
        return stored;
    }
    return kept->seen(stored.valueOr({}));
}

Result<std::string> ReadSession::note(const RunId& id) {
    const auto* const kept = asideOf(id);
    auto note = kept == nullptr ? std::nullopt : kept->note();
    return note ? Result<std::string>(std::move(*note)) : tracked.note(id);
}

Result<std::vector<store::RunInput>> ReadSession::inputs(const RunId& id) {
    RUNGLASS_ASSIGN(auto inputs, tracked.inputs(id));
    if (const auto* const kept = asideOf(id)) {
        kept->addInputs(inputs);
    }
    return inputs;
}

Result<std::vector<store::RunModel>> ReadSession::models(const RunId& id, bool output) {
    RUNGLASS_ASSIGN(auto models, tracked.models(id, output));
    if (const auto* const kept = asideOf(id)) {
        kept->addModels(models, output);
    }
    return models;
}

Result<std::vector<model::Artifact>> ReadSession::artifacts(const RunId& id) {
    auto artifacts = store::ArtifactFiles(database).ofRun(id);
    const auto* const kept = asideOf(id);
    if (kept == nullptr || (!artifacts.ok() && !(isMissing(artifacts) && kept->isNew()))) {
        return artifacts;
    }
    auto seen = std::move(artifacts).valueOr({});
    kept->addArtifacts(seen);
    return seen;
}

Result<model::Series> ReadSession::series(const RunId& id, std::string_view key) {
    auto stored = reader.series(id, key);
    const auto* const kept = asideOf(id);
    if (kept == nullptr || (!stored.ok() && !isMissing(stored))) {
        return stored;
    }
    const auto it = kept->points().find(key);
    if (it == kept->points().end()) {
        return stored;
    }
    auto series = std::move(stored).valueOr({});
    appendNew(series, it->second);
    return series;
}

Result<store::LatestPoints> ReadSession::latestPoints(const RunId& id) {
    RUNGLASS_ASSIGN(auto latest, tracked.latestPoints(id));
    const auto* const kept = asideOf(id);
    if (kept == nullptr || kept->points().empty()) {
        return latest;
    }
    const auto stored = tracked.record(id);
    for (const auto& [key, points] : kept->points()) {
        auto greatest = points.front();
        if (const auto it = latest.find(key); it != latest.end()) {
            greatest = it->second;
        } else if (const auto* const summary = stored.ok() ? (*stored)->metric(Symbol::find(key)) : nullptr) {
            greatest = {summary->lastStep, summary->lastTimeMs, summary->last};
        }
        for (const auto& point : points) {
            greatest = store::isGreater(greatest, point) ? greatest : point;
        }
        latest[key] = greatest;
    }
    return latest;
}

Result<std::unordered_map<RunId, store::LatestPoints>> ReadSession::allLatestPoints() {
    RUNGLASS_ASSIGN(auto all, tracked.allLatestPoints());
    for (const auto& id : asideIds()) {
        RUNGLASS_ASSIGN(all[id], latestPoints(id));
    }
    return all;
}

Result<std::unordered_set<RunId>> ReadSession::withInputs() {
    RUNGLASS_ASSIGN(auto runs, tracked.withInputs());
    for (const auto& id : asideIds()) {
        runs.insert(id);
    }
    return runs;
}

Result<std::unordered_set<RunId>> ReadSession::withModels() {
    RUNGLASS_ASSIGN(auto runs, tracked.withModels());
    for (const auto& id : asideIds()) {
        runs.insert(id);
    }
    return runs;
}

}  // namespace runglass::tracking
