// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/marks.h"

#include <algorithm>
#include <map>

#include "database_impl.h"
#include "revision.h"
#include "run_rows.h"
#include "runglass/store/run_reader.h"
#include "runglass/store/run_writer.h"
#include "schema_marks.h"

namespace runglass::store {
namespace {

/// A database that is only read may be of an older version.
bool hasMarks(const Database& database) {
    return database.report().schemaVersion >= kMarksVersion;
}

Mark markOf(const Query& row) {
    Mark mark;
    mark.id = row.runId(0);
    mark.name = row.isNull(1) ? std::nullopt : std::optional(row.string(1));
    mark.starred = row.integer(2) != 0;
    mark.archived = row.isNull(3) ? std::nullopt : std::optional(row.integer(3) != 0);
    mark.color = row.optionalInteger<std::uint32_t>(4);
    mark.note = row.isNull(5) ? std::nullopt : std::optional(row.string(5));
    return mark;
}

std::pair<std::string, std::optional<std::string>> tagOf(const Query& row) {
    return {row.string(1), row.isNull(2) ? std::nullopt : std::optional(row.string(2))};
}

/// Keeps tags in the order of their keys.
void addTag(Mark& mark, std::pair<std::string, std::optional<std::string>> tag) {
    const auto at = std::ranges::lower_bound(mark.tags, tag.first, {}, [](const auto& t) { return t.first; });
    if (at == mark.tags.end() || at->first != tag.first) {
        mark.tags.insert(at, std::move(tag));
    }
}

/// Gives `take` the rows that can be read, some of them twice: around a page that cannot be read lie others
/// that can. The two statements give the same rows from the front and from the back.
template <std::size_t N, std::size_t M, typename Take>
Result<void> readAroundDamage(Database::Impl& database, const char (&forward)[N], const char (&backward)[M],
                              Take&& take, bool& whole) {
    auto read = forEachRow(database.statements.query(forward), take);
    if (!read.ok() && read.error().code == ErrorCode::Damaged) {
        whole = false;
        read = forEachRow(database.statements.query(backward), take);
    }
    return !read.ok() && read.error().code == ErrorCode::Damaged ? Result<void>() : read;
}

/// Makes the mark of a run where it has none, gives it a new revision, and runs `body` on it.
template <typename Body>
Result<void> change(Database& handle, const RunId& id, Body&& body) {
    auto& database = handle.impl();
    return database.write(Durability::Decision, [&]() -> Result<void> {
        RUNGLASS_ASSIGN(const std::int64_t revision, nextRevision(database));
        RUNGLASS_TRY(
            database.statements.run("INSERT INTO mark(id, revision) VALUES(?1, ?2) "
                                    "ON CONFLICT(id) DO UPDATE SET revision = ?2",
                                    id, revision));
        return body(database);
    });
}

/// Runs `own(writer)` for a run of the database, else `foreign(database)` on its mark.
template <typename Own, typename Foreign>
Result<void> decide(Database& database, const RunId& id, Own&& own, Foreign&& foreign) {
    RUNGLASS_ASSIGN(const bool isOwn, RunReader(database).contains(id));
    if (isOwn) {
        RunWriter writer(database);
        return own(writer);
    }
    return change(database, id, foreign);
}

}  // namespace

model::RunRecord Mark::over(model::RunRecord record) const {
    record.name = name.value_or(record.name);
    record.starred = record.starred || starred;
    record.archived = archived.value_or(record.archived);
    record.color = color ? color : record.color;
    record.hasNote = note ? !note->empty() : record.hasNote;
    for (const auto& [text, value] : tags) {
        const Symbol key(text);
        const auto found = std::ranges::find(record.tags, key, &model::KeyValue::key);
        if (found == record.tags.end()) {
            if (value) {
                record.tags.push_back({key, Symbol(*value)});
            }
        } else if (value) {
            found->value = Symbol(*value);
        } else {
            record.tags.erase(found);
        }
    }
    record.sortKeys();
    return record;
}

Result<std::int64_t> markRevision(Database& database) {
    if (!hasMarks(database)) {
        return 0;
    }
    RUNGLASS_ASSIGN(auto query,
                    database.impl().statements.query("SELECT coalesce(max(revision), 0) FROM mark"));
    RUNGLASS_TRY(query.step());
    return query.integer(0);
}

Result<std::vector<Mark>> readMarks(Database& handle, bool* whole) {
    std::vector<Mark> marks;
    if (!hasMarks(handle)) {
        return marks;
    }
    auto& database = handle.impl();
    return database.read([&]() -> Result<std::vector<Mark>> {
        std::map<RunId, Mark> byId;
        bool all = true;
        RUNGLASS_TRY(readAroundDamage(
            database, "SELECT id, name, starred, archived, color, note FROM mark ORDER BY id",
            "SELECT id, name, starred, archived, color, note FROM mark ORDER BY id DESC",
            [&](const Query& row) {
                auto mark = markOf(row);
                byId.emplace(mark.id, std::move(mark));
            },
            all));
        RUNGLASS_TRY(readAroundDamage(
            database, "SELECT id, key, value FROM mark_tag ORDER BY id, key",
            "SELECT id, key, value FROM mark_tag ORDER BY id DESC, key DESC",
            [&](const Query& row) {
                if (const auto mark = byId.find(row.runId(0)); mark != byId.end()) {
                    addTag(mark->second, tagOf(row));
                }
            },
            all));
        if (whole != nullptr) {
            *whole = all;
        }
        database.report.damaged = database.report.damaged || !all;
        for (auto& [id, mark] : byId) {
            marks.push_back(std::move(mark));
        }
        return marks;
    });
}

Result<Mark> readMark(Database& handle, const RunId& id) {
    Mark mark;
    mark.id = id;
    if (!hasMarks(handle)) {
        return mark;
    }
    auto& database = handle.impl();
    return database.read([&]() -> Result<Mark> {
        RUNGLASS_TRY(
            forEachRow(database.statements.query(
                           "SELECT id, name, starred, archived, color, note FROM mark WHERE id = ?", id),
                       [&](const Query& row) { mark = markOf(row); }));
        RUNGLASS_TRY(forEachRow(
            database.statements.query("SELECT id, key, value FROM mark_tag WHERE id = ? ORDER BY key", id),
            [&](const Query& row) { mark.tags.push_back(tagOf(row)); }));
        return mark;
    });
}

Result<void> MarkWriter::setName(const RunId& id, std::string_view name) {
    return decide(
        *m_database, id, [&](RunWriter& writer) { return writer.setName(id, name); },
        [&](Database::Impl& database) {
            return database.statements.run("UPDATE mark SET name = ?2 WHERE id = ?1", id, name);
        });
}

Result<void> MarkWriter::setStarred(const RunId& id, bool starred) {
    return decide(
        *m_database, id, [&](RunWriter& writer) { return writer.setStarred(id, starred); },
        [&](Database::Impl& database) {
            return database.statements.run("UPDATE mark SET starred = ?2 WHERE id = ?1", id, starred);
        });
}

Result<void> MarkWriter::setArchived(const RunId& id, bool archived) {
    return decide(
        *m_database, id, [&](RunWriter& writer) { return writer.setArchived(id, archived); },
        [&](Database::Impl& database) {
            return database.statements.run("UPDATE mark SET archived = ?2 WHERE id = ?1", id, archived);
        });
}

Result<void> MarkWriter::setColor(const RunId& id, std::optional<std::uint32_t> rgb) {
    return decide(
        *m_database, id, [&](RunWriter& writer) { return writer.setColor(id, rgb); },
        [&](Database::Impl& database) {
            return database.statements.run("UPDATE mark SET color = ?2 WHERE id = ?1", id, rgb);
        });
}

Result<void> MarkWriter::setNote(const RunId& id, std::string_view markdown) {
    return decide(
        *m_database, id, [&](RunWriter& writer) { return writer.setNote(id, markdown); },
        [&](Database::Impl& database) {
            return database.statements.run("UPDATE mark SET note = ?2 WHERE id = ?1", id, markdown);
        });
}

Result<void> MarkWriter::setTag(const RunId& id, std::string_view key, std::string_view value) {
    return decide(
        *m_database, id, [&](RunWriter& writer) { return writer.setTag(id, key, value); },
        [&](Database::Impl& database) {
            return database.statements.run("REPLACE INTO mark_tag(id, key, value) VALUES(?1, ?2, ?3)", id,
                                           key, value);
        });
}

Result<void> MarkWriter::removeTag(const RunId& id, std::string_view key) {
    return decide(
        *m_database, id, [&](RunWriter& writer) { return writer.removeTag(id, key); },
        [&](Database::Impl& database) {
            return database.statements.run("REPLACE INTO mark_tag(id, key, value) VALUES(?1, ?2, NULL)", id,
                                           key);
        });
}

Result<void> MarkWriter::clear(const RunId& id) {
    // The row stays, empty: its revision tells those who follow that something has changed.
    return change(*m_database, id, [&](Database::Impl& database) -> Result<void> {
        RUNGLASS_TRY(database.statements.run("DELETE FROM mark_tag WHERE id = ?", id));
        return database.statements.run(
            "UPDATE mark SET name = NULL, starred = 0, archived = NULL, color = NULL, note = NULL "
            "WHERE id = ?",
            id);
    });
}

}  // namespace runglass::store
