// SPDX-License-Identifier: GPL-3.0-or-later
#include "aside_runs.h"

#include <algorithm>
#include <iterator>

#include "runglass/store/kept_run.h"

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

/// What clients see of a run that was launched.
store::RunChange shownOf(const model::RunDetail& detail) {
    store::RunChange shown;
    shown.run = detail.record.id;
    shown.isNew = true;
    shown.startMs = detail.record.startTimeMs;
    shown.name = detail.record.name;
    shown.parent = detail.record.parent;
    shown.git = detail.record.git;
    for (const auto& param : detail.record.params) {
        shown.params.emplace_back(param.key.text(), param.value.text());
    }
    for (const auto& tag : detail.record.tags) {
        shown.tags.emplace_back(tag.key.text(), tag.value.text());
    }
    return shown;
}

/// Where one comes among those of other endpoints, which may be found later than others of later times.
template <typename T>
auto placeOf(std::vector<T>& all, std::int64_t timeMs) {
    auto it = all.end();
    while (it != all.begin() && std::prev(it)->timeMs > timeMs) {
        --it;
    }
    return it;
}

}  // namespace

void AsideRun::add(const store::RunChange& change) {
    for (const auto& [key, point] : change.points) {
        m_points.try_emplace(std::string(key)).first->second.push_back(point);
    }
    if (!change.hasOnlyPoints()) {
        const auto place = change.isNew ? m_changes.begin() : placeOf(m_changes, change.timeMs);
        const auto added = m_changes.insert(place, change);
        added->points.clear();
        added->ofModels.clear();
    }
    if (change.deleted) {
        m_deletions.insert(placeOf(m_deletions, change.timeMs), {change.timeMs, *change.deleted});
    }
}

void AsideRun::add(const model::RunDetail& launched) {
    m_launchedIn = launched.record.experiment;
    add(shownOf(launched));
}

model::SharedRun AsideRun::seen(const model::SharedRun& stored, const NameOf& nameOf) const {
    auto record = std::make_shared<model::RunRecord>(stored ? *stored : model::RunRecord());
    if (!stored) {
        record->experiment = m_launchedIn;
    }
    for (const auto& change : m_changes) {
        if (!stored || !change.isNew) {
            store::applyTo(*record, change, change.experiment ? nameOf(*change.experiment) : Symbol());
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
    for (const auto& change : m_changes) {
        number = change.experiment ? change.experiment : number;
    }
    return number;
}

std::optional<std::string> AsideRun::user() const {
    std::optional<std::string> user;
    for (const auto& change : m_changes) {
        user = change.user ? change.user : user;
    }
    return user;
}

std::optional<std::string> AsideRun::note() const {
    std::optional<std::string> note;
    for (const auto& change : m_changes) {
        note = change.note ? change.note : note;
    }
    return note;
}

void AsideRun::addInputs(std::vector<store::RunInput>& inputs) const {
    for (const auto& change : m_changes) {
        addNew(inputs, change.inputs, [](const store::RunInput& a, const store::RunInput& b) {
            return a.dataset.name == b.dataset.name && a.dataset.digest == b.dataset.digest;
        });
    }
}

void AsideRun::addModels(std::vector<store::RunModel>& models, bool output) const {
    std::reverse(models.begin(), models.end());
    for (const auto& change : m_changes) {
        addNew(models, output ? change.modelOutputs : change.modelInputs,
               [](const store::RunModel& a, const store::RunModel& b) { return a.model == b.model; });
    }
    std::reverse(models.begin(), models.end());
}

void AsideRun::changeArtifacts(std::vector<model::Artifact>& artifacts) const {
    for (const auto& change : m_changes) {
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
    const bool isEmpty = m_watch.isEmpty();
    const std::lock_guard lock(m_mutex);
    if (!isEmpty || m_kept) {
        m_follower.poll([this] { m_kept.reset(); },
                        [this](std::string_view record) -> Result<void> {
                            take(record);
                            return {};
                        });
    }
    if (!m_kept) {
        return {};
    }
    // Given back under the mutex, so that whoever finds itself to be the only owner is.
    return {m_kept.get(), [this, kept = m_kept](const Kept* /*kept*/) mutable {
                const std::lock_guard giving(m_mutex);
                kept.reset();
            }};
}

void AsideRuns::take(std::string_view record) {
    const ByteView bytes(reinterpret_cast<const std::uint8_t*>(record.data()), record.size());
    m_kept = own(m_kept);
    if (const auto change = store::decodeChange(bytes)) {
        runOf(change->run).add(*change);
        m_kept->lastMs = change->hasOnlyPoints() ? m_kept->lastMs : std::max(m_kept->lastMs, change->timeMs);
    } else if (const auto launched = store::decodeRun(bytes)) {
        runOf(launched->record.id).add(*launched);
    } else if (const auto changes = store::decodeCatalogChanges(bytes)) {
        take(*changes);
    }
}

AsideRun& AsideRuns::runOf(const RunId& id) {
    auto& run = m_kept->runs[id];
    run = own(run);
    return *run;
}

void AsideRuns::take(const store::CatalogChanges& changes) {
    using What = store::CatalogEdit::What;
    for (const auto& change : changes) {
        const auto* const edit = std::get_if<store::CatalogEdit>(&change);
        if (edit != nullptr && edit->what == What::ExperimentName) {
            m_kept->experiments[edit->number].isRenamed = true;
        } else if (edit != nullptr && edit->what == What::ExperimentDeleted) {
            m_kept->experiments[edit->number].deletions.push_back({edit->timeMs, edit->flag});
            m_kept->lastMs = std::max(m_kept->lastMs, edit->timeMs);
        }
    }
}

store::Deletion AsideRuns::Kept::deletionOf(store::Deletion stored, const AsideRun* run,
                                            const AsideExperiment* experiment) {
    using store::Deletion;
    static const std::vector<AsideDeletion> kNone;
    const auto& own = run != nullptr ? run->deletions() : kNone;
    const auto& others = experiment != nullptr ? experiment->deletions : kNone;
    auto state = stored;
    auto it = own.begin();
    const auto takeOwn = [&](std::int64_t before) {
        for (; it != own.end() && it->timeMs < before; ++it) {
            state = it->deleted ? Deletion::ByItself : Deletion::None;
        }
    };
    for (const auto& [timeMs, deleted] : others) {
        takeOwn(timeMs);
        if (state != Deletion::ByItself) {
            state = deleted ? Deletion::WithExperiment : Deletion::None;
        }
    }
    takeOwn(INT64_MAX);
    return state;
}

}  // namespace runglass::tracking
