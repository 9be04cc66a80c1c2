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

void AsideRun::add(const store::RunChange& change, Symbol experiment, std::uint64_t order) {
    for (const auto& [key, point] : change.points) {
        m_points.try_emplace(std::string(key)).first->second.push_back(point);
    }
    if (!change.hasOnlyPoints()) {
        m_changes.emplace_back(change, experiment);
        m_changes.back().first.points.clear();
        m_changes.back().first.ofModels.clear();
    }
    if (change.deleted) {
        m_deletions.push_back({order, *change.deleted});
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

std::optional<std::int64_t> AsideRun::experiment() const {
    std::optional<std::int64_t> number;
    for (const auto& [change, experiment] : m_changes) {
        number = change.experiment ? change.experiment : number;
    }
    return number;
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

void AsideRun::changeArtifacts(std::vector<model::Artifact>& artifacts) const {
    for (const auto& [change, experiment] : m_changes) {
        for (const auto& path : change.removedFiles) {
            std::erase_if(artifacts,
                          [&](const model::Artifact& old) { return store::isAtOrBelow(old.path, path); });
        }
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
    run->add(change, experiment, m_kept->count++);
}

void AsideRuns::add(const store::CatalogChanges& changes, const std::map<std::int64_t, Symbol>& stored) {
    using What = store::CatalogEdit::What;
    const std::lock_guard lock(m_mutex);
    m_kept = own(m_kept);
    for (const auto& change : changes) {
        const auto* const edit = std::get_if<store::CatalogEdit>(&change);
        const auto order = m_kept->count++;
        if (edit == nullptr ||
            (edit->what != What::ExperimentName && edit->what != What::ExperimentDeleted)) {
            continue;
        }
        const auto known = stored.find(edit->number);
        auto& experiment =
            m_kept->experiments
                .try_emplace(edit->number,
                             AsideExperiment{known != stored.end() ? known->second : Symbol(), {}, {}})
                .first->second;
        if (edit->what == What::ExperimentName) {
            experiment.name = Symbol(edit->value);
        } else {
            experiment.deletions.push_back({order, edit->flag});
        }
    }
}

const AsideExperiment* AsideRuns::Kept::experimentOf(const AsideRun* run, Symbol stored) const {
    const auto number = run != nullptr ? run->experiment() : std::nullopt;
    const auto it = number ? experiments.find(*number)
                           : std::find_if(experiments.begin(), experiments.end(), [&](const auto& entry) {
                                 return !stored.empty() && entry.second.stored == stored;
                             });
    return it != experiments.end() ? &it->second : nullptr;
}

store::Deletion AsideRuns::Kept::deletionOf(store::Deletion stored, const AsideRun* run,
                                            const AsideExperiment* experiment) {
    using store::Deletion;
    static const std::vector<AsideDeletion> kNone;
    const auto& own = run != nullptr ? run->deletions() : kNone;
    const auto& others = experiment != nullptr ? experiment->deletions : kNone;
    auto state = stored;
    auto it = own.begin();
    const auto takeOwn = [&](std::uint64_t before) {
        for (; it != own.end() && it->order < before; ++it) {
            state = it->deleted ? Deletion::ByItself : Deletion::None;
        }
    };
    for (const auto& [order, deleted] : others) {
        takeOwn(order);
        if (state != Deletion::ByItself) {
            state = deleted ? Deletion::WithExperiment : Deletion::None;
        }
    }
    takeOwn(UINT64_MAX);
    return state;
}

void AsideRuns::clear() {
    const std::lock_guard lock(m_mutex);
    m_kept.reset();
}

}  // namespace runglass::tracking
