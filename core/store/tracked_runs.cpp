// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/tracked_runs.h"

#include <bit>

#include "database_impl.h"
#include "detail_rows.h"
#include "pair_codec.h"
#include "revision.h"
#include "run_rows.h"
#include "runglass/base/translate.h"

namespace runglass::store {

namespace {

/// Anybody may call anything.
constexpr std::int64_t kMostUnanswered = 1000;

model::Point pointOf(const Query& row, int first) {
    return {row.integer(first), row.integer(first + 1), std::bit_cast<double>(row.integer(first + 2))};
}

Result<std::unordered_set<RunId>> idsOf(Result<Query> query) {
    std::unordered_set<RunId> ids;
    RUNGLASS_TRY(forEachRow(std::move(query), [&](const Query& row) { ids.insert(row.runId(0)); }));
    return ids;
}

Result<std::int64_t> datasetNumber(Database::Impl& database, std::int64_t experiment,
                                   const DatasetVersion& dataset) {
    RUNGLASS_TRY(
        database.statements.run("INSERT OR IGNORE INTO dataset_version(experiment, name, digest, "
                                "source_type, source, schema, "
                                "profile) VALUES(?,?,?,?,?,?,?)",
                                experiment, std::string_view(dataset.name), std::string_view(dataset.digest),
                                std::string_view(dataset.sourceType), std::string_view(dataset.source),
                                std::string_view(dataset.schema), std::string_view(dataset.profile)));
    RUNGLASS_ASSIGN(auto query,
                    database.statements.query(
                        "SELECT id FROM dataset_version WHERE experiment = ? AND name = ? AND "
                        "digest = ?",
                        experiment, std::string_view(dataset.name), std::string_view(dataset.digest)));
    RUNGLASS_TRY(query.step());
    return query.integer(0);
}

}  // namespace

Result<TrackedRun> TrackedRuns::get(const RunId& id) {
    RUNGLASS_ASSIGN(auto query,
                    m_database->impl().statements.query(
                        "SELECT number, user, CASE WHEN archived THEN deleted ELSE 0 END FROM run LEFT JOIN "
                        "tracked_run ON run = number WHERE id = ?",
                        id));
    RUNGLASS_ASSIGN(const bool row, query.step());
    if (!row) {
        return noSuchRun(id);
    }
    return TrackedRun{query.integer(0), query.string(1), static_cast<Deletion>(query.integer(2))};
}

Result<model::SharedRun> TrackedRuns::record(const RunId& id) {
    auto& database = m_database->impl();
    return database.read([&]() -> Result<model::SharedRun> {
        RUNGLASS_ASSIGN(const std::int64_t number, numberOf(database, id));
        model::SharedRun found;
        std::uint64_t damaged = 0;
        RUNGLASS_TRY(readRuns(
            database, number, number,
            [&](std::shared_ptr<model::RunRecord> record) { found = std::move(record); }, damaged));
        if (!found) {
            return Error{ErrorCode::Damaged, tr("Run {} is damaged in the run database.", id.shortHex()), {}};
        }
        return Result<model::SharedRun>(std::move(found));
    });
}

Result<void> TrackedRuns::setUser(const RunId& id, std::string_view user) {
    auto& database = m_database->impl();
    return database.write(Durability::Points, [&]() -> Result<void> {
        RUNGLASS_ASSIGN(const std::int64_t number, numberOf(database, id));
        return database.statements.run(
            "INSERT INTO tracked_run(run, user) VALUES(?1, ?2) ON CONFLICT(run) DO UPDATE SET user = ?2",
            number, user);
    });
}

Result<void> TrackedRuns::setDeleted(const RunId& id, bool deleted) {
    auto& database = m_database->impl();
    return database.write(Durability::Points, [&]() -> Result<void> {
        RUNGLASS_ASSIGN(const std::int64_t number, numberOf(database, id));
        RUNGLASS_TRY(
            database.statements.run("INSERT INTO tracked_run(run, user, deleted) VALUES(?1, '', ?2) "
                                    "ON CONFLICT(run) DO UPDATE SET deleted = ?2",
                                    number, deleted));
        RUNGLASS_TRY(
            database.statements.run("UPDATE run SET archived = ?2 WHERE number = ?1", number, deleted));
        RUNGLASS_TRY(touch(database, number));
        return {};
    });
}

Result<void> TrackedRuns::setParent(const RunId& id, const RunId& parent) {
    auto& database = m_database->impl();
    return database.write(Durability::Points, [&]() -> Result<void> {
        RUNGLASS_ASSIGN(const std::int64_t number, numberOf(database, id));
        RUNGLASS_TRY(database.statements.run("UPDATE run SET parent = ?2 WHERE number = ?1", number, parent));
        RUNGLASS_TRY(touch(database, number));
        return {};
    });
}

Result<std::string> TrackedRuns::note(const RunId& id) {
    RUNGLASS_ASSIGN(auto query, m_database->impl().statements.query(
                                    "SELECT note FROM detail JOIN run ON number = run WHERE id = ?", id));
    RUNGLASS_ASSIGN(const bool row, query.step());
    return row ? query.string(0) : std::string();
}

Result<void> TrackedRuns::addInput(const RunId& id, std::int64_t experiment, const RunInput& input) {
    auto& database = m_database->impl();
    return database.write(Durability::Points, [&]() -> Result<void> {
        RUNGLASS_ASSIGN(const std::int64_t number, numberOf(database, id));
        RUNGLASS_ASSIGN(const std::int64_t dataset, datasetNumber(database, experiment, input.dataset));
        RUNGLASS_ASSIGN(auto query,
                        database.statements.query("SELECT 1 FROM run_input WHERE run = ? AND dataset = ?",
                                                  number, dataset));
        RUNGLASS_ASSIGN(const bool known, query.step());
        if (known) {
            return {};
        }
        const auto tags = encodePairTexts(input.tags);
        RUNGLASS_TRY(
            database.statements.run("INSERT INTO run_input(run, position, dataset, tags) VALUES(?1, (SELECT "
                                    "coalesce(max(position), -1) + 1 FROM run_input WHERE run = ?1), ?2, ?3)",
                                    number, dataset, tags));
        // What the run shows of its data everywhere else.
        RUNGLASS_TRY(addDatasetRow(
            database, number,
            {input.dataset.name, input.dataset.digest, input.dataset.source, input.dataset.profile}));
        RUNGLASS_TRY(touch(database, number));
        return {};
    });
}

Result<std::vector<RunInput>> TrackedRuns::inputs(const RunId& id) {
    std::vector<RunInput> inputs;
    RUNGLASS_TRY(forEachRow(
        m_database->impl().statements.query(
            "SELECT dataset_version.name, digest, source_type, dataset_version.source, schema, profile, "
            "run_input.tags FROM "
            "run JOIN run_input ON run = number JOIN dataset_version ON dataset_version.id = dataset WHERE "
            "run.id = ? ORDER BY position",
            id),
        [&](const Query& row) {
            inputs.push_back(
                {{row.string(0), row.string(1), row.string(2), row.string(3), row.string(4), row.string(5)},
                 decodePairTexts(row.blob(6))});
        }));
    return inputs;
}

Result<std::vector<DatasetSummary>> TrackedRuns::datasetSummaries() {
    std::vector<DatasetSummary> summaries;
    RUNGLASS_TRY(forEachRow(
        m_database->impl().statements.query(
            "SELECT DISTINCT experiment, name, digest, run_input.tags FROM run_input JOIN dataset_version ON "
            "dataset_version.id = dataset ORDER BY experiment, name, digest"),
        [&](const Query& row) {
            DatasetSummary summary{row.integer(0), row.string(1), row.string(2), {}};
            for (const auto& [key, value] : decodePairTexts(row.blob(3))) {
                if (key == "mlflow.data.context") {
                    summary.context = value;
                }
            }
            summaries.push_back(std::move(summary));
        }));
    return summaries;
}

Result<void> TrackedRuns::addModel(const RunId& id, bool output, const RunModel& model) {
    auto& database = m_database->impl();
    return database.write(Durability::Points, [&]() -> Result<void> {
        RUNGLASS_ASSIGN(const std::int64_t number, numberOf(database, id));
        RUNGLASS_TRY(database.statements.run(
            "INSERT OR IGNORE INTO run_model(run, output, model, step, position) VALUES(?1, ?2, ?3, ?4, "
            "(SELECT coalesce(max(position), -1) + 1 FROM run_model WHERE run = ?1))",
            number, output, std::string_view(model.model), model.step));
        RUNGLASS_TRY(touch(database, number));
        return {};
    });
}

Result<std::vector<RunModel>> TrackedRuns::models(const RunId& id, bool output) {
    std::vector<RunModel> models;
    RUNGLASS_TRY(forEachRow(m_database->impl().statements.query(
                                "SELECT model, step FROM run JOIN run_model ON run = number WHERE "
                                "id = ? AND output = ? ORDER BY position DESC",
                                id, output),
                            [&](const Query& row) {
                                models.push_back({row.string(0), row.integer(1)});
                            }));
    return models;
}

Result<std::unordered_set<RunId>> TrackedRuns::withInputs() {
    return idsOf(m_database->impl().statements.query(
        "SELECT id FROM run WHERE number IN (SELECT run FROM run_input)"));
}

Result<std::unordered_set<RunId>> TrackedRuns::withModels() {
    return idsOf(m_database->impl().statements.query(
        "SELECT id FROM run WHERE number IN (SELECT run FROM run_model)"));
}

Result<LatestPoints> TrackedRuns::latestPoints(const RunId& id) {
    LatestPoints points;
    RUNGLASS_TRY(forEachRow(
        m_database->impl().statements.query(
            "SELECT text, step, time_ms, value_bits FROM run JOIN latest_point ON run = number JOIN word ON "
            "word.id = metric WHERE run.id = ?",
            id),
        [&](const Query& row) { points.emplace(row.string(0), pointOf(row, 1)); }));
    return points;
}

Result<std::unordered_map<RunId, LatestPoints>> TrackedRuns::allLatestPoints() {
    std::unordered_map<RunId, LatestPoints> points;
    RUNGLASS_TRY(forEachRow(
        m_database->impl().statements.query(
            "SELECT run.id, text, step, time_ms, value_bits FROM latest_point JOIN run ON number = run JOIN "
            "word ON word.id = metric"),
        [&](const Query& row) { points[row.runId(0)].emplace(row.string(1), pointOf(row, 2)); }));
    return points;
}

Result<void> TrackedRuns::setLatestPoint(const RunId& id, std::string_view key,
                                         const std::optional<model::Point>& point) {
    auto& database = m_database->impl();
    return database.write(Durability::Points, [&]() -> Result<void> {
        RUNGLASS_ASSIGN(const std::int64_t number, numberOf(database, id));
        RUNGLASS_ASSIGN(const std::int64_t metric, database.words.idOf(database.statements, key));
        if (!point) {
            return database.statements.run("DELETE FROM latest_point WHERE run = ? AND metric = ?", number,
                                           metric);
        }
        return database.statements.run(
            "REPLACE INTO latest_point(run, metric, step, time_ms, value_bits) VALUES(?,?,?,?,?)", number,
            metric, point->step, point->timeMs, std::bit_cast<std::int64_t>(point->value));
    });
}

Result<void> TrackedRuns::countUnanswered(const UnansweredCall& call) {
    auto& database = m_database->impl();
    return database.write(Durability::Points, [&]() -> Result<void> {
        RUNGLASS_TRY(database.statements.run(
            "INSERT INTO unanswered_call(method, path, count, last_ms, client) VALUES(?1, ?2, ?3, ?4, ?5) ON "
            "CONFLICT(method, path) DO UPDATE SET count = count + ?3, last_ms = ?4, client = ?5",
            std::string_view(call.method), std::string_view(call.path), call.count, call.lastMs,
            std::string_view(call.client)));
        return database.statements.run(
            "DELETE FROM unanswered_call WHERE (method, path) IN (SELECT method, path FROM unanswered_call "
            "ORDER BY last_ms DESC LIMIT -1 OFFSET ?1)",
            kMostUnanswered);
    });
}

Result<std::vector<UnansweredCall>> TrackedRuns::unanswered() {
    std::vector<UnansweredCall> calls;
    RUNGLASS_TRY(forEachRow(
        m_database->impl().statements.query(
            "SELECT method, path, count, last_ms, client FROM unanswered_call ORDER BY last_ms DESC"),
        [&](const Query& row) {
            calls.push_back({row.string(0), row.string(1), row.integer(2), row.integer(3), row.string(4)});
        }));
    return calls;
}

Result<void> TrackedRuns::forgetUnanswered() {
    auto& database = m_database->impl();
    return database.write(Durability::Points,
                          [&] { return database.statements.run("DELETE FROM unanswered_call"); });
}

}  // namespace runglass::store
