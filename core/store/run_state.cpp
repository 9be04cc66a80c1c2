// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "database_impl.h"
#include "revision.h"
#include "run_codec.h"
#include "runglass/base/symbol.h"
#include "runglass/base/translate.h"
#include "runglass/series/chunk_codec.h"
#include "tail.h"

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
                auto& metric = state.metrics.emplace_back();
                metric.word = stored.word;
                metric.key = key.text();
                metric.summary = stored.summary;
            }
            return {};
        });
}

Result<void> readTailState(Database::Impl& database, RunState& state) {
    const auto first = firstRowOf(state.number);
    const auto last = lastRowOf(state.number);
    {
        RUNGLASS_ASSIGN(
            auto query,
            database.statements.query("SELECT count(*), coalesce(max(points), 0) > 0, coalesce((SELECT tail "
                                      "FROM summary WHERE id = ?1), 0) FROM tail WHERE id BETWEEN ?1 AND ?2",
                                      first, last));
        RUNGLASS_TRY(query.step());
        state.tailRows = static_cast<std::size_t>(query.integer(0));
        state.oldTail = query.integer(1) != 0;
        state.tailBytes = static_cast<std::size_t>(std::max<std::int64_t>(query.integer(2), 0));
    }
    state.tailInMemory = state.tailBytes == 0 && !state.oldTail;
    if (state.tailInMemory) {
        return {};
    }
    RUNGLASS_TRY(forEachTailGroup(database, state.number, [&](const TailGroup& group) -> Result<void> {
        RUNGLASS_ASSIGN(const series::ChunkHeader header, series::readChunkHeader(group.chunk));
        state.tailPoints += static_cast<std::int64_t>(header.count);
        ++state.tailBatches;  // one a group, not one a batch: the tail is folded a bit earlier
        return {};
    }));
    const auto end = first + static_cast<std::int64_t>(state.tailBytes / kTailRow);
    RUNGLASS_ASSIGN(auto query, database.statements.query("SELECT data FROM tail WHERE id = ?", end));
    RUNGLASS_ASSIGN(const bool row, query.step());
    if (row) {
        const auto data = query.blob(0);
        const auto inUse = data.first(std::min(data.size(), state.tailBytes % kTailRow));
        state.tailEnd.assign(inUse.begin(), inUse.end());
    }
    return {};
}

}  // namespace

Result<RunState*> RunStates::get(Database::Impl& database, const RunId& id) {
    if (const auto it = m_states.find(id); it != m_states.end()) {
        RUNGLASS_ASSIGN(const RunRevision now, revisionOf(database, it->second->number));
        if (now.number == it->second->revision) {
            it->second->live = now.live;
            return it->second.get();
        }
        m_states.erase(it);
    }
    auto state = std::make_unique<RunState>();
    {
        RUNGLASS_ASSIGN(auto query, database.statements.query("SELECT number FROM run WHERE id = ?", id));
        RUNGLASS_ASSIGN(const bool row, query.step());
        if (!row) {
            return Error{ErrorCode::NotFound, tr("There is no run {}.", id.shortHex()), {}};
        }
        state->number = query.integer(0);
    }
    RUNGLASS_ASSIGN(const RunRevision now, revisionOf(database, state->number));
    state->revision = now.number;
    state->live = now.live;
    RUNGLASS_TRY(readMetrics(database, *state));
    RUNGLASS_TRY(readTailState(database, *state));
    if (m_states.size() >= kMostStates) {
        m_states.clear();
    }
    return (m_states[id] = std::move(state)).get();
}

}  // namespace runglass::store
