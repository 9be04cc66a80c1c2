// SPDX-License-Identifier: GPL-3.0-or-later
#include "service.h"

#include "runglass/store/patience.h"

namespace runglass::tracking {

namespace {

/// Readers do not wait for a writer; for one who has locked them out as well nobody waits here.
constexpr std::int64_t kReadPatienceMs = 100;

/// The name of the experiment that a change puts its run into.
Result<Symbol> experimentOf(ReadSession& session, const store::RunChange& change) {
    if (!change.experiment) {
        return Symbol();
    }
    RUNGLASS_ASSIGN(const auto experiment, session.experiments.byId(*change.experiment));
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
    return m_writes.run(
        [&](WriteSession& session) -> Result<void> {
            RUNGLASS_TRY(checkChange(session, change, wording));
            const auto refused = session.changes.write(change);
            return refused.ok() ? Result<void>() : refused.error();
        },
        [&](const WriteQueue::Keep& keep) { return this->keep(change, wording, keep); });
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
        return keep({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                    [&] { m_aside.add(change, *experiment); });
    });
}

/// What an endpoint that is no more has acknowledged is seen before it is in the database.
void Service::show(std::string_view record) {
    const auto change =
        store::decodeChange({reinterpret_cast<const std::uint8_t*>(record.data()), record.size()});
    if (!change) {
        return;
    }
    const store::Patience patience(kReadPatienceMs);
    const auto experiment = read([&](ReadSession& session) { return experimentOf(session, *change); });
    m_aside.add(*change, experiment.valueOr({}));
}

}  // namespace runglass::tracking
