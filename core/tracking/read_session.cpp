// SPDX-License-Identifier: GPL-3.0-or-later
#include "read_session.h"

#include <algorithm>
#include <tuple>

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

std::string contextOf(const store::RunInput& input) {
    const auto it = std::find_if(input.tags.begin(), input.tags.end(),
                                 [](const auto& tag) { return tag.first == "mlflow.data.context"; });
    return it != input.tags.end() ? it->second : std::string();
}

bool isBehind(const model::Point& a, const model::Point& b) {
    return std::tie(a.step, a.timeMs) > std::tie(b.step, b.timeMs);
}

/// Whether each is behind all before it, so that none can be there twice. Almost always, and told without a
/// set of them all, which costs seconds where a client pages through hundreds of thousands.
bool areInOrder(const model::Series& series, const std::vector<model::Point>& points) {
    const auto isNotBehind = [](const model::Point& a, const model::Point& b) { return !isBehind(b, a); };
    if (std::adjacent_find(points.begin(), points.end(), isNotBehind) != points.end()) {
        return false;
    }
    for (std::size_t i = 0; i < series.size(); ++i) {
        if (!isBehind(points.front(), series.at(i))) {
            return false;
        }
    }
    return true;
}

/// The points of a series that are not in `series` yet, each once.
void appendNew(model::Series& series, const std::vector<model::Point>& points) {
    if (areInOrder(series, points)) {
        std::for_each(points.begin(), points.end(), [&](const auto& point) { series.push(point); });
        return;
    }
    auto known = store::foundIn(series, points);
    for (const auto& point : points) {
        if (known.insert(point).second) {
            series.push(point);
        }
    }
}

}  // namespace

const AsideRun* ReadSession::asideOf(const RunId& id) const {
    if (!m_aside) {
        return nullptr;
    }
    const auto it = m_aside->runs.find(id);
    return it != m_aside->runs.end() ? it->second.get() : nullptr;
}

std::vector<RunId> ReadSession::asideIds() const {
    std::vector<RunId> ids;
    if (m_aside) {
        for (const auto& [id, kept] : m_aside->runs) {
            ids.push_back(id);
        }
    }
    return ids;
}

void ReadSession::begin(AsideRuns::Snapshot snapshot, AsideCatalog& catalog) {
    m_aside = std::move(snapshot);
    m_catalog = &catalog;
}

void ReadSession::end() {
    m_copy = nullptr;
    m_inCopy = false;
    m_lock = {};
    m_catalog = nullptr;
    m_names.clear();
    m_changedNumbers.reset();
    m_aside.reset();
}

store::Database& ReadSession::catalog() {
    if (m_copy == nullptr && m_catalog != nullptr && (m_inCopy || (m_aside && !m_catalog->empty()))) {
        m_lock = m_catalog->lock();
        m_copy = m_catalog->database().valueOr(&database);
    }
    return m_copy != nullptr ? *m_copy : database;
}

Result<store::Experiment> ReadSession::experiment(std::int64_t id) {
    return experiments().byId(id);
}

Result<std::vector<std::int64_t>> ReadSession::ownNumbers(const std::vector<std::int64_t>& experiments) {
    std::vector<std::int64_t> numbers;
    for (const auto experiment : experiments) {
        const auto number = this->experiments().ownNumber(experiment);
        if (!number.ok() && number.error().code != ErrorCode::NotFound) {
            return number.error();
        }
        if (number.ok() && std::find(numbers.begin(), numbers.end(), *number) == numbers.end()) {
            numbers.push_back(*number);
        }
    }
    return Result<std::vector<std::int64_t>>(std::move(numbers));
}

Result<std::optional<store::Experiment>> ReadSession::experimentNamed(std::string_view name) {
    RUNGLASS_ASSIGN(auto known, experiments().byName(name));
    if (known) {
        return Result<std::optional<store::Experiment>>(std::move(known));
    }
    RUNGLASS_TRY(nameExperiments());  // perhaps only runs name it so far
    return experiments().byName(name);
}

Result<std::optional<store::Experiment>> ReadSession::experimentOf(const model::RunRecord& run) {
    RUNGLASS_ASSIGN(auto named, experimentNamed(run.experiment.text()));
    if (named) {
        return Result<std::optional<store::Experiment>>(std::move(named));
    }
    const auto* const kept = asideOf(run.id);
    auto number = kept != nullptr ? kept->experiment() : std::nullopt;
    if (!number) {
        RUNGLASS_ASSIGN(const auto stored, store::Experiments(database).byName(run.experiment.text()));
        number = stored ? std::optional(stored->id) : std::nullopt;
    }
    if (!number) {
        return std::optional<store::Experiment>();
    }
    auto experiment = this->experiment(*number);
    if (!experiment.ok() && experiment.error().code != ErrorCode::NotFound) {
        return experiment.error();
    }
    return experiment.ok() ? std::optional(std::move(experiment).value()) : std::nullopt;
}

Result<void> ReadSession::nameExperiments() {
    const store::Patience patience(kPatienceMs);
    const auto named = store::Experiments(database).ensure(nowMs());
    return named.ok() || named.error().code == ErrorCode::Busy ? Result<void>() : named;
}

/// The name that an experiment has now.
Symbol ReadSession::nameOf(std::int64_t experiment) {
    const auto [it, isFirst] = m_names.try_emplace(experiment);
    if (isFirst) {
        const auto known = this->experiment(experiment);
        it->second = known.ok() ? Symbol(known->name) : Symbol();
    }
    return it->second;
}

/// Of the experiments that have been changed aside, the one that runs in the database know by this name.
std::optional<std::int64_t> ReadSession::changedNumberOf(Symbol stored) {
    if (!m_changedNumbers) {
        m_changedNumbers.emplace();
        for (const auto& [number, changed] : m_aside->experiments) {
            if (const auto known = store::Experiments(database).byId(number); known.ok()) {
                m_changedNumbers->emplace(Symbol(known->name), number);
            }
        }
    }
    const auto it = m_changedNumbers->find(stored);
    return it != m_changedNumbers->end() ? std::optional(it->second) : std::nullopt;
}

/// The one that the run is in, when it has been changed aside.
const AsideExperiment* ReadSession::asideExperimentOf(const AsideRun* kept, Symbol stored) {
    auto number = kept != nullptr ? kept->experiment() : std::nullopt;
    if (!number && !m_aside->experiments.empty()) {
        number = changedNumberOf(stored);
    }
    const auto it = number ? m_aside->experiments.find(*number) : m_aside->experiments.end();
    return it != m_aside->experiments.end() ? &it->second : nullptr;
}

/// Of a run that is not in the database yet: its experiment has been deleted behind it.
Result<store::Deletion> ReadSession::storedDeletion(const AsideRun* kept) {
    const auto number = kept->experiment();
    const auto known = store::Experiments(database).byId(number.value_or(store::kDefaultExperiment));
    if (!known.ok() && known.error().code != ErrorCode::NotFound) {
        return known.error();
    }
    return known.ok() && known->deleted ? store::Deletion::WithExperiment : store::Deletion::None;
}

Result<store::TrackedRun> ReadSession::state(const RunId& id) {
    auto state = tracked.get(id);
    const auto* const kept = asideOf(id);
    if (!m_aside || (!state.ok() && !(isMissing(state) && kept != nullptr && kept->isNew()))) {
        return state;
    }
    const bool isStored = state.ok();
    auto seen = std::move(state).valueOr({});
    Symbol experiment;
    if (!isStored) {
        RUNGLASS_ASSIGN(seen.deletion, storedDeletion(kept));
    } else if (!m_aside->experiments.empty()) {
        RUNGLASS_ASSIGN(const auto record, tracked.record(id));
        experiment = record->experiment;
    }
    seen.deletion = AsideRuns::Kept::deletionOf(seen.deletion, kept, asideExperimentOf(kept, experiment));
    if (kept != nullptr) {
        seen.user = kept->user().value_or(seen.user);
    }
    return seen;
}

Result<model::SharedRun> ReadSession::run(const RunId& id) {
    auto stored = tracked.record(id);
    const auto* const kept = asideOf(id);
    if (!m_aside || (!stored.ok() && !(isMissing(stored) && kept != nullptr && kept->isNew()))) {
        return stored;
    }
    return seen(id, std::move(stored).valueOr({}));
}

Result<model::SharedRun> ReadSession::seen(const RunId& id, const model::SharedRun& stored) {
    if (!m_aside) {
        return stored;
    }
    const auto* const kept = asideOf(id);
    auto record =
        kept != nullptr ? kept->seen(stored, [this](std::int64_t number) { return nameOf(number); }) : stored;
    const auto storedName = stored ? stored->experiment : Symbol();
    const auto* const experiment = asideExperimentOf(kept, storedName);
    if (experiment == nullptr && stored) {
        return record;  // whether it is deleted by itself is part of what lies aside of it
    }
    auto changed = std::make_shared<model::RunRecord>(*record);
    if (experiment != nullptr && experiment->isRenamed) {
        const auto number = kept != nullptr ? kept->experiment() : std::nullopt;
        const auto renamed = number ? number : changedNumberOf(storedName);
        changed->experiment = renamed ? nameOf(*renamed) : changed->experiment;
    }
    RUNGLASS_ASSIGN(const auto state, this->state(id));
    changed->archived = state.deletion != store::Deletion::None;
    return model::SharedRun(std::move(changed));
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
    kept->changeArtifacts(seen);
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

Result<std::vector<store::DatasetSummary>> ReadSession::datasetSummaries() {
    RUNGLASS_ASSIGN(auto all, tracked.datasetSummaries());
    for (const auto& id : asideIds()) {
        RUNGLASS_ASSIGN(const auto stored, tracked.inputs(id));
        auto read = stored;
        asideOf(id)->addInputs(read);
        read.erase(read.begin(), read.begin() + static_cast<std::ptrdiff_t>(stored.size()));
        if (read.empty()) {
            continue;
        }
        RUNGLASS_ASSIGN(const auto record, run(id));
        RUNGLASS_ASSIGN(const auto experiment, experimentNamed(record->experiment.text()));
        for (const auto& input : read) {
            store::DatasetSummary summary{experiment ? experiment->id : store::kDefaultExperiment,
                                          input.dataset.name, input.dataset.digest, contextOf(input)};
            if (std::find(all.begin(), all.end(), summary) == all.end()) {
                all.push_back(std::move(summary));
            }
        }
    }
    return Result<std::vector<store::DatasetSummary>>(std::move(all));
}

}  // namespace runglass::tracking
