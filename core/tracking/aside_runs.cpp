// SPDX-License-Identifier: GPL-3.0-or-later
#include "aside_runs.h"

#include <algorithm>

namespace runglass::tracking {

namespace {

/// One that nobody else is reading, to be changed.
template <typename T>
std::shared_ptr<T> own(const std::shared_ptr<T>& shared) {
    return shared && shared.use_count() == 1 ? shared : std::make_shared<T>(shared ? *shared : T());
}

/// Adds what is not there yet.
template <typename T, typename Same>
void addNew(std::vector<T>& known, const std::vector<T>& more, Same&& same) {
    for (const auto& one : more) {
        if (std::none_of(known.begin(), known.end(), [&](const T& other) { return same(other, one); })) {
            known.push_back(one);
        }
    }
}

}  // namespace

void AsideRun::add(const store::RunChange& change, Symbol experiment) {
    for (const auto& [key, point] : change.points) {
        m_points.try_emplace(std::string(key)).first->second.push_back(point);
    }
    if (!change.hasOnlyPoints()) {
        m_changes.emplace_back(change, experiment);
        m_changes.back().first.points.clear();
        m_changes.back().first.ofModels.clear();
    }
}

model::SharedRun AsideRun::seen(const model::SharedRun& stored) const {
    auto record = std::make_shared<model::RunRecord>(stored ? *stored : model::RunRecord());
    for (const auto& [change, experiment] : m_changes) {
        if (!stored || !change.isNew) {
            store::applyTo(*record, change, experiment);
        }
    }
    for (const auto& [key, points] : m_points) {
        const Symbol symbol(key);
        auto it = std::find_if(record->metrics.begin(), record->metrics.end(),
                               [&](const model::Metric& metric) { return metric.key == symbol; });
        if (it == record->metrics.end()) {
            it = record->metrics.insert(it, {symbol, {}});
        }
        for (const auto& point : points) {
            it->summary.add(point);
        }
    }
    record->sortKeys();
    return record;
}

std::optional<std::string> AsideRun::user() const {
    std::optional<std::string> user;
    for (const auto& [change, experiment] : m_changes) {
        user = change.user ? change.user : user;
    }
    return user;
}

std::optional<std::string> AsideRun::note() const {
    std::optional<std::string> note;
    for (const auto& [change, experiment] : m_changes) {
        note = change.note ? change.note : note;
    }
    return note;
}

void AsideRun::addInputs(std::vector<store::RunInput>& inputs) const {
    for (const auto& [change, experiment] : m_changes) {
        addNew(inputs, change.inputs, [](const store::RunInput& a, const store::RunInput& b) {
            return a.dataset.name == b.dataset.name && a.dataset.digest == b.dataset.digest;
        });
    }
}

void AsideRun::addModels(std::vector<store::RunModel>& models, bool output) const {
    std::reverse(models.begin(), models.end());
    for (const auto& [change, experiment] : m_changes) {
        addNew(models, output ? change.modelOutputs : change.modelInputs,
               [](const store::RunModel& a, const store::RunModel& b) { return a.model == b.model; });
    }
    std::reverse(models.begin(), models.end());
}

void AsideRun::addArtifacts(std::vector<model::Artifact>& artifacts) const {
    for (const auto& [change, experiment] : m_changes) {
        for (const auto& artifact : change.artifacts) {
            std::erase_if(artifacts, [&](const model::Artifact& old) { return old.path == artifact.path; });
            artifacts.push_back(artifact);
        }
    }
    std::sort(artifacts.begin(), artifacts.end(),
              [](const model::Artifact& a, const model::Artifact& b) { return a.path < b.path; });
}

AsideRuns::Snapshot AsideRuns::snapshot() {
    const std::lock_guard lock(m_mutex);
    if (!m_kept) {
        return {};
    }
    // Given back under the mutex, so that whoever finds itself to be the only owner is.
    return {m_kept.get(), [this, kept = m_kept](const Kept* /*kept*/) mutable {
                const std::lock_guard giving(m_mutex);
                kept.reset();
            }};
}

void AsideRuns::add(const store::RunChange& change, Symbol experiment) {
    const std::lock_guard lock(m_mutex);
    m_kept = own(m_kept);
    auto& run = m_kept->runs[change.run];
    run = own(run);
    run->add(change, experiment);
}

void AsideRuns::add(const store::Experiment& experiment) {
    const std::lock_guard lock(m_mutex);
    m_kept = own(m_kept);
    m_kept->experiments.push_back(experiment);
}

void AsideRuns::clear() {
    const std::lock_guard lock(m_mutex);
    m_kept.reset();
}

}  // namespace runglass::tracking
