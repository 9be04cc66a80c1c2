// SPDX-License-Identifier: GPL-3.0-or-later
#include "service.h"

#include <cstring>

#include "runglass/base/clock.h"
#include "runglass/store/kept_run.h"
#include "runglass/store/patience.h"

namespace runglass::tracking {

namespace {

/// Readers do not wait for a writer; for one who has locked them out as well nobody waits here.
constexpr std::int64_t kReadPatienceMs = 100;

/// While the next free number cannot be had: 18 figures by chance, as MLflow's file store numbers them.
std::int64_t newExperimentId() {
    constexpr std::uint64_t kLeast = 100'000'000'000'000'000;
    std::uint64_t chance = 0;
    const auto id = RunId::generate();
    std::memcpy(&chance, id.bytes().data() + id.bytes().size() - sizeof chance, sizeof chance);
    return static_cast<std::int64_t>(kLeast + chance % (9 * kLeast));
}

std::string_view textOf(const Bytes& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

store::CatalogChanges measurementsOf(const store::RunChange& change) {
    store::CatalogChanges changes;
    for (const auto& of : change.ofModels) {
        const auto& [key, point] = change.points[of.point];
        changes.emplace_back(store::MeasuredModel{
            std::string(of.model),
            {std::string(key), point, change.run.hex(), std::string(of.dataset), std::string(of.digest)}});
    }
    return changes;
}

std::int64_t behindOthers(const ReadSession& session, std::int64_t timeMs, bool hasNoOrder) {
    return hasNoOrder || session.aside() == nullptr ? timeMs : session.aside()->behind(timeMs);
}

}  // namespace

Service::Service(std::filesystem::path project, std::optional<RunId> ownRun, OpenReferenced openReferenced,
                 ClientFiles clientFiles)
    : m_project(std::move(project))
    , m_catalog(m_project)
    , m_readers(m_project, m_catalog)
    , m_aside(m_project)
    , m_ownRun(ownRun)
    , m_openReferenced(std::move(openReferenced))
    , m_clientFiles(std::move(clientFiles))
    , m_writes(m_project, {[](WriteSession& session, std::string_view record) {
                               return session.changes.restore(record);
                           },
                           [this] { m_catalog.release(); }}) {}

Result<void> Service::change(const store::RunChange& change, Wording wording) {
    const auto own = m_ownRun.withGiven(change);
    if (!own) {
        return write(change, wording);
    }
    RUNGLASS_TRY(write(*own, wording));
    m_ownRun.noteParams(own->params);
    return {};
}

Result<void> Service::write(const store::RunChange& change, Wording wording) {
    return m_writes.run(
        [&](WriteSession& session) -> Result<void> {
            RUNGLASS_TRY(checkChange(session, change, wording));
            const auto refused = session.changes.write(change);
            return refused.ok() ? Result<void>() : refused.error();
        },
        [&](const WriteQueue::Keep& keep) { return this->keep(change, wording, keep); },
        change.artifacts.empty() && change.removedFiles.empty() ? store::Durability::Points
                                                                : store::Durability::Decision);
}

Result<store::CatalogChanges> Service::change(const Decide& decide, store::Durability durability) {
    store::CatalogChanges changes;
    const auto written = m_writes.run(
        [&](WriteSession& session) -> Result<void> {
            RUNGLASS_ASSIGN(changes, decide(session));
            store::CatalogWriter writer(session.database);
            for (auto& change : changes) {
                RUNGLASS_TRY(writer.write(change));
            }
            return {};
        },
        [&](const WriteQueue::Keep& /*keep*/) -> Result<void> {
            RUNGLASS_ASSIGN(changes, this->keep(decide));
            return {};
        },
        durability, WriteQueue::About::Catalog);
    RUNGLASS_TRY(written);
    return Result<store::CatalogChanges>(std::move(changes));
}

Result<void> Service::change(store::CatalogEdit edit) {
    const auto done = change([&](ReadSession& /*session*/) { return Result<store::CatalogChanges>({edit}); });
    return done.ok() ? Result<void>() : done.error();
}

Result<void> Service::makeKept(model::RunDetail detail) {
    detail.record.status = model::RunStatus::Running;
    detail.record.startTimeMs = detail.record.startTimeMs.value_or(nowMs());
    // By its number, too: another endpoint may rename the experiment before the run is in it.
    store::RunChange place;
    place.run = detail.record.id;
    place.timeMs = nowMs();
    place.experiment = experimentFor(detail.record.experiment.text());
    return m_writes.run(
        [&](WriteSession& session) { return store::makeKeptRun(session.writer, session.database, detail); },
        [&](const WriteQueue::Keep& keep) {
            return m_aside.exclusively([&]() -> Result<void> {
                RUNGLASS_TRY(keep(textOf(store::encodeRun(detail))));
                // It is in the experiment of that name in any case.
                (void)(place.experiment ? keep(textOf(store::encodeChange(place))) : Result<void>()).ok();
                return {};
            });
        });
}

/// The number of the experiment of that name, which is made when there is none; nothing while that cannot be
/// told.
std::optional<std::int64_t> Service::experimentFor(std::string_view name) {
    const store::Patience patience(kReadPatienceMs);
    const auto known = read([&](ReadSession& session) { return session.experimentNamed(name); });
    if (!known.ok()) {
        return std::nullopt;
    }
    if (*known) {
        return (*known)->id;
    }
    store::Experiment experiment;
    experiment.name = name;
    experiment.createdMs = nowMs();
    const auto made =
        change([&](ReadSession& /*session*/) { return Result<store::CatalogChanges>({experiment}); });
    return made.ok() ? std::optional(std::get<store::Experiment>(made->front()).id) : std::nullopt;
}

void Service::endBegunRuns(model::RunStatus status, std::int64_t timeMs) {
    for (const auto& id : m_ownRun.begun()) {
        const auto run = read([&](ReadSession& session) { return session.run(id); });
        if (!run.ok() || model::isTerminal((*run)->status)) {
            continue;
        }
        store::RunChange change;
        change.run = id;
        change.timeMs = timeMs;
        change.status = status;
        change.endMs = timeMs;
        // One that a person has deleted meanwhile is left as it is; what cannot be written is found as lost.
        [[maybe_unused]] const auto ended = this->change(change);
    }
}

Result<ReferencedContent> Service::openReferenced(const RunId& run, const model::Artifact& artifact) const {
    if (!m_openReferenced) {
        return Error{ErrorCode::NotFound, {}, {}};
    }
    return m_openReferenced(run, artifact);
}

Result<std::vector<model::Artifact>> Service::clientFiles(std::string_view location, const RunId& run) const {
    return m_clientFiles.list ? m_clientFiles.list(location, run) : std::vector<model::Artifact>();
}

Result<ReferencedContent> Service::openClientFile(std::string_view location, const RunId& run,
                                                  std::string_view path) const {
    return m_clientFiles.open ? m_clientFiles.open(location, run, path)
                              : Result<ReferencedContent>(Error{ErrorCode::NotFound, {}, {}});
}

/// Checks and adds in one step, so that of two params of one name the second is refused.
Result<void> Service::keep(const store::RunChange& change, Wording wording, const WriteQueue::Keep& keep) {
    return m_aside.exclusively([&]() -> Result<void> {
        const store::Patience patience(kReadPatienceMs);
        auto timed = change;
        RUNGLASS_TRY(read([&](ReadSession& session) {
            timed.timeMs = behindOthers(session, change.timeMs, change.hasOnlyPoints());
            const auto allowed = checkChange(session, change, wording);
            return allowed.ok() ? checkFiles(session, change) : allowed;
        }));
        return change.ofModels.empty() ? keep(textOf(store::encodeChange(timed)))
                                       : keepMeasurements(timed, keep);
    });
}

/// What a change of a run says of logged models is of the catalog.
Result<void> Service::keepMeasurements(const store::RunChange& change, const WriteQueue::Keep& keep) {
    const auto lock = m_catalog.lock();
    return m_catalog.deciding([&] {
        auto measured = measurementsOf(change);
        return m_catalog.add(measured, [&](const std::function<bool()>& append) -> Result<void> {
            RUNGLASS_TRY(m_writes.whileHeld(append));
            auto ofRun = change;
            ofRun.ofModels.clear();
            return keep(textOf(store::encodeChange(ofRun)));
        });
    });
}

Result<store::CatalogChanges> Service::keep(const Decide& decide) {
    return m_aside.exclusively([&]() -> Result<store::CatalogChanges> {
        const store::Patience patience(kReadPatienceMs);
        // Whoever reads has its turn before it has the catalog, so that nobody waits for both.
        return read([&](ReadSession& session) -> Result<store::CatalogChanges> {
            const auto lock = m_catalog.lock();
            return m_catalog.deciding([&] { return keepDecided(session, decide); });
        });
    });
}

Result<store::CatalogChanges> Service::keepDecided(ReadSession& session, const Decide& decide) {
    session.readInCopy();
    RUNGLASS_ASSIGN(auto changes, decide(session));
    for (auto& change : changes) {
        if (auto* const experiment = std::get_if<store::Experiment>(&change)) {
            experiment->id = newExperimentId();
        } else if (auto* const edit = std::get_if<store::CatalogEdit>(&change)) {
            edit->timeMs = behindOthers(session, edit->timeMs,
                                        edit->what != store::CatalogEdit::What::ExperimentDeleted);
        }
    }
    const auto added = m_catalog.add(
        changes, [&](const std::function<bool()>& append) { return m_writes.whileHeld(append); });
    RUNGLASS_TRY(added);
    return Result<store::CatalogChanges>(std::move(changes));
}

}  // namespace runglass::tracking
