// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/run_reader.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "database_impl.h"
#include "detail_rows.h"
#include "revision.h"
#include "run_rows.h"
#include "runglass/base/translate.h"
#include "runglass/model/table_keys.h"
#include "series_rows.h"

namespace runglass::store {

namespace {

bool lostTag(const model::RunRecord& before, const model::RunRecord& after) {
    return std::any_of(before.tags.begin(), before.tags.end(),
                       [&](const model::KeyValue& tag) { return !after.tag(tag.key); });
}

/// Of a damaged database whatever can be read is shown, also when its newest revision cannot.
Result<std::int64_t> revisionOrZero(Database::Impl& database) {
    auto revision = currentRevision(database);
    if (!revision.ok() && revision.error().code == ErrorCode::Damaged) {
        database.report.damaged = true;
        return 0;
    }
    return revision;
}

}  // namespace

Result<std::int64_t> RunReader::revision() {
    return currentRevision(m_database->impl());
}

Result<model::SharedRunTable> RunReader::runTable(std::stop_token stop) {
    auto& database = m_database->impl();
    return database.read([&]() -> Result<model::SharedRunTable> {
        auto table = std::make_shared<model::RunTable>();
        model::TableKeys keys;
        std::vector<DamagedRun> damaged;
        RUNGLASS_ASSIGN(table->revision, revisionOrZero(database));
        const auto sink = [&](std::shared_ptr<model::RunRecord> record) {
            keys.add(*record);
            table->runs.push_back(std::move(record));
        };
        RUNGLASS_TRY(readRuns(database, 0, kLastRun, sink, damaged, stop));
        auto& report = database.report;
        report.damaged = report.damaged || !damaged.empty();
        report.damagedRuns = damaged.size();
        damaged.resize(std::min(damaged.size(), OpenReport::kMostNamed));
        report.namedDamage = std::move(damaged);
        std::move(keys).moveTo(*table);
        return model::SharedRunTable(std::move(table));
    });
}

Result<RunChanges> RunReader::changesSince(std::int64_t revision) {
    auto& database = m_database->impl();
    return database.read([&]() -> Result<RunChanges> {
        RunChanges changes;
        RUNGLASS_ASSIGN(changes.revision, currentRevision(database));
        RUNGLASS_TRY(forEachRow(database.statements.query(
                                    "SELECT id FROM deletion WHERE revision > ? ORDER BY revision", revision),
                                [&](const Query& row) { changes.deleted.push_back(row.runId(0)); }));
        RUNGLASS_ASSIGN(const std::vector<std::int64_t> numbers, changedRuns(database, revision));
        std::uint64_t damaged = 0;
        const auto sink = [&](std::shared_ptr<model::RunRecord> record) {
            changes.changed.push_back(std::move(record));
        };
        for (const auto number : numbers) {
            RUNGLASS_TRY(readRuns(database, number, number, sink, damaged));
        }
        return changes;
    });
}

model::SharedRunTable RunReader::apply(const model::SharedRunTable& table, const RunChanges& changes) {
    auto next = std::make_shared<model::RunTable>();
    next->revision = changes.revision;
    bool recount = !changes.deleted.empty();
    if (changes.deleted.empty()) {
        next->runs = table->runs;
    } else {
        const std::unordered_set<RunId> deleted(changes.deleted.begin(), changes.deleted.end());
        next->runs.reserve(table->runs.size());
        for (const auto& run : table->runs) {
            if (!deleted.contains(run->id)) {
                next->runs.push_back(run);
            }
        }
    }
    model::TableKeys keys;
    for (const auto& run : changes.changed) {
        if (const auto position = next->runs.find(run->id)) {
            recount = recount || lostTag(*next->runs[*position], *run);
            next->runs.replace(*position, run);
        } else {
            next->runs.push_back(run);
        }
        keys.add(*run);
    }
    if (recount) {
        for (const auto& run : next->runs) {
            keys.add(*run);
        }
    } else {
        keys.add(*table);
    }
    std::move(keys).moveTo(*next);
    return next;
}

Result<bool> RunReader::contains(const RunId& id) {
    const auto number = numberOf(m_database->impl(), id);
    if (!number && number.error().code != ErrorCode::NotFound) {
        return number.error();
    }
    return number.ok();
}

Result<model::RunDetail> RunReader::detail(const RunId& id) {
    auto& database = m_database->impl();
    return database.read([&]() -> Result<model::RunDetail> { return readDetail(database, id); });
}

Result<model::Series> RunReader::series(const RunId& id, std::string_view key, std::size_t from,
                                        std::stop_token stop) {
    auto& database = m_database->impl();
    return database.read([&]() -> Result<model::Series> {
        RUNGLASS_ASSIGN(const std::int64_t run, numberOf(database, id));
        auto points = readSeries(database, run, key, from, stop);
        if (!points.ok() && points.error().code == ErrorCode::Damaged) {
            return Error{
                ErrorCode::Damaged,
                tr("Points of {} in run {} are damaged. `runglass check` says what can still be read.", key,
                   id.shortHex()),
                points.error().detail};
        }
        return points;
    });
}

}  // namespace runglass::store
