// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_rows.h"

#include <algorithm>
#include <map>

#include "runglass/base/clock.h"
#include "runglass/base/translate.h"
#include "runglass/model/silence.h"
#include "schema_left_out.h"

namespace runglass::store {

namespace {

#define RUN_COLUMNS                                                                                      \
    "number, id, name, experiment, source, location, status, exit_code, signal, start_ms, end_ms, "      \
    "git_commit, git_branch, git_snapshot, git_remote, git_dirty, parent, archived, starred, has_note, " \
    "color, params, tags"

/// Reads rows of `run` and of `summary` side by side: both are in the order of run numbers.
class RowMerger {
public:
    explicit RowMerger(const Words& words)
        : m_words(&words) {}

    /// Whether the last record and its metrics could be read to the end.
    [[nodiscard]] bool intact() const { return m_intact; }

    std::shared_ptr<model::RunRecord> record(const Query& row) {
        auto record = std::make_shared<model::RunRecord>();
        m_intact = fixedColumns(row, *record);
        m_intact = pairs(row.blob(21), record->params) && m_intact;
        m_intact = pairs(row.blob(22), record->tags) && m_intact;
        return record;
    }

    /// Adds one page of summaries.
    void metrics(ByteView stored, model::RunRecord& record) {
        m_summaries.clear();
        bool intact = decodeSummaries(stored, m_summaries);
        if (intact) {
            record.metrics.reserve(record.metrics.size() + m_summaries.size());
            for (const auto& summary : m_summaries) {
                auto& metric = record.metrics.emplace_back();
                intact = m_words->lookUp(summary.word, metric.key) && intact;
                metric.summary = summary.summary;
            }
        }
        m_intact = m_intact && intact;
    }

private:
    bool fixedColumns(const Query& row, model::RunRecord& record) {
        record.number = row.integer(0);
        record.id = row.runId(1);
        record.name = row.text(2);
        const bool known = m_words->lookUp(static_cast<std::uint64_t>(row.integer(3)), record.experiment) &&
                           m_words->lookUp(static_cast<std::uint64_t>(row.integer(4)), record.source);
        record.location = row.text(5);
        const auto status = row.integer(6);
        const bool valid = status >= 0 && status <= static_cast<std::int64_t>(model::RunStatus::Lost);
        record.status = valid ? static_cast<model::RunStatus>(status) : model::RunStatus::Lost;
        record.exitCode = row.optionalInteger<int>(7);
        record.signal = row.optionalInteger<int>(8);
        record.startTimeMs = row.optionalInteger<std::int64_t>(9);
        record.endTimeMs = row.optionalInteger<std::int64_t>(10);
        record.git.commit = row.text(11);
        record.git.branch = row.text(12);
        record.git.snapshot = row.text(13);
        record.git.remote = row.text(14);
        record.git.dirty = row.integer(15) != 0;
        if (!row.isNull(16)) {
            record.parent = row.runId(16);
        }
        record.archived = row.integer(17) != 0;
        record.starred = row.integer(18) != 0;
        record.hasNote = row.integer(19) != 0;
        record.color = row.optionalInteger<std::uint32_t>(20);
        record.leftOut = static_cast<std::uint64_t>(std::max<std::int64_t>(row.integer(23), 0));
        return known && valid;
    }

    bool pairs(ByteView stored, std::vector<model::KeyValue>& out) {
        m_pairs.clear();
        bool intact = decodePairs(stored, m_pairs);
        if (!intact) {
            return false;
        }
        out.reserve(m_pairs.size());
        for (const auto& pair : m_pairs) {
            auto& entry = out.emplace_back();
            intact = m_words->lookUp(pair.word, entry.key) && intact;
            entry.value = Symbol(pair.value);
        }
        return intact;
    }

    const Words* m_words;
    bool m_intact = true;
    std::vector<StoredPair> m_pairs;
    std::vector<StoredSummary> m_summaries;
};

Error stopped() {
    return {ErrorCode::Cancelled, tr("Stopped."), {}};
}

/// What a page of summaries that cannot be read means for its run.
enum class Without { Stop, GoOn };

/// Reads until the end or until a row cannot be read; `next` is the first number that was not read. With
/// GoOn a run whose summaries cannot be read is given without them.
Result<void> readRange(Database::Impl& database, std::int64_t& next, std::int64_t last, const RunSink& sink,
                       std::vector<DamagedRun>& damaged, const std::stop_token& stop,
                       Without without = Without::Stop) {
    RowMerger merger(database.words);
    const auto timeMs = nowMs();
    const auto firstPage = firstRowOf(next);
    const auto lastPage = lastRowOf(last);
    auto& sql = database.statements;
    RUNGLASS_ASSIGN(
        auto rows,
        database.report.schemaVersion >= kLeftOutVersion
            ? sql.query("SELECT " RUN_COLUMNS
                        ", left_out FROM run WHERE number BETWEEN ? AND ? ORDER BY number",
                        next, last)
            : sql.query("SELECT " RUN_COLUMNS ", 0 FROM run WHERE number BETWEEN ? AND ? ORDER BY number",
                        next, last));
    RUNGLASS_ASSIGN(auto pages, sql.query("SELECT id, data FROM summary WHERE id BETWEEN ? AND ? ORDER BY id",
                                          firstPage, lastPage));
    auto page = pages.step();
    for (;;) {
        if (stop.stop_requested()) {
            return stopped();
        }
        RUNGLASS_ASSIGN(const bool row, rows.step());
        if (!row) {
            next = last + 1;
            return {};
        }
        auto record = merger.record(rows);
        for (; page.ok() && *page && pages.integer(0) <= lastRowOf(record->number); page = pages.step()) {
            if (pages.integer(0) >= firstRowOf(record->number)) {
                merger.metrics(pages.blob(1), *record);
            }
        }
        const bool partial = !page.ok();
        if (partial && (without == Without::Stop || page.error().code != ErrorCode::Damaged)) {
            return page.error();
        }
        if (record->source.text() != "runglass") {
            // Nothing tells of one without times that it is silent.
            if (const auto lastSign = model::lastSignMs(*record); lastSign > 0) {
                model::loseSilent(*record, lastSign, timeMs);
            }
        }
        record->sortKeys();
        next = record->number + 1;
        if (partial || !merger.intact()) {
            damaged.push_back({record->number, record->id, record->name});
        }
        sink(std::move(record));
    }
}

/// The runs that the index of ids knows: it lies on pages of its own, and may be whole where the table is
/// not.
struct IndexedRuns {
    std::map<std::int64_t, DamagedRun> byNumber;
    bool complete = false;
};

IndexedRuns readIndexes(Database::Impl& database) {
    IndexedRuns runs;
    runs.complete =
        forEachRow(database.statements.query("SELECT number, id FROM run INDEXED BY sqlite_autoindex_run_1"),
                   [&](const Query& row) {
                       runs.byNumber[row.integer(0)] = {row.integer(0), row.runId(1), {}};
                   })
            .ok();
    // Names help people, and nothing depends on them.
    (void)forEachRow(database.statements.query("SELECT number, name FROM run INDEXED BY run_name"),
                     [&](const Query& row) {
                         if (const auto it = runs.byNumber.find(row.integer(0)); it != runs.byNumber.end()) {
                             it->second.name = row.string(1);
                         }
                     })
        .ok();
    return runs;
}

/// The highest number that a run had, as far as the database says. Bounded: a damaged one may say anything.
std::int64_t highestNumber(Database::Impl& database, std::int64_t next) {
    constexpr std::int64_t kMostTried = 1'000'000;
    std::int64_t highest = next;
    const auto look = [&](Result<Query> query) {
        if (query.ok() && query->step().valueOr(false)) {
            highest = std::max(highest, query->integer(0));
        }
    };
    look(database.statements.query("SELECT seq FROM sqlite_sequence WHERE name = 'run'"));
    look(database.statements.query("SELECT max(run) FROM change"));
    return std::min(highest, next + kMostTried);
}

/// Reads the runs from `next` on one by one, past a page that cannot be read.
Result<void> readSingly(Database::Impl& database, std::int64_t next, std::int64_t last, const RunSink& sink,
                        std::vector<DamagedRun>& damaged, const std::stop_token& stop) {
    const auto known = readIndexes(database);
    const auto one = [&](std::int64_t number, const DamagedRun& run) -> Result<void> {
        auto at = number;
        auto read = readRange(database, at, number, sink, damaged, stop, Without::GoOn);
        if (!read.ok() && read.error().code == ErrorCode::Damaged) {
            damaged.push_back(run);
            return {};
        }
        return read;
    };
    if (!known.complete) {
        const auto end = std::min(last, highestNumber(database, next));
        for (auto number = next; number <= end; ++number) {
            const auto it = known.byNumber.find(number);
            RUNGLASS_TRY(one(number, it != known.byNumber.end() ? it->second : DamagedRun{number, {}, {}}));
        }
        return {};
    }
    for (auto it = known.byNumber.lower_bound(next); it != known.byNumber.end() && it->first <= last; ++it) {
        RUNGLASS_TRY(one(it->first, it->second));
    }
    return {};
}

}  // namespace

Result<void> readRuns(Database::Impl& database, std::int64_t first, std::int64_t last, const RunSink& sink,
                      std::vector<DamagedRun>& damaged, const std::stop_token& stop) {
    if (const auto words = database.words.refresh(database.statements); !words.ok()) {
        if (words.error().code != ErrorCode::Damaged) {
            return words;
        }
        database.report.damaged =
            true;  // what could be read of the names serves; the rest shows as damage of its runs
    }
    auto next = first;
    auto read = readRange(database, next, last, sink, damaged, stop);
    if (read.ok() || read.error().code != ErrorCode::Damaged) {
        return read;
    }
    database.report.damaged = true;
    return readSingly(database, next, last, sink, damaged, stop);
}

Result<void> readRuns(Database::Impl& database, std::int64_t first, std::int64_t last, const RunSink& sink,
                      std::uint64_t& damaged, const std::stop_token& stop) {
    std::vector<DamagedRun> runs;
    const auto read = readRuns(database, first, last, sink, runs, stop);
    damaged += runs.size();
    return read;
}

Error noSuchRun(const RunId& id) {
    return {ErrorCode::NotFound, tr("There is no run {}.", id.shortHex()), id.hex()};
}

Result<std::int64_t> numberOf(Database::Impl& database, const RunId& id) {
    const auto find = [&](const auto& sql) -> Result<std::int64_t> {
        RUNGLASS_ASSIGN(auto query, database.statements.query(sql, id));
        RUNGLASS_ASSIGN(const bool row, query.step());
        return row ? Result<std::int64_t>(query.integer(0)) : noSuchRun(id);
    };
    auto number = find("SELECT number FROM run WHERE id = ?");
    if (!number && number.error().code == ErrorCode::Damaged) {
        return find("SELECT number FROM run NOT INDEXED WHERE id = ?");  // the index may be what is damaged
    }
    return number;
}

}  // namespace runglass::store
