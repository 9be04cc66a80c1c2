// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/model_registry.h"

#include "database_impl.h"
#include "model_rows.h"
#include "runglass/base/translate.h"

namespace runglass::store {

namespace {

Error noSuchModel(std::string_view name) {
    return {ErrorCode::NotFound, tr("There is no registered model {}.", name), {}};
}

RegisteredModel modelOf(const Query& row) {
    RegisteredModel model;
    model.name = row.text(0);
    model.createdMs = row.integer(1);
    model.updatedMs = row.integer(2);
    model.description = row.text(3);
    return model;
}

Result<void> readRest(Database::Impl& database, RegisteredModel& model) {
    const std::string_view name = model.name;
    RUNGLASS_TRY(
        forEachRow(database.statements.query(
                       "SELECT key, value FROM registered_model_tag WHERE model = ? ORDER BY key", name),
                   [&](const Query& row) { model.tags.emplace_back(row.string(0), row.string(1)); }));
    return forEachRow(
        database.statements.query(
            "SELECT alias, version FROM registered_model_alias WHERE model = ? ORDER BY alias", name),
        [&](const Query& row) {
            model.aliases.push_back({row.string(0), row.integer(1)});
        });
}

/// Changes a model that is there.
template <typename Body>
Result<void> change(Database& handle, std::string_view name, std::int64_t nowMs, Body&& body) {
    auto& database = handle.impl();
    return database.write(Durability::Decision, [&]() -> Result<void> {
        RUNGLASS_ASSIGN(
            auto query,
            database.statements.query(
                "UPDATE registered_model SET updated_ms = ?2 WHERE name = ?1 RETURNING 1", name, nowMs));
        RUNGLASS_ASSIGN(const bool found, query.step());
        if (!found) {
            return noSuchModel(name);
        }
        RUNGLASS_TRY(query.run());
        RUNGLASS_TRY(touchMakersOf(database, name));
        return body(database);
    });
}

}  // namespace

Result<RegisteredModel> ModelRegistry::model(std::string_view name) {
    auto& database = m_database->impl();
    return database.read([&]() -> Result<RegisteredModel> {
        RUNGLASS_ASSIGN(
            auto query,
            database.statements.query(
                "SELECT name, created_ms, updated_ms, description FROM registered_model WHERE name = ?",
                name));
        RUNGLASS_ASSIGN(const bool row, query.step());
        if (!row) {
            return noSuchModel(name);
        }
        auto model = modelOf(query);
        RUNGLASS_TRY(readRest(database, model));
        return Result<RegisteredModel>(std::move(model));
    });
}

Result<std::vector<RegisteredModel>> ModelRegistry::models() {
    auto& database = m_database->impl();
    return database.read([&]() -> Result<std::vector<RegisteredModel>> {
        std::vector<RegisteredModel> models;
        RUNGLASS_TRY(forEachRow(
            database.statements.query(
                "SELECT name, created_ms, updated_ms, description FROM registered_model ORDER BY name"),
            [&](const Query& row) { models.push_back(modelOf(row)); }));
        for (auto& model : models) {
            RUNGLASS_TRY(readRest(database, model));
        }
        return Result<std::vector<RegisteredModel>>(std::move(models));
    });
}

Result<void> ModelRegistry::create(const RegisteredModel& model) {
    auto& database = m_database->impl();
    return database.write(Durability::Decision, [&]() -> Result<void> {
        RUNGLASS_ASSIGN(auto query, database.statements.query("SELECT 1 FROM registered_model WHERE name = ?",
                                                              std::string_view(model.name)));
        RUNGLASS_ASSIGN(const bool taken, query.step());
        if (taken) {
            return Error{ErrorCode::Exists, tr("There is a registered model {} already.", model.name), {}};
        }
        RUNGLASS_TRY(database.statements.run(
            "INSERT INTO registered_model(name, created_ms, updated_ms, description) VALUES(?,?,?,?)",
            std::string_view(model.name), model.createdMs, model.updatedMs,
            std::string_view(model.description)));
        for (const auto& [key, value] : model.tags) {
            RUNGLASS_TRY(setTag(model.name, key, value, model.updatedMs));
        }
        return {};
    });
}

Result<void> ModelRegistry::rename(std::string_view name, std::string_view newName, std::int64_t nowMs) {
    return change(*m_database, name, nowMs, [&](Database::Impl& database) -> Result<void> {
        RUNGLASS_ASSIGN(auto query,
                        database.statements.query(
                            "SELECT 1 FROM registered_model WHERE name = ?1 AND name <> ?2", newName, name));
        RUNGLASS_ASSIGN(const bool taken, query.step());
        if (taken) {
            return Error{ErrorCode::Exists, tr("There is a registered model {} already.", newName), {}};
        }
        return database.statements.run("UPDATE registered_model SET name = ?2 WHERE name = ?1", name,
                                       newName);
    });
}

Result<void> ModelRegistry::describe(std::string_view name, std::string_view description,
                                     std::int64_t nowMs) {
    return change(*m_database, name, nowMs, [&](Database::Impl& database) {
        return database.statements.run("UPDATE registered_model SET description = ?2 WHERE name = ?1", name,
                                       description);
    });
}

Result<void> ModelRegistry::remove(std::string_view name) {
    return change(*m_database, name, 0, [&](Database::Impl& database) {
        return database.statements.run("DELETE FROM registered_model WHERE name = ?", name);
    });
}

Result<void> ModelRegistry::setTag(std::string_view name, std::string_view key, std::string_view value,
                                   std::int64_t nowMs) {
    return change(*m_database, name, nowMs, [&](Database::Impl& database) {
        return database.statements.run("REPLACE INTO registered_model_tag(model, key, value) VALUES(?,?,?)",
                                       name, key, value);
    });
}

Result<void> ModelRegistry::removeTag(std::string_view name, std::string_view key, std::int64_t nowMs) {
    return change(*m_database, name, nowMs, [&](Database::Impl& database) {
        return database.statements.run("DELETE FROM registered_model_tag WHERE model = ? AND key = ?", name,
                                       key);
    });
}

Result<void> ModelRegistry::setAlias(std::string_view name, std::string_view alias, std::int64_t number,
                                     std::int64_t nowMs) {
    return change(*m_database, name, nowMs, [&](Database::Impl& database) -> Result<void> {
        RUNGLASS_TRY(version(name, number));
        return database.statements.run(
            "REPLACE INTO registered_model_alias(model, alias, version) VALUES(?,?,?)", name, alias, number);
    });
}

Result<void> ModelRegistry::removeAlias(std::string_view name, std::string_view alias, std::int64_t nowMs) {
    return change(*m_database, name, nowMs, [&](Database::Impl& database) {
        return database.statements.run("DELETE FROM registered_model_alias WHERE model = ? AND alias = ?",
                                       name, alias);
    });
}

}  // namespace runglass::store
