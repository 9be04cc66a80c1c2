// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/experiments.h"

#include "database_impl.h"
#include "revision.h"
#include "runglass/base/translate.h"

namespace runglass::store {

namespace {

Error noSuchExperiment(std::int64_t id) {
    return {ErrorCode::NotFound, tr("There is no experiment with the number {}.", id), {}};
}

Error nameTaken(std::string_view name) {
    return {ErrorCode::Exists, tr("There is an experiment {} already.", name), {}};
}

Experiment experimentOf(const Query& row) {
    Experiment experiment;
    experiment.id = row.integer(0);
    experiment.name = row.text(1);
    experiment.artifactLocation = row.text(2);
    experiment.deleted = row.integer(3) != 0;
    experiment.createdMs = row.integer(4);
    experiment.updatedMs = row.integer(5);
    return experiment;
}

Result<void> readTags(Database::Impl& database, Experiment& experiment) {
    return forEachRow(
        database.statements.query("SELECT key, value FROM experiment_tag WHERE experiment = ? ORDER BY key",
                                  experiment.id),
        [&](const Query& row) { experiment.tags.emplace_back(row.string(0), row.string(1)); });
}

/// The tag of an experiment that says which other number it is known by.
std::string otherNumberTag(std::int64_t id) {
    return "runglass.otherNumber." + std::to_string(id);
}

Result<std::int64_t> numberOf(Database::Impl& database, std::int64_t id) {
    const std::string tag = otherNumberTag(id);
    RUNGLASS_ASSIGN(
        auto query,
        database.statements.query(
            "SELECT id FROM experiment WHERE id = ?1 UNION ALL SELECT experiment FROM "
            "experiment_tag WHERE key = ?2 AND NOT EXISTS(SELECT 1 FROM experiment WHERE id = ?1)",
            id, std::string_view(tag)));
    RUNGLASS_ASSIGN(const bool row, query.step());
    return row ? Result<std::int64_t>(query.integer(0)) : Result<std::int64_t>(noSuchExperiment(id));
}

Result<std::int64_t> wordOf(Database::Impl& database, std::int64_t id) {
    RUNGLASS_ASSIGN(auto query, database.statements.query("SELECT word FROM experiment WHERE id = ?", id));
    RUNGLASS_ASSIGN(const bool row, query.step());
    if (!row) {
        return noSuchExperiment(id);
    }
    return query.integer(0);
}

/// Takes the name, or the first of `name (2)`, `name (3)` … that nobody has.
template <typename Body>
Result<void> withFreeName(std::string_view name, Body&& body) {
    std::string tried(name);
    for (int number = 2;; ++number) {
        const auto done = body(tried);
        if (done.ok() || done.error().code != ErrorCode::Exists) {
            return done;
        }
        tried = std::string(name) + " (" + std::to_string(number) + ')';
    }
}

/// Changes runs with `body(number)` and says so to those who follow.
template <typename Body>
Result<void> touchChanged(Database::Impl& database, const std::vector<std::int64_t>& runs, Body&& body) {
    for (const auto run : runs) {
        RUNGLASS_ASSIGN(const bool changed, body(run));
        if (changed) {
            RUNGLASS_TRY(touch(database, run));
        }
    }
    return {};
}

/// Every run of an experiment.
template <typename Body>
Result<void> changeRuns(Database::Impl& database, std::int64_t word, Body&& body) {
    std::vector<std::int64_t> runs;
    RUNGLASS_TRY(forEachRow(database.statements.query("SELECT number FROM run WHERE experiment = ?", word),
                            [&](const Query& row) { runs.push_back(row.integer(0)); }));
    return touchChanged(database, runs, body);
}

Result<bool> deleteWithExperiment(Database::Impl& database, std::int64_t run) {
    RUNGLASS_ASSIGN(auto query,
                    database.statements.query("SELECT deleted FROM tracked_run WHERE run = ?", run));
    RUNGLASS_ASSIGN(const bool row, query.step());
    if (row && query.integer(0) != 0) {
        return false;
    }
    RUNGLASS_TRY(database.statements.run(
        "INSERT INTO tracked_run(run, user, deleted) VALUES(?, '', 2) ON CONFLICT(run) DO UPDATE SET "
        "deleted = 2",
        run));
    RUNGLASS_TRY(database.statements.run("UPDATE run SET archived = 1 WHERE number = ?", run));
    return true;
}

Result<bool> restoreWithExperiment(Database::Impl& database, std::int64_t run) {
    RUNGLASS_ASSIGN(auto query, database.statements.query(
                                    "SELECT 1 FROM tracked_run WHERE run = ? AND deleted = 2", run));
    RUNGLASS_ASSIGN(const bool row, query.step());
    if (!row) {
        return false;
    }
    RUNGLASS_TRY(database.statements.run("UPDATE tracked_run SET deleted = 0 WHERE run = ?", run));
    RUNGLASS_TRY(database.statements.run("UPDATE run SET archived = 0 WHERE number = ?", run));
    return true;
}

Result<void> noteChange(Database::Impl& database, std::int64_t id, std::int64_t nowMs) {
    return database.statements.run("UPDATE experiment SET updated_ms = ?2 WHERE id = ?1", id, nowMs);
}

}  // namespace

Result<std::int64_t> Experiments::ownNumber(std::int64_t id) {
    auto& database = m_database->impl();
    return database.read([&] { return numberOf(database, id); });
}

Result<Experiment> Experiments::byId(std::int64_t id) {
    auto& database = m_database->impl();
    return database.read([&]() -> Result<Experiment> {
        RUNGLASS_ASSIGN(const std::int64_t number, numberOf(database, id));
        RUNGLASS_ASSIGN(auto query,
                        database.statements.query(
                            "SELECT experiment.id, text, artifact_location, deleted, created_ms, updated_ms "
                            "FROM experiment JOIN word ON word.id = word WHERE experiment.id = ?",
                            number));
        RUNGLASS_ASSIGN(const bool row, query.step());
        if (!row) {
            return noSuchExperiment(id);
        }
        auto experiment = experimentOf(query);
        RUNGLASS_TRY(readTags(database, experiment));
        return Result<Experiment>(std::move(experiment));
    });
}

Result<std::optional<Experiment>> Experiments::byName(std::string_view name) {
    auto& database = m_database->impl();
    return database.read([&]() -> Result<std::optional<Experiment>> {
        RUNGLASS_ASSIGN(auto query,
                        database.statements.query(
                            "SELECT experiment.id, text, artifact_location, deleted, created_ms, updated_ms "
                            "FROM word JOIN experiment ON word = word.id WHERE text = ?",
                            name));
        RUNGLASS_ASSIGN(const bool row, query.step());
        if (!row) {
            return std::optional<Experiment>();
        }
        auto experiment = experimentOf(query);
        RUNGLASS_TRY(readTags(database, experiment));
        return std::optional(std::move(experiment));
    });
}

Result<std::vector<Experiment>> Experiments::all() {
    auto& database = m_database->impl();
    return database.read([&]() -> Result<std::vector<Experiment>> {
        std::vector<Experiment> experiments;
        RUNGLASS_TRY(forEachRow(
            database.statements.query(
                "SELECT experiment.id, text, artifact_location, deleted, created_ms, updated_ms FROM "
                "experiment JOIN word ON word.id = word ORDER BY experiment.id"),
            [&](const Query& row) { experiments.push_back(experimentOf(row)); }));
        for (auto& experiment : experiments) {
            RUNGLASS_TRY(readTags(database, experiment));
        }
        return Result<std::vector<Experiment>>(std::move(experiments));
    });
}

Result<void> Experiments::ensure(std::int64_t nowMs) {
    auto& database = m_database->impl();
    RUNGLASS_ASSIGN(auto query, database.statements.query(
                                    "SELECT EXISTS(SELECT 1 FROM run WHERE experiment NOT IN (SELECT word "
                                    "FROM experiment))"));
    RUNGLASS_TRY(query.step());
    const bool anyMissing = query.integer(0) != 0;
    RUNGLASS_TRY(query.run());
    if (!anyMissing) {
        return {};  // without the lock that somebody else may hold
    }
    return database.write(Durability::Points, [&] {
        return database.statements.run(
            "INSERT OR IGNORE INTO experiment(word, artifact_location, created_ms, updated_ms) SELECT "
            "experiment, '', coalesce(min(start_ms), ?1), ?1 FROM run WHERE experiment NOT IN (SELECT word "
            "FROM experiment) GROUP BY experiment ORDER BY min(number)",
            nowMs);
    });
}

Result<std::int64_t> Experiments::idOf(std::string_view name, std::int64_t nowMs) {
    auto& database = m_database->impl();
    return database.write(Durability::Points, [&]() -> Result<std::int64_t> {
        RUNGLASS_ASSIGN(const std::int64_t word, database.words.idOf(database.statements, name));
        RUNGLASS_TRY(
            database.statements.run("INSERT OR IGNORE INTO experiment(word, artifact_location, created_ms, "
                                    "updated_ms) VALUES(?1, '', ?2, ?2)",
                                    word, nowMs));
        RUNGLASS_ASSIGN(auto query,
                        database.statements.query("SELECT id FROM experiment WHERE word = ?", word));
        RUNGLASS_TRY(query.step());
        return query.integer(0);
    });
}

Result<std::int64_t> Experiments::create(const Experiment& experiment) {
    auto& database = m_database->impl();
    return database.write(Durability::Points, [&]() -> Result<std::int64_t> {
        const bool hasNumber = experiment.id != 0;
        if (!hasNumber) {
            RUNGLASS_TRY(ensure(experiment.createdMs));
        }
        RUNGLASS_ASSIGN(const auto taken, byName(experiment.name));
        if (taken) {
            return nameTaken(experiment.name);
        }
        if (hasNumber) {
            RUNGLASS_ASSIGN(const std::int64_t word,
                            database.words.idOf(database.statements, experiment.name));
            RUNGLASS_TRY(database.statements.run(
                "INSERT INTO experiment(id, word, artifact_location, created_ms, updated_ms) "
                "VALUES(?1, ?2, '', ?3, ?3)",
                experiment.id, word, experiment.createdMs));
        }
        RUNGLASS_ASSIGN(const std::int64_t id, idOf(experiment.name, experiment.createdMs));
        RUNGLASS_TRY(database.statements.run("UPDATE experiment SET artifact_location = ?2 WHERE id = ?1", id,
                                             std::string_view(experiment.artifactLocation)));
        for (const auto& [key, value] : experiment.tags) {
            RUNGLASS_TRY(setTag(id, key, value, experiment.createdMs));
        }
        return id;
    });
}

Result<void> Experiments::restore(Experiment experiment) {
    auto& database = m_database->impl();
    return database.write(Durability::Points, [&]() -> Result<void> {
        if (const auto known = byId(experiment.id); known.ok() || known.error().code != ErrorCode::NotFound) {
            return known.ok() ? Result<void>() : known.error();
        }
        RUNGLASS_ASSIGN(const auto same, byName(experiment.name));
        if (same && !same->deleted) {
            return join(*same, experiment);
        }
        return withFreeName(experiment.name, [&](const std::string& name) -> Result<void> {
            experiment.name = name;
            const auto created = create(experiment);
            return created.ok() ? Result<void>() : created.error();
        });
    });
}

/// `into` gets the number of `same`, and those of its tags that it lacks.
Result<void> Experiments::join(const Experiment& into, const Experiment& same) {
    auto& database = m_database->impl();
    for (const auto& [key, value] : same.tags) {
        RUNGLASS_TRY(
            database.statements.run("INSERT OR IGNORE INTO experiment_tag(experiment, key, value) "
                                    "VALUES(?, ?, ?)",
                                    into.id, std::string_view(key), std::string_view(value)));
    }
    return setTag(into.id, otherNumberTag(same.id), "", same.createdMs);
}

Result<void> Experiments::restoreName(std::int64_t id, std::string_view name, std::int64_t nowMs) {
    return withFreeName(name, [&](const std::string& free) { return rename(id, free, nowMs); });
}

Result<void> Experiments::rename(std::int64_t id, std::string_view name, std::int64_t nowMs) {
    auto& database = m_database->impl();
    return database.write(Durability::Points, [&]() -> Result<void> {
        RUNGLASS_ASSIGN(const std::int64_t number, numberOf(database, id));
        RUNGLASS_ASSIGN(const std::int64_t before, wordOf(database, number));
        RUNGLASS_ASSIGN(const std::int64_t word, database.words.idOf(database.statements, name));
        if (word == before) {
            return {};
        }
        RUNGLASS_TRY(ensure(nowMs));
        RUNGLASS_ASSIGN(const auto taken, byName(name));
        if (taken) {
            return nameTaken(name);
        }
        RUNGLASS_TRY(database.statements.run("UPDATE experiment SET word = ?2, updated_ms = ?3 WHERE id = ?1",
                                             number, word, nowMs));
        return changeRuns(database, before, [&](std::int64_t run) -> Result<bool> {
            RUNGLASS_TRY(
                database.statements.run("UPDATE run SET experiment = ?2 WHERE number = ?1", run, word));
            return true;
        });
    });
}

Result<void> Experiments::setDeleted(std::int64_t id, bool deleted, std::int64_t nowMs) {
    auto& database = m_database->impl();
    return database.write(Durability::Points, [&]() -> Result<void> {
        RUNGLASS_ASSIGN(const std::int64_t number, numberOf(database, id));
        RUNGLASS_ASSIGN(const std::int64_t word, wordOf(database, number));
        RUNGLASS_TRY(database.statements.run(
            "UPDATE experiment SET deleted = ?2, updated_ms = ?3 WHERE id = ?1", number, deleted, nowMs));
        return changeRuns(database, word, [&](std::int64_t run) {
            return deleted ? deleteWithExperiment(database, run) : restoreWithExperiment(database, run);
        });
    });
}

Result<void> Experiments::deleteRunWith(const RunId& run) {
    auto& database = m_database->impl();
    return database.write(Durability::Points, [&]() -> Result<void> {
        std::vector<std::int64_t> numbers;
        RUNGLASS_TRY(forEachRow(database.statements.query("SELECT number FROM run WHERE id = ?", run),
                                [&](const Query& row) { numbers.push_back(row.integer(0)); }));
        return touchChanged(database, numbers,
                            [&](std::int64_t number) { return deleteWithExperiment(database, number); });
    });
}

Result<void> Experiments::setTag(std::int64_t id, std::string_view key, std::string_view value,
                                 std::int64_t nowMs) {
    auto& database = m_database->impl();
    return database.write(Durability::Points, [&]() -> Result<void> {
        RUNGLASS_ASSIGN(const std::int64_t number, numberOf(database, id));
        RUNGLASS_TRY(database.statements.run(
            "REPLACE INTO experiment_tag(experiment, key, value) VALUES(?, ?, ?)", number, key, value));
        return noteChange(database, number, nowMs);
    });
}

Result<void> Experiments::removeTag(std::int64_t id, std::string_view key, std::int64_t nowMs) {
    auto& database = m_database->impl();
    return database.write(Durability::Points, [&]() -> Result<void> {
        RUNGLASS_ASSIGN(const std::int64_t number, numberOf(database, id));
        RUNGLASS_ASSIGN(
            auto query,
            database.statements.query(
                "DELETE FROM experiment_tag WHERE experiment = ? AND key = ? RETURNING 1", number, key));
        RUNGLASS_ASSIGN(const bool removed, query.step());
        if (!removed) {
            return Error{ErrorCode::NotFound, tr("The experiment has no tag {}.", key), {}};
        }
        RUNGLASS_TRY(query.run());
        return noteChange(database, number, nowMs);
    });
}

}  // namespace runglass::store
