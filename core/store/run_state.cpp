// SPDX-License-Identifier: GPL-3.0-or-later
#include "database_impl.h"
#include "run_codec.h"
#include "runglass/base/translate.h"

namespace runglass::store {

namespace {

Result<void> readMetrics(Database::Impl& database, RunState& state) {
    RUNGLASS_TRY(database.words.refresh(database.statements));
    const auto first = firstRowOf(state.number);
    const auto last = lastRowOf(state.number);
    std::vector<StoredSummary> page;
    return forEachRow(
        database.statements.query("SELECT data FROM summary WHERE id BETWEEN ? AND ? ORDER BY id", first,
                                  last),
        [&](const Query& row) -> Result<void> {
            page.clear();
            if (!decodeSummaries(row.blob(0), page)) {
                return Error{ErrorCode::Damaged, tr("The metrics of a run are damaged."), {}};
            }
            for (const auto& stored : page) {
                Symbol key;
                if (!database.words.lookUp(stored.word, key)) {
                    return Error{ErrorCode::Damaged, tr("The name of a metric is missing."), {}};
                }
                state.slots.emplace(key.text(), static_cast<std::uint32_t>(state.metrics.size()));
                state.metrics.push_back({stored.word, key, stored.summary});
            }
            return {};
        });
}

Result<void> readTailState(Database::Impl& database, RunState& state) {
    const auto first = firstRowOf(state.number);
    const auto last = lastRowOf(state.number);
    RUNGLASS_ASSIGN(auto query,
                    database.statements.query("SELECT count(*), coalesce(sum(points), 0), max(id) FROM "
                                              "tail WHERE id BETWEEN ? AND ?",
                                              first, last));
    RUNGLASS_TRY(query.step());
    state.tailRows = query.integer(0);
    state.tailPoints = query.integer(1);
    state.nextTailRow = query.isNull(2) ? first : query.integer(2) + 1;
    return {};
}

Result<bool> isCurrent(Database::Impl& database, const RunState& state) {
    RUNGLASS_ASSIGN(auto query,
                    database.statements.query("SELECT revision FROM change WHERE run = ?", state.number));
    RUNGLASS_ASSIGN(const bool row, query.step());
    return row && query.integer(0) == state.revision;
}

}  // namespace

Result<RunState*> RunStates::get(Database::Impl& database, const RunId& id) {
    if (const auto it = m_states.find(id); it != m_states.end()) {
        RUNGLASS_ASSIGN(const bool current, isCurrent(database, *it->second));
        if (current) {
            return it->second.get();
        }
        m_states.erase(it);
    }
    auto state = std::make_unique<RunState>();
    {
        RUNGLASS_ASSIGN(auto query, database.statements.query(
                                        "SELECT number, (SELECT revision FROM change WHERE run = number) "
                                        "FROM run WHERE id = ?",
                                        id));
        RUNGLASS_ASSIGN(const bool row, query.step());
        if (!row) {
            return Error{ErrorCode::NotFound, tr("There is no run {}.", id.shortHex()), {}};
        }
        state->number = query.integer(0);
        state->revision = query.integer(1);
    }
    RUNGLASS_TRY(readMetrics(database, *state));
    RUNGLASS_TRY(readTailState(database, *state));
    if (m_states.size() >= kMostStates) {
        m_states.clear();
    }
    return (m_states[id] = std::move(state)).get();
}

Result<std::int64_t> nextRevision(Database::Impl& database) {
    RUNGLASS_ASSIGN(auto query, database.statements.query(
                                    "SELECT max(coalesce((SELECT max(revision) FROM change), 0),"
                                    "           coalesce((SELECT max(revision) FROM deletion), 0),"
                                    "           coalesce((SELECT max(revision) FROM mark), 0)) + 1"));
    RUNGLASS_TRY(query.step());
    return query.integer(0);
}

Result<std::int64_t> touch(Database::Impl& database, std::int64_t run) {
    RUNGLASS_ASSIGN(auto query,
                    database.statements.query(
                        "REPLACE INTO change(revision, run) VALUES("
                        "max(coalesce((SELECT max(revision) FROM change), 0),"
                        "    coalesce((SELECT max(revision) FROM deletion), 0),"
                        "    coalesce((SELECT max(revision) FROM mark), 0)) + 1, ?) RETURNING revision",
                        run));
    RUNGLASS_TRY(query.step());
    const auto revision = query.integer(0);
    RUNGLASS_TRY(query.run());
    return revision;
}

}  // namespace runglass::store
