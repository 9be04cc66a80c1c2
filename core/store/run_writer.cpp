// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/run_writer.h"

#include <algorithm>

#include "artifact_sweep.h"
#include "database_impl.h"
#include "detail_rows.h"
#include "new_run.h"
#include "revision.h"
#include "run_codec.h"
#include "run_rows.h"
#include "runglass/base/clock.h"
#include "runglass/base/translate.h"
#include "runglass/model/given_params.h"
#include "runglass/store/artifact_files.h"

namespace runglass::store {

namespace {

constexpr int kMostAttempts = 100;

/// The changes that concern one row of `run`: finds the run, runs `body(number)`, marks the run as changed.
template <typename Body>
Result<void> change(Database& handle, const RunId& id, Durability durability, Body&& body) {
    auto& database = handle.impl();
    return database.write(durability, [&]() -> Result<void> {
        RUNGLASS_ASSIGN(const std::int64_t number, numberOf(database, id));
        RUNGLASS_TRY(body(database, number));
        auto touched = touch(database, number);
        return touched.ok() ? Result<void>() : Result<void>(touched.error());
    });
}

/// Params or tags of a run on their way through a change.
class EditedPairs {
public:
    static Result<EditedPairs> load(Query& row) {
        EditedPairs pairs;
        RUNGLASS_TRY(row.step());
        const auto blob = row.blob(0);
        pairs.m_stored.assign(blob.begin(), blob.end());
        if (!decodePairs(pairs.m_stored, pairs.m_pairs)) {
            return Error{ErrorCode::Damaged, tr("Params or tags of the run are damaged."), {}};
        }
        return Result<EditedPairs>(std::move(pairs));
    }

    StoredPair* find(std::int64_t word) {
        const auto it = std::find_if(m_pairs.begin(), m_pairs.end(), [&](const StoredPair& pair) {
            return pair.word == static_cast<std::uint64_t>(word);
        });
        return it == m_pairs.end() ? nullptr : &*it;
    }
    /// `value` must live until encode().
    void add(std::int64_t word, std::string_view value) {
        m_pairs.push_back({static_cast<std::uint64_t>(word), value});
    }
    void remove(const StoredPair* pair) { m_pairs.erase(m_pairs.begin() + (pair - m_pairs.data())); }
    [[nodiscard]] Bytes encode() const { return encodePairs(m_pairs); }

private:
    Bytes m_stored;  // what the loaded values point into
    std::vector<StoredPair> m_pairs;
};

Result<EditedPairs> loadTags(Database::Impl& database, std::int64_t number) {
    RUNGLASS_ASSIGN(auto row, database.statements.query("SELECT tags FROM run WHERE number = ?", number));
    return EditedPairs::load(row);
}

Result<void> storeTags(Database::Impl& database, std::int64_t number, const EditedPairs& tags) {
    const auto data = tags.encode();
    return database.statements.run("UPDATE run SET tags = ?2 WHERE number = ?1", number, data);
}

Result<std::vector<std::string>> mergeParams(Database::Impl& database, std::int64_t number,
                                             std::span<const model::Variable> params,
                                             std::span<const model::Variable> replaceable) {
    RUNGLASS_ASSIGN(EditedPairs pairs, [&]() -> Result<EditedPairs> {
        RUNGLASS_ASSIGN(auto row,
                        database.statements.query("SELECT params FROM run WHERE number = ?", number));
        return EditedPairs::load(row);
    }());
    std::vector<std::string> refused;
    for (const auto& [key, value] : params) {
        RUNGLASS_ASSIGN(const std::int64_t word, database.words.idOf(database.statements, key));
        auto* const existing = pairs.find(word);
        if (existing == nullptr) {
            pairs.add(word, value);
        } else if (existing->value == value) {
            continue;
        } else if (model::mayReplace(replaceable, key, existing->value)) {
            existing->value = value;
        } else {
            refused.push_back(key);
        }
    }
    const auto data = pairs.encode();
    RUNGLASS_TRY(database.statements.run("UPDATE run SET params = ?2 WHERE number = ?1", number, data));
    return refused;
}

}  // namespace

Result<void> RunWriter::transaction(const std::function<Result<void>()>& body, Durability durability) {
    return m_database->impl().write(durability, body);
}

Result<std::int64_t> RunWriter::createRun(const model::RunDetail& detail) {
    auto& database = m_database->impl();
    return database.write(Durability::Points, [&] { return addRun(database, detail); });
}

Result<void> RunWriter::setStatus(const RunId& id, model::RunStatus status,
                                  std::optional<std::int64_t> startTimeMs) {
    return change(*m_database, id, Durability::Points, [&](Database::Impl& database, std::int64_t number) {
        return database.statements.run(
            "UPDATE run SET status = ?2, start_ms = coalesce(?3, start_ms) WHERE number = ?1", number,
            static_cast<int>(status), startTimeMs);
    });
}

Result<void> RunWriter::endRun(const RunId& id, const RunEnd& end) {
    return change(
        *m_database, id, Durability::Points,
        [&](Database::Impl& database, std::int64_t number) -> Result<void> {
            RUNGLASS_ASSIGN(RunState* const state, database.states.get(database, id));
            RUNGLASS_TRY(compact(database, *state));
            RUNGLASS_TRY(database.statements.run(
                "UPDATE run SET status = ?2, exit_code = ?3, signal = ?4, end_ms = ?5 WHERE number = ?1",
                number, static_cast<int>(end.status), end.exitCode, end.signal, end.timeMs));
            return database.statements.run(
                "UPDATE detail SET user_seconds = ?2, system_seconds = ?3, peak_memory = ?4 WHERE run = ?1",
                number, end.userSeconds, end.systemSeconds, end.peakMemoryBytes);
        });
}

Result<void> RunWriter::appendPoints(const RunId& id, std::span<const MetricPoint> points) {
    auto& database = m_database->impl();
    return database.write(Durability::Points, [&]() -> Result<void> {
        RUNGLASS_ASSIGN(RunState* const state, database.states.get(database, id));
        if (points.empty()) {
            return {};
        }
        return store::appendPoints(database, *state, points);
    });
}

Result<void> RunWriter::setLatest(const RunId& id, std::string_view key, const model::Point& point) {
    auto& database = m_database->impl();
    return database.write(Durability::Points, [&]() -> Result<void> {
        RUNGLASS_ASSIGN(RunState* const state, database.states.get(database, id));
        return store::setLatest(database, *state, key, point);
    });
}

Result<std::vector<std::string>> RunWriter::setParams(const RunId& id,
                                                      std::span<const model::Variable> params,
                                                      std::span<const model::Variable> replaceable) {
    std::vector<std::string> refused;
    RUNGLASS_TRY(change(*m_database, id, Durability::Points,
                        [&](Database::Impl& database, std::int64_t number) -> Result<void> {
                            RUNGLASS_ASSIGN(refused, mergeParams(database, number, params, replaceable));
                            return {};
                        }));
    return refused;
}

Result<void> RunWriter::setTag(const RunId& id, std::string_view key, std::string_view value) {
    return change(*m_database, id, Durability::Points,
                  [&](Database::Impl& database, std::int64_t number) -> Result<void> {
                      RUNGLASS_ASSIGN(EditedPairs tags, loadTags(database, number));
                      RUNGLASS_ASSIGN(const std::int64_t word, database.words.idOf(database.statements, key));
                      if (auto* const existing = tags.find(word)) {
                          existing->value = value;
                      } else {
                          tags.add(word, value);
                      }
                      return storeTags(database, number, tags);
                  });
}

Result<void> RunWriter::removeTag(const RunId& id, std::string_view key) {
    return change(*m_database, id, Durability::Points,
                  [&](Database::Impl& database, std::int64_t number) -> Result<void> {
                      RUNGLASS_ASSIGN(EditedPairs tags, loadTags(database, number));
                      RUNGLASS_ASSIGN(const std::int64_t word, Words::find(database.statements, key));
                      if (const auto* const existing = tags.find(word)) {
                          tags.remove(existing);
                      }
                      return storeTags(database, number, tags);
                  });
}

Result<void> RunWriter::setName(const RunId& id, std::string_view name) {
    return change(*m_database, id, Durability::Decision, [&](Database::Impl& database, std::int64_t number) {
        return database.statements.run("UPDATE run SET name = ?2 WHERE number = ?1", number, name);
    });
}

Result<void> RunWriter::setExperiment(const RunId& id, std::string_view experiment) {
    return change(
        *m_database, id, Durability::Decision,
        [&](Database::Impl& database, std::int64_t number) -> Result<void> {
            RUNGLASS_ASSIGN(const std::int64_t word, database.words.idOf(database.statements, experiment));
            return database.statements.run("UPDATE run SET experiment = ?2 WHERE number = ?1", number, word);
        });
}

Result<void> RunWriter::setNote(const RunId& id, std::string_view markdown) {
    return change(*m_database, id, Durability::Decision,
                  [&](Database::Impl& database, std::int64_t number) -> Result<void> {
                      RUNGLASS_TRY(database.statements.run("UPDATE run SET has_note = ?2 WHERE number = ?1",
                                                           number, !markdown.empty()));
                      return database.statements.run("UPDATE detail SET note = ?2 WHERE run = ?1", number,
                                                     markdown);
                  });
}

Result<void> RunWriter::setStarred(const RunId& id, bool starred) {
    return change(*m_database, id, Durability::Decision, [&](Database::Impl& database, std::int64_t number) {
        return database.statements.run("UPDATE run SET starred = ?2 WHERE number = ?1", number, starred);
    });
}

Result<void> RunWriter::setArchived(const RunId& id, bool archived) {
    return change(*m_database, id, Durability::Decision, [&](Database::Impl& database, std::int64_t number) {
        return database.statements.run("UPDATE run SET archived = ?2 WHERE number = ?1", number, archived);
    });
}

Result<void> RunWriter::setColor(const RunId& id, std::optional<std::uint32_t> rgb) {
    return change(*m_database, id, Durability::Decision, [&](Database::Impl& database, std::int64_t number) {
        return database.statements.run("UPDATE run SET color = ?2 WHERE number = ?1", number, rgb);
    });
}

Result<void> RunWriter::addProblem(const RunId& id, std::string_view message) {
    return change(*m_database, id, Durability::Points, [&](Database::Impl& database, std::int64_t number) {
        return addProblemRow(database, number, message);
    });
}

Result<void> RunWriter::addDataset(const RunId& id, const model::Dataset& dataset) {
    return change(*m_database, id, Durability::Points, [&](Database::Impl& database, std::int64_t number) {
        return addDatasetRow(database, number, dataset);
    });
}

Result<model::Artifact> RunWriter::addArtifact(const RunId& id, const std::filesystem::path& file,
                                               std::string_view name) {
    // The copy may take long: it is made before the database is locked.
    auto& database = m_database->impl();
    if (!database.report.writable) {
        return Error{ErrorCode::ReadOnly, database.report.whyNotWritable, {}};
    }
    for (int attempt = 0;; ++attempt) {
        RUNGLASS_ASSIGN(const auto stored, storeFile(database.project, file));
        const model::Artifact artifact{std::string(name), stored.sha256, stored.size, nowMs()};
        bool gone = false;
        RUNGLASS_TRY(change(*m_database, id, Durability::Decision,
                            [&](Database::Impl& impl, std::int64_t number) -> Result<void> {
                                gone = !hasContent(impl, artifact.sha256);
                                return gone ? Result<void>() : putArtifactRow(impl, number, artifact);
                            }));
        if (!gone) {
            return artifact;
        }
        // Another process deleted the last run with this content just now.
        if (attempt == kMostAttempts) {
            return Error{ErrorCode::Busy, tr("The artifact cannot be stored. Try again."), {}};
        }
    }
}

Result<void> RunWriter::deleteRun(const RunId& id) {
    auto& database = m_database->impl();
    return database.write(Durability::Decision, [&]() -> Result<void> {
        RUNGLASS_ASSIGN(const std::int64_t number, numberOf(database, id));
        // Its last change goes first, so that the deletion gets a revision above it.
        RUNGLASS_ASSIGN(const std::int64_t revision, touch(database, number));
        RUNGLASS_TRY(dropContents(database, number));
        RUNGLASS_ASSIGN(auto artifacts, contentsOfRun(database, number));
        database.dropped.insert(database.dropped.end(), artifacts.begin(), artifacts.end());
        RUNGLASS_TRY(database.statements.run("DELETE FROM run WHERE number = ?", number));
        RUNGLASS_TRY(
            database.statements.run("INSERT INTO deletion(revision, id) VALUES(?, ?)", revision, id));
        database.states.forget(id);
        return {};
    });
}

Result<std::int64_t> RunWriter::spoolOffset(const RunId& id, std::string_view spool) {
    auto& database = m_database->impl();
    return database.read([&]() -> Result<std::int64_t> {
        RUNGLASS_ASSIGN(const std::int64_t number, numberOf(database, id));
        RUNGLASS_ASSIGN(
            auto query,
            database.statements.query("SELECT offset FROM spool WHERE run = ? AND name = ?", number, spool));
        RUNGLASS_ASSIGN(const bool row, query.step());
        return row ? query.integer(0) : 0;
    });
}

Result<void> RunWriter::setSpoolOffset(const RunId& id, std::string_view spool, std::int64_t offset) {
    auto& database = m_database->impl();
    return database.write(Durability::Points, [&]() -> Result<void> {
        RUNGLASS_ASSIGN(const std::int64_t number, numberOf(database, id));
        return database.statements.run("REPLACE INTO spool(run, name, offset) VALUES(?, ?, ?)", number, spool,
                                       offset);
    });
}

}  // namespace runglass::store
