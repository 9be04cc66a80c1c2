// SPDX-License-Identifier: GPL-3.0-or-later
#include "service.h"

#include <cstring>

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

}  // namespace

Service::Service(std::filesystem::path project, std::optional<RunId> ownRun, OpenReferenced openReferenced)
    : m_project(std::move(project))
    , m_readers(m_project)
    , m_ownRun(ownRun)
    , m_openReferenced(std::move(openReferenced))
    , m_writes(m_project, {[](WriteSession& session, std::string_view record) {
                               return session.changes.restore(record);
                           },
                           [this](std::string_view record) { show(record); }, [this] { m_aside.clear(); }}) {}

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
        change.artifacts.empty() ? store::Durability::Points : store::Durability::Decision);
}

Result<std::int64_t> Service::create(store::Experiment experiment) {
    std::int64_t id = 0;
    const auto made = m_writes.run(
        [&](WriteSession& session) -> Result<void> {
            RUNGLASS_ASSIGN(id, session.experiments.create(experiment));
            return {};
        },
        [&](const WriteQueue::Keep& keep) { return this->keep(experiment, id, keep); });
    RUNGLASS_TRY(made);
    return id;
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

/// Checks and adds in one step, so that of two params of one name the second is refused.
Result<void> Service::keep(const store::RunChange& change, Wording wording, const WriteQueue::Keep& keep) {
    return m_aside.exclusively([&]() -> Result<void> {
        const store::Patience patience(kReadPatienceMs);
        const auto experiment = read([&](ReadSession& session) -> Result<Symbol> {
            RUNGLASS_TRY(checkChange(session, change, wording));
            return experimentOf(session, change);
        });
        RUNGLASS_TRY(experiment);
        const auto bytes = store::encodeChange(change);
        return keep(textOf(bytes), [&] { m_aside.add(change, *experiment); });
    });
}

Result<void> Service::keep(store::Experiment experiment, std::int64_t& id, const WriteQueue::Keep& keep) {
    return m_aside.exclusively([&]() -> Result<void> {
        const store::Patience patience(kReadPatienceMs);
        const auto taken =
            read([&](ReadSession& session) { return session.experimentNamed(experiment.name); });
        RUNGLASS_TRY(taken);
        if (*taken) {
            return Error{ErrorCode::Exists, {}, {}};
        }
        experiment.id = newExperimentId();
        experiment.updatedMs = experiment.createdMs;
        const auto bytes = store::encodeExperiment(experiment);
        return keep(textOf(bytes), [&] {
            m_aside.add(experiment);
            id = experiment.id;
        });
    });
}

/// What an endpoint that is no more has acknowledged is seen before it is in the database.
void Service::show(std::string_view record) {
    const ByteView bytes(reinterpret_cast<const std::uint8_t*>(record.data()), record.size());
    if (const auto experiment = store::decodeExperiment(bytes)) {
        m_aside.add(*experiment);
        return;
    }
    const auto change = store::decodeChange(bytes);
    if (!change) {
        return;
    }
    const store::Patience patience(kReadPatienceMs);
    const auto experiment = read([&](ReadSession& session) { return experimentOf(session, *change); });
    m_aside.add(*change, experiment.valueOr({}));
}

}  // namespace runglass::tracking
