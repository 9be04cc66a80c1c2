// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/logged_models.h"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "database_impl.h"
#include "model_rows.h"
#include "pair_codec.h"
#include "runglass/base/translate.h"
#include "runglass/store/experiments.h"

namespace runglass::store {

namespace {

Error noSuchModel(std::string_view id) {
    return {ErrorCode::NotFound, tr("There is no logged model {}.", id), {}};
}

LoggedModel modelOf(const Query& row) {
    LoggedModel model;
    model.id = row.text(0);
    model.experiment = row.integer(1);
    model.name = row.text(2);
    model.createdMs = row.integer(3);
    model.updatedMs = row.integer(4);
    model.status = static_cast<LoggedModelStatus>(row.integer(5));
    model.type = row.text(6);
    model.sourceRun = row.text(7);
    model.params = decodePairTexts(row.blob(8));
    return model;
}

Result<void> readRest(Database::Impl& database, LoggedModel& model) {
    const std::string_view id = model.id;
    RUNGLASS_TRY(forEachRow(
        database.statements.query("SELECT key, value FROM logged_model_tag WHERE model = ? ORDER BY key", id),
        [&](const Query& row) { model.tags.emplace_back(row.string(0), row.string(1)); }));
    RUNGLASS_ASSIGN(auto metrics, readLatestMetrics(database, id));
    for (auto& metric : metrics) {
        model.metrics.push_back({std::move(metric.key), metric.point, std::move(metric.run),
                                 std::move(metric.dataset), std::move(metric.digest)});
    }
    return {};
}

/// Changes a model that is there; `body` may find more that is wrong.
template <typename Body>
Result<void> change(Database& handle, std::string_view id, std::int64_t nowMs, Body&& body) {
    auto& database = handle.impl();
    return database.write(Durability::Points, [&]() -> Result<void> {
        RUNGLASS_ASSIGN(
            auto query,
            database.statements.query(
                "UPDATE logged_model SET updated_ms = ?2 WHERE id = ?1 AND deleted = 0 RETURNING 1", id,
                nowMs));
        RUNGLASS_ASSIGN(const bool found, query.step());
        if (!found) {
            return noSuchModel(id);
        }
        RUNGLASS_TRY(query.run());
        RUNGLASS_TRY(touchMakerOf(database, id));
        return body(database);
    });
}

}  // namespace

std::string modelFolder(std::int64_t experiment, std::string_view id) {
    return fmt::format("{}/models/{}/artifacts", experiment, id);
}

Result<void> LoggedModels::create(const LoggedModel& model) {
    auto& database = m_database->impl();
    return database.write(Durability::Points, [&]() -> Result<void> {
        RUNGLASS_ASSIGN(const std::int64_t experiment, Experiments(*m_database).ownNumber(model.experiment));
        const auto params = encodePairTexts(model.params);
        RUNGLASS_TRY(database.statements.run(
            "INSERT INTO logged_model(id, experiment, name, created_ms, updated_ms, status, type, "
            "source_run, "
            "params) VALUES(?,?,?,?,?,?,?,?,?)",
            std::string_view(model.id), experiment, std::string_view(model.name), model.createdMs,
            model.updatedMs, static_cast<int>(model.status), std::string_view(model.type),
            std::string_view(model.sourceRun), params));
        for (const auto& [key, value] : model.tags) {
            RUNGLASS_TRY(setTag(model.id, key, value, model.updatedMs));
        }
        return touchMakerOf(database, model.id);
    });
}

Result<bool> LoggedModels::isKnown(std::string_view id) {
    auto& database = m_database->impl();
    return database.read([&]() -> Result<bool> {
        RUNGLASS_ASSIGN(auto query, database.statements.query("SELECT 1 FROM logged_model WHERE id = ?", id));
        return query.step();
    });
}

Result<LoggedModel> LoggedModels::byId(std::string_view id) {
    auto& database = m_database->impl();
    return database.read([&]() -> Result<LoggedModel> {
        RUNGLASS_ASSIGN(auto query,
                        database.statements.query(
                            "SELECT id, experiment, name, created_ms, updated_ms, status, type, source_run, "
                            "params FROM logged_model WHERE id = ? AND deleted = 0",
                            id));
        RUNGLASS_ASSIGN(const bool row, query.step());
        if (!row) {
            return noSuchModel(id);
        }
        auto model = modelOf(query);
        RUNGLASS_TRY(readRest(database, model));
        return Result<LoggedModel>(std::move(model));
    });
}

Result<std::vector<LoggedModel>> LoggedModels::ofExperiments(const std::vector<std::int64_t>& experiments) {
    auto& database = m_database->impl();
    return database.read([&]() -> Result<std::vector<LoggedModel>> {
        std::vector<LoggedModel> models;
        for (const auto experiment : experiments) {
            RUNGLASS_TRY(forEachRow(
                database.statements.query(
                    "SELECT id, experiment, name, created_ms, updated_ms, status, type, source_run, params "
                    "FROM "
                    "logged_model WHERE experiment = ? AND deleted = 0 ORDER BY created_ms DESC, rowid DESC",
                    experiment),
                [&](const Query& row) { models.push_back(modelOf(row)); }));
        }
        for (auto& model : models) {
            RUNGLASS_TRY(readRest(database, model));
        }
        return Result<std::vector<LoggedModel>>(std::move(models));
    });
}

Result<void> LoggedModels::setStatus(std::string_view id, LoggedModelStatus status, std::int64_t nowMs) {
    return change(*m_database, id, nowMs, [&](Database::Impl& database) {
        return database.statements.run("UPDATE logged_model SET status = ?2 WHERE id = ?1", id,
                                       static_cast<int>(status));
    });
}

Result<void> LoggedModels::remove(std::string_view id, std::int64_t nowMs) {
    return change(*m_database, id, nowMs, [&](Database::Impl& database) {
        return database.statements.run("UPDATE logged_model SET deleted = 1 WHERE id = ?", id);
    });
}

Result<void> LoggedModels::setTag(std::string_view id, std::string_view key, std::string_view value,
                                  std::int64_t nowMs) {
    return change(*m_database, id, nowMs, [&](Database::Impl& database) {
        return database.statements.run("REPLACE INTO logged_model_tag(model, key, value) VALUES(?,?,?)", id,
                                       key, value);
    });
}

Result<void> LoggedModels::removeTag(std::string_view id, std::string_view key, std::int64_t nowMs) {
    return change(*m_database, id, nowMs, [&](Database::Impl& database) -> Result<void> {
        RUNGLASS_ASSIGN(auto query,
                        database.statements.query(
                            "DELETE FROM logged_model_tag WHERE model = ? AND key = ? RETURNING 1", id, key));
        RUNGLASS_ASSIGN(const bool removed, query.step());
        if (!removed) {
            return Error{ErrorCode::NotFound, tr("Logged model {} has no tag {}.", id, key), {}};
        }
        return query.run();
    });
}

Result<void> LoggedModels::addParams(std::string_view id, const std::vector<model::Variable>& params,
                                     std::int64_t nowMs) {
    RUNGLASS_ASSIGN(auto model, byId(id));
    for (const auto& param : params) {
        const bool known = std::any_of(model.params.begin(), model.params.end(),
                                       [&](const auto& existing) { return existing.first == param.first; });
        if (!known) {
            model.params.push_back(param);
        }
    }
    const auto encoded = encodePairTexts(model.params);
    return change(*m_database, id, nowMs, [&](Database::Impl& database) {
        return database.statements.run("UPDATE logged_model SET params = ?2 WHERE id = ?1", id, encoded);
    });
}

Result<void> LoggedModels::addMetric(std::string_view id, const LoggedModelMetric& metric) {
    auto& database = m_database->impl();
    return database.write(Durability::Points, [&] {
        return database.statements.run(
            "INSERT OR IGNORE INTO logged_model_metric(model, key, step, time_ms, value_bits, run, dataset, "
            "digest) SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8 FROM logged_model WHERE id = ?1 AND deleted = 0",
            id, std::string_view(metric.key), metric.point.step, metric.point.timeMs,
            std::bit_cast<std::int64_t>(metric.point.value), std::string_view(metric.run),
            std::string_view(metric.dataset), std::string_view(metric.digest));
    });
}

}  // namespace runglass::store
