// SPDX-License-Identifier: GPL-3.0-or-later
#include "database_impl.h"
#include "model_rows.h"
#include "runglass/base/translate.h"
#include "runglass/store/model_registry.h"

namespace runglass::store {

namespace {

Error noSuchVersion(std::string_view name, std::int64_t version) {
    return {ErrorCode::NotFound, tr("There is no version {} of the registered model {}.", version, name), {}};
}

Error noSuchModel(std::string_view name) {
    return {ErrorCode::NotFound, tr("There is no registered model {}.", name), {}};
}

ModelVersion versionOf(const Query& row) {
    ModelVersion version;
    version.model = row.text(0);
    version.version = row.integer(1);
    version.createdMs = row.integer(2);
    version.updatedMs = row.integer(3);
    version.description = row.text(4);
    version.user = row.text(5);
    version.stage = row.text(6);
    version.source = row.text(7);
    version.location = row.text(8);
    version.run = row.text(9);
    version.runLink = row.text(10);
    version.loggedModel = row.text(11);
    return version;
}

Result<void> readRest(Database::Impl& database, ModelVersion& version) {
    const std::string_view name = version.model;
    RUNGLASS_TRY(forEachRow(
        database.statements.query(
            "SELECT key, value FROM model_version_tag WHERE model = ? AND version = ? ORDER BY key", name,
            version.version),
        [&](const Query& row) { version.tags.emplace_back(row.string(0), row.string(1)); }));
    return forEachRow(
        database.statements.query(
            "SELECT alias FROM registered_model_alias WHERE model = ? AND version = ? ORDER BY alias", name,
            version.version),
        [&](const Query& row) { version.aliases.push_back(row.string(0)); });
}

Result<std::vector<ModelVersion>> withRest(Database::Impl& database, std::vector<ModelVersion> versions) {
    for (auto& version : versions) {
        RUNGLASS_TRY(readRest(database, version));
    }
    return Result<std::vector<ModelVersion>>(std::move(versions));
}

/// Changes a version that is there.
template <typename Body>
Result<void> change(Database& handle, std::string_view name, std::int64_t number, std::int64_t nowMs,
                    Body&& body) {
    auto& database = handle.impl();
    return database.write(Durability::Decision, [&]() -> Result<void> {
        RUNGLASS_ASSIGN(auto query,
                        database.statements.query(
                            "UPDATE model_version SET updated_ms = max(updated_ms, ?3) WHERE model = ?1 "
                            "AND version = ?2 RETURNING 1",
                            name, number, nowMs));
        RUNGLASS_ASSIGN(const bool found, query.step());
        if (!found) {
            return noSuchVersion(name, number);
        }
        RUNGLASS_TRY(query.run());
        RUNGLASS_TRY(database.statements.run(
            "UPDATE registered_model SET updated_ms = max(updated_ms, ?2) WHERE name = ?1", name, nowMs));
        RUNGLASS_TRY(touchMakerOf(database, name, number));
        return body(database);
    });
}

}  // namespace

Result<ModelVersion> ModelRegistry::version(std::string_view name, std::int64_t number) {
    auto& database = m_database->impl();
    return database.read([&]() -> Result<ModelVersion> {
        RUNGLASS_ASSIGN(
            auto query,
            database.statements.query(
                "SELECT model, version, created_ms, updated_ms, description, user, stage, source, "
                "location, run, run_link, logged_model FROM model_version WHERE model = ? AND version = ?",
                name, number));
        RUNGLASS_ASSIGN(const bool row, query.step());
        if (!row) {
            return noSuchVersion(name, number);
        }
        auto version = versionOf(query);
        RUNGLASS_TRY(readRest(database, version));
        return Result<ModelVersion>(std::move(version));
    });
}

Result<std::vector<ModelVersion>> ModelRegistry::versions() {
    auto& database = m_database->impl();
    return database.read([&]() -> Result<std::vector<ModelVersion>> {
        std::vector<ModelVersion> versions;
        RUNGLASS_TRY(forEachRow(
            database.statements.query("SELECT model, version, created_ms, updated_ms, description, user, "
                                      "stage, source, location, run, "
                                      "run_link, logged_model FROM model_version ORDER BY model, version"),
            [&](const Query& row) { versions.push_back(versionOf(row)); }));
        return withRest(database, std::move(versions));
    });
}

Result<std::vector<ModelVersion>> ModelRegistry::versionsOf(std::string_view name) {
    auto& database = m_database->impl();
    return database.read([&]() -> Result<std::vector<ModelVersion>> {
        std::vector<ModelVersion> versions;
        RUNGLASS_TRY(
            forEachRow(database.statements.query(
                           "SELECT model, version, created_ms, updated_ms, description, user, stage, source, "
                           "location, run, "
                           "run_link, logged_model FROM model_version WHERE model = ? ORDER BY version",
                           name),
                       [&](const Query& row) { versions.push_back(versionOf(row)); }));
        return withRest(database, std::move(versions));
    });
}

Result<std::int64_t> ModelRegistry::nextVersion(std::string_view name) {
    auto& database = m_database->impl();
    return database.read([&]() -> Result<std::int64_t> {
        RUNGLASS_ASSIGN(
            auto query,
            database.statements.query("SELECT last_version + 1 FROM registered_model WHERE name = ?", name));
        RUNGLASS_ASSIGN(const bool found, query.step());
        return found ? Result<std::int64_t>(query.integer(0)) : Result<std::int64_t>(noSuchModel(name));
    });
}

Result<std::int64_t> ModelRegistry::createVersion(const ModelVersion& version) {
    auto& database = m_database->impl();
    return database.write(Durability::Decision, [&]() -> Result<std::int64_t> {
        RUNGLASS_ASSIGN(auto query,
                        database.statements.query(
                            "UPDATE registered_model SET last_version = max(last_version, CASE WHEN ?3 > 0 "
                            "THEN ?3 ELSE last_version + 1 END), updated_ms = ?2 WHERE name = ?1 RETURNING "
                            "last_version",
                            std::string_view(version.model), version.createdMs, version.version));
        RUNGLASS_ASSIGN(const bool found, query.step());
        if (!found) {
            return noSuchModel(version.model);
        }
        const std::int64_t number = version.version > 0 ? version.version : query.integer(0);
        RUNGLASS_TRY(query.run());
        RUNGLASS_TRY(database.statements.run(
            "INSERT INTO model_version(model, version, created_ms, updated_ms, description, user, stage, "
            "source, "
            "location, run, run_link, logged_model) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
            std::string_view(version.model), number, version.createdMs, version.updatedMs,
            std::string_view(version.description), std::string_view(version.user),
            std::string_view(version.stage), std::string_view(version.source),
            std::string_view(version.location), std::string_view(version.run),
            std::string_view(version.runLink), std::string_view(version.loggedModel)));
        for (const auto& [key, value] : version.tags) {
            RUNGLASS_TRY(setVersionTag(version.model, number, key, value));
        }
        RUNGLASS_TRY(touchMakerOf(database, version.model, number));
        return number;
    });
}

Result<void> ModelRegistry::describeVersion(std::string_view name, std::int64_t number,
                                            std::string_view description, std::int64_t nowMs) {
    return change(*m_database, name, number, nowMs, [&](Database::Impl& database) {
        return database.statements.run(
            "UPDATE model_version SET description = ?3 WHERE model = ?1 AND version = ?2", name, number,
            description);
    });
}

Result<void> ModelRegistry::setStage(std::string_view name, std::int64_t number, std::string_view stage,
                                     std::int64_t nowMs) {
    return change(*m_database, name, number, nowMs, [&](Database::Impl& database) {
        return database.statements.run(
            "UPDATE model_version SET stage = ?3 WHERE model = ?1 AND version = ?2", name, number, stage);
    });
}

Result<void> ModelRegistry::removeVersion(std::string_view name, std::int64_t number, std::int64_t nowMs) {
    return change(*m_database, name, number, nowMs, [&](Database::Impl& database) -> Result<void> {
        RUNGLASS_TRY(database.statements.run(
            "DELETE FROM registered_model_alias WHERE model = ? AND version = ?", name, number));
        return database.statements.run("DELETE FROM model_version WHERE model = ? AND version = ?", name,
                                       number);
    });
}

Result<void> ModelRegistry::setVersionTag(std::string_view name, std::int64_t number, std::string_view key,
                                          std::string_view value) {
    return change(*m_database, name, number, 0, [&](Database::Impl& database) {
        return database.statements.run(
            "REPLACE INTO model_version_tag(model, version, key, value) VALUES(?,?,?,?)", name, number, key,
            value);
    });
}

Result<void> ModelRegistry::removeVersionTag(std::string_view name, std::int64_t number,
                                             std::string_view key) {
    return change(*m_database, name, number, 0, [&](Database::Impl& database) {
        return database.statements.run(
            "DELETE FROM model_version_tag WHERE model = ? AND version = ? AND key = ?", name, number, key);
    });
}

}  // namespace runglass::store
