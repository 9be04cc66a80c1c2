// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/kept_changes.h"

#include <algorithm>
#include <utility>

#include "runglass/store/artifact_files.h"
#include "runglass/store/catalog_change.h"
#include "runglass/store/experiments.h"
#include "runglass/store/kept_run.h"
#include "runglass/store/run_reader.h"

namespace runglass::store {

namespace {

void addPoints(model::RunRecord& record, const std::string& key, const std::vector<model::Point>& points) {
    const Symbol symbol(key);
    auto it = std::find_if(record.metrics.begin(), record.metrics.end(),
                           [&](const model::Metric& metric) { return metric.key == symbol; });
    if (it == record.metrics.end()) {
        it = record.metrics.insert(it, {symbol, {}});
    }
    for (const auto& point : points) {
        it->summary.add(point);
    }
}

void changeFiles(std::vector<model::Artifact>& artifacts, const RunChange& change) {
    for (const auto& path : change.removedFiles) {
        std::erase_if(artifacts, [&](const model::Artifact& old) { return isAtOrBelow(old.path, path); });
    }
    for (const auto& artifact : change.artifacts) {
        std::erase_if(artifacts, [&](const model::Artifact& old) { return old.path == artifact.path; });
        artifacts.push_back(artifact);
    }
}

void addInputs(std::vector<model::Dataset>& datasets, const RunChange& change) {
    for (const auto& [dataset, tags] : change.inputs) {
        const bool isKnown = std::any_of(datasets.begin(), datasets.end(), [&](const model::Dataset& other) {
            return other.name == dataset.name && other.digest == dataset.digest;
        });
        if (!isKnown) {
            datasets.push_back({dataset.name, dataset.digest, dataset.source, dataset.profile});
        }
    }
}

void addSupervised(model::RunDetail& detail, const SupervisedChange& told) {
    detail.datasets.insert(detail.datasets.end(), told.datasets.begin(), told.datasets.end());
    detail.problems.insert(detail.problems.end(), told.problems.begin(), told.problems.end());
    if (told.end) {
        detail.userSeconds = told.end->userSeconds;
        detail.systemSeconds = told.end->systemSeconds;
        detail.peakMemoryBytes = told.end->peakMemoryBytes;
    }
}

}  // namespace

bool KeptChanges::poll() {
    bool changed = false;
    m_follower.poll(
        [&] {
            m_runs.clear();
            m_experiments.clear();
            m_calls = 0;
            changed = true;
        },
        [&](std::string_view record) -> Result<void> {
            take(record);
            ++m_calls;
            changed = true;
            return {};
        });
    return changed;
}

KeptChanges::Run& KeptChanges::runOf(const RunId& id) {
    const auto [it, isFirst] = m_runs.try_emplace(id);
    if (isFirst) {
        it->second.order = m_runs.size();
    }
    return it->second;
}

void KeptChanges::take(std::string_view record) {
    const ByteView bytes(reinterpret_cast<const std::uint8_t*>(record.data()), record.size());
    if (const auto changes = decodeCatalogChanges(bytes)) {
        for (const auto& change : *changes) {
            if (const auto* const experiment = std::get_if<Experiment>(&change)) {
                m_experiments[experiment->id] = experiment->name;
            }
        }
        return;
    }
    if (auto made = decodeRun(bytes)) {
        const auto id = made->record.id;
        runOf(id).made = std::move(made);
        return;
    }
    auto change = decodeChange(bytes);
    if (!change) {
        return;
    }
    auto& run = runOf(change->run);
    for (const auto& [key, point] : change->points) {
        run.points.try_emplace(std::string(key)).first->second.push_back(point);
    }
    if (!change->hasOnlyPoints()) {
        change->points.clear();  // they point into the record
        change->ofModels.clear();
        run.changes.push_back(std::move(*change));
    }
}

Symbol KeptChanges::experimentOf(const RunChange& change, Database& database) const {
    if (!change.experiment) {
        return {};
    }
    if (const auto kept = m_experiments.find(*change.experiment); kept != m_experiments.end()) {
        return Symbol(kept->second);
    }
    const auto known = Experiments(database).byId(*change.experiment);
    return known.ok() ? Symbol(known->name) : Symbol();
}

void KeptChanges::apply(model::RunRecord& record, const Run& run, bool isStored, Database& database) const {
    for (const auto& change : run.changes) {
        if (!isStored || !change.isNew) {
            applyTo(record, change, experimentOf(change, database));
        }
    }
    for (const auto& [key, points] : run.points) {
        addPoints(record, key, points);
    }
    record.sortKeys();
}

model::SharedRunTable KeptChanges::over(const model::SharedRunTable& stored, Database& database) const {
    if (m_runs.empty()) {
        return stored;
    }
    std::vector<std::pair<RunId, const Run*>> runs;
    for (const auto& [id, run] : m_runs) {
        runs.emplace_back(id, &run);
    }
    std::sort(runs.begin(), runs.end(),
              [](const auto& a, const auto& b) { return a.second->order < b.second->order; });
    std::int64_t number = 0;  // as the database will give them, unless somebody else comes first
    for (const auto& run : stored->runs) {
        number = std::max(number, run->number);
    }
    RunChanges changes;
    changes.revision = stored->revision;
    for (const auto& [id, run] : runs) {
        const auto* const old = stored->find(id);
        if (old == nullptr && !run->isNew()) {
            continue;  // somebody has deleted it meanwhile
        }
        auto record = std::make_shared<model::RunRecord>(old != nullptr ? *old
                                                         : run->made    ? run->made->record
                                                                        : model::RunRecord());
        record->number = old != nullptr ? old->number : ++number;
        apply(*record, *run, old != nullptr, database);
        changes.changed.push_back(std::move(record));
    }
    return changes.changed.empty() ? stored : RunReader::apply(stored, changes);
}

std::optional<model::RunDetail> KeptChanges::detail(const RunId& id, std::optional<model::RunDetail> stored,
                                                    Database& database) const {
    const auto it = m_runs.find(id);
    if (it == m_runs.end() || (!stored && !it->second.isNew())) {
        return stored;
    }
    const auto& run = it->second;
    const bool isStored = stored.has_value();
    auto detail = isStored ? std::move(*stored) : run.made.value_or(model::RunDetail());
    for (const auto& change : run.changes) {
        if (!isStored && change.isNew) {
            detail.command = change.command;
        }
        detail.note = change.note.value_or(detail.note);
        changeFiles(detail.artifacts, change);
        addInputs(detail.datasets, change);
        if (change.supervised) {
            addSupervised(detail, *change.supervised);
        }
    }
    apply(detail.record, run, isStored, database);
    return detail;
}

const std::vector<model::Point>* KeptChanges::points(const RunId& id, std::string_view key) const {
    const auto run = m_runs.find(id);
    if (run == m_runs.end()) {
        return nullptr;
    }
    const auto it = run->second.points.find(key);
    return it != run->second.points.end() ? &it->second : nullptr;
}

}  // namespace runglass::store
