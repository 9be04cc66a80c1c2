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

/// The name of the experiment that a change puts its run into.
Result<Symbol> experimentOf(ReadSession& session, const store::RunChange& change) {
    if (!change.experiment) {
        return Symbol();
    }
    RUNGLASS_ASSIGN(const auto experiment, session.experiment(*change.experiment));
    return Symbol(experiment.name);
}

using Names = std::map<std::int64_t, Symbol>;

/// Of the experiments that are changed, as far as they are in the database.
Names storedNames(ReadSession& session, const store::CatalogChanges& changes) {
    Names names;
    for (const auto& change : changes) {
        const auto* const edit = std::get_if<store::CatalogEdit>(&change);
        if (edit != nullptr && edit->what <= store::CatalogEdit::What::ExperimentDeleted) {
            const auto known = store::Experiments(session.database).byId(edit->number);
            if (known.ok()) {
                names.emplace(edit->number, Symbol(known->name));
            }
        }
    }
    return names;
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

/// What clients see of a run that is made later.
store::RunChange shownOf(const model::RunDetail& detail, std::optional<std::int64_t> experiment) {
    store::RunChange shown;
    shown.run = detail.record.id;
    shown.isNew = true;
    shown.timeMs = nowMs();
    shown.startMs = detail.record.startTimeMs;
    shown.experiment = experiment.value_or(store::kDefaultExperiment);
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

}  // namespace

Service::Service(std::filesystem::path project, std::optional<RunId> ownRun, OpenReferenced openReferenced,
                 ClientFiles clientFiles)
    : m_project(std::move(project))
    , m_catalog(m_project)
    , m_readers(m_project, m_catalog)
    , m_ownRun(ownRun)
    , m_openReferenced(std::move(openReferenced))
    , m_clientFiles(std::move(clientFiles))
    , m_writes(m_project, {[](WriteSession& session, std::string_view record) {
                               return session.changes.restore(record);
                           },
                           [this](std::string_view record) { show(record); },
                           [this] {
                               m_aside.clear();
                               m_catalog.release();
                           }}) {}

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
    const auto shown = shownOf(detail, experimentFor(detail.record.experiment.text()));
    return m_writes.run(
        [&](WriteSession& session) { return store::makeKeptRun(session.writer, session.database, detail); },
        [&](const WriteQueue::Keep& keep) {
            return m_aside.exclusively([&] {
                const auto bytes = store::encodeRun(detail);
                return keep(textOf(bytes), [&] { m_aside.add(shown, detail.record.experiment); });
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
        const auto experiment = read([&](ReadSession& session) -> Result<Symbol> {
            RUNGLASS_TRY(checkChange(session, change, wording));
            return experimentOf(session, change);
        });
        RUNGLASS_TRY(experiment);
        if (!change.ofModels.empty()) {
            return keepMeasurements(change, *experiment, keep);
        }
        const auto bytes = store::encodeChange(change);
        return keep(textOf(bytes), [&] { m_aside.add(change, *experiment); });
    });
}

/// What a change of a run says of logged models is of the catalog.
Result<void> Service::keepMeasurements(const store::RunChange& change, Symbol experiment,
                                       const WriteQueue::Keep& keep) {
    const auto lock = m_catalog.lock();
    return m_catalog.deciding([&] {
        auto measured = measurementsOf(change);
        return m_catalog.add(measured, [&](const std::function<bool()>& append) -> Result<void> {
            RUNGLASS_TRY(m_writes.whileHeld(append));
            auto ofRun = change;
            ofRun.ofModels.clear();
            const auto bytes = store::encodeChange(ofRun);
            return keep(textOf(bytes), [&] { m_aside.add(ofRun, experiment); });
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
    const auto stored = storedNames(session, changes);
    for (auto& change : changes) {
        if (auto* const experiment = std::get_if<store::Experiment>(&change)) {
            experiment->id = newExperimentId();
        }
    }
    const auto added = m_catalog.add(changes, [&](const std::function<bool()>& append) {
        return m_writes.whileHeld([&] {
            const bool isKept = append();
            if (isKept) {
                m_aside.add(changes, stored);
            }
            return isKept;
        });
    });
    RUNGLASS_TRY(added);
    return Result<store::CatalogChanges>(std::move(changes));
}

/// What an endpoint that is no more has acknowledged is seen before it is in the database.
void Service::show(std::string_view record) {
    const store::Patience patience(kReadPatienceMs);
    const ByteView bytes(reinterpret_cast<const std::uint8_t*>(record.data()), record.size());
    if (const auto changes = store::decodeCatalogChanges(bytes)) {
        const auto stored =
            read([&](ReadSession& session) -> Result<Names> { return storedNames(session, *changes); });
        m_aside.add(*changes, stored.valueOr({}));
        return;
    }
    if (const auto run = store::decodeRun(bytes)) {
        m_aside.add(shownOf(*run, {}), run->record.experiment);
        return;
    }
    const auto change = store::decodeChange(bytes);
    if (!change) {
        return;
    }
    const auto experiment = read([&](ReadSession& session) { return experimentOf(session, *change); });
    m_aside.add(*change, experiment.valueOr({}));
}

}  // namespace runglass::tracking
