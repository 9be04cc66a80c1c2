// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/integrity.h"

#include <bit>
#include <cmath>
#include <map>

#include "artifact_sweep.h"
#include "database_impl.h"
#include "findings.h"
#include "fold.h"
#include "run_rows.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/git/snapshot_check.h"
#include "runglass/series/chunk_codec.h"
#include "runglass/store/aside_log.h"
#include "runglass/store/catalog_log.h"
#include "runglass/store/layout.h"
#include "schema_tracking.h"
#include "sealed.h"

namespace runglass::store {

namespace {

using Kind = IntegrityFinding::Kind;

bool sameValue(double a, double b) {
    return a == b || (std::isnan(a) && std::isnan(b));
}

/// Early versions took infinities for extremes, and did not count them.
bool isOfEarlyVersion(const model::MetricSummary& stored) {
    return std::isinf(stored.min) || std::isinf(stored.max);
}

bool sameSummary(const model::MetricSummary& stored, const model::MetricSummary& found) {
    const bool sameExtremes = stored.infiniteCount == found.infiniteCount &&
                              sameValue(stored.min, found.min) && sameValue(stored.max, found.max);
    return stored.count == found.count && stored.nanCount == found.nanCount &&
           stored.firstStep == found.firstStep && stored.lastStep == found.lastStep &&
           stored.lastTimeMs == found.lastTimeMs && sameValue(stored.first, found.first) &&
           sameValue(stored.last, found.last) && (sameExtremes || isOfEarlyVersion(stored));
}

bool sameHeader(const series::ChunkHeader& a, const series::ChunkHeader& b) {
    return a.count == b.count && a.nanCount == b.nanCount && a.firstStep == b.firstStep &&
           a.lastStep == b.lastStep && sameValue(a.min, b.min) && sameValue(a.max, b.max);
}

void addAll(model::MetricSummary& summary, const model::Series& points) {
    for (std::size_t i = 0; i < points.size(); ++i) {
        summary.add(points.at(i));
    }
}

class Checker {
public:
    Checker(Database::Impl& database, const CheckProgress& progress, std::stop_token stop,
            IntegrityReport& report)
        : m_database(&database)
        , m_progress(&progress)
        , m_stop(std::move(stop))
        , m_report(&report) {}

    Result<void> check() {
        // SQLite's own check can take minutes; this ends it when the caller asks to stop.
        sqlite3_progress_handler(
            m_database->connection.get(), 10'000,
            [](void* self) { return static_cast<Checker*>(self)->m_stop.stop_requested() ? 1 : 0; }, this);
        const auto done = checkAll();
        sqlite3_progress_handler(m_database->connection.get(), 0, nullptr, nullptr);
        return done;
    }

private:
    Result<void> checkAll() {
        RUNGLASS_TRY(tolerate(checkPages("PRAGMA integrity_check(20)", 0, "ok")));
        RUNGLASS_TRY(tolerate(checkPages("PRAGMA foreign_key_check", 0, "")));
        RUNGLASS_TRY(tolerate(checkRuns()));
        RUNGLASS_TRY(tolerate(checkArtifacts()));
        return checkSnapshots();
    }

    /// Damage is a finding; every other failure ends the check.
    Result<void> tolerate(Result<void> result, std::optional<RunId> run = {}, Kind kind = Kind::Database) {
        if (!result.ok() && result.error().code == ErrorCode::Damaged) {
            find(kind, run, result.error().message, result.error().detail);
            return {};
        }
        return result;
    }

    void find(Kind kind, std::optional<RunId> run, std::string message, const std::string& detail = {}) {
        if (run) {
            message = tr("Run {}: ", run->shortHex()) + message;
        }
        m_report->findings.push_back({kind, run, detail.empty() ? message : message + " (" + detail + ")"});
    }

    template <std::size_t N>
    Result<void> checkPages(const char (&sql)[N], int column, std::string_view good) {
        return forEachRow(m_database->statements.query(sql), [&](const Query& row) {
            if (row.text(column) != good) {
                find(Kind::Database, {}, tr("The file of the run database is damaged."), row.string(column));
            }
        });
    }

    Result<void> checkRuns() {
        std::vector<model::RunRecord> records;
        std::vector<DamagedRun> damaged;
        const auto sink = [&](std::shared_ptr<model::RunRecord> record) {
            if (!record->git.snapshot.empty()) {
                m_snapshots.push_back({record->id, record->git.snapshot});
            }
            records.push_back(std::move(*record));
        };
        RUNGLASS_TRY(readRuns(*m_database, 0, kLastRun, sink, damaged, m_stop));
        for (const auto& run : damaged) {
            m_report->findings.push_back(findingOf(run));
        }
        m_report->runs = records.size();
        std::uint64_t done = 0;
        for (const auto& record : records) {
            if (m_stop.stop_requested()) {
                return Error{ErrorCode::Cancelled, tr("Stopped."), {}};
            }
            RUNGLASS_TRY(tolerate(checkPoints(record), record.id, Kind::Series));
            if (*m_progress) {
                (*m_progress)(++done, records.size());
            }
        }
        return {};
    }

    /// Adds up the chunks and the tail of each metric, and compares with what the run table says.
    Result<void> checkPoints(const model::RunRecord& record) {
        std::map<std::uint64_t, model::MetricSummary> found;
        RUNGLASS_TRY(tolerate(sumChunks(record, found), record.id, Kind::Series));
        PointsByMetric tail;
        RUNGLASS_TRY(tolerate(readTail(*m_database, record.number, tail), record.id, Kind::Series));
        for (const auto& [word, points] : tail) {
            addAll(found[word], points);
        }
        std::size_t matched = 0;
        for (const auto& [word, summary] : found) {
            m_report->points += summary.count;
            Symbol key;
            const auto* const told = m_database->words.lookUp(word, key) ? record.metric(key) : nullptr;
            const bool agrees = told != nullptr && (sameSummary(*told, summary) ||
                                                    sameSummary(*told, withLatest(record, word, summary)));
            if (!agrees) {
                find(Kind::Series, record.id,
                     tr("the summary of {} does not match its points.", toValidUtf8(key.text())));
            }
            matched += told != nullptr ? 1 : 0;
        }
        m_report->series += found.size();
        if (matched < record.metrics.size()) {
            find(Kind::Series, record.id, tr("{} metrics have no points.", record.metrics.size() - matched));
        }
        return {};
    }

    /// The summary with the last value that the run's tool calls so, where it is not the one that came last.
    model::MetricSummary withLatest(const model::RunRecord& record, std::uint64_t word,
                                    model::MetricSummary summary) {
        if (m_database->report.schemaVersion >= kTrackingVersion) {
            (void)forEachRow(
                m_database->statements.query(
                    "SELECT step, time_ms, value_bits FROM latest_point WHERE run = ? AND metric = ?",
                    record.number, static_cast<std::int64_t>(word)),
                [&](const Query& row) {
                    summary.lastStep = row.integer(0);
                    summary.lastTimeMs = row.integer(1);
                    summary.last = std::bit_cast<double>(row.integer(2));
                })
                .ok();
        }
        return summary;
    }

    Result<void> sumChunks(const model::RunRecord& record,
                           std::map<std::uint64_t, model::MetricSummary>& found) {
        return forEachRow(
            m_database->statements.query("SELECT metric, first, count, data FROM chunk WHERE run = ? "
                                         "ORDER BY metric, first",
                                         record.number),
            [&](const Query& row) {
                auto& summary = found[static_cast<std::uint64_t>(row.integer(0))];
                if (const char* wrong = checkChunk(row, summary)) {
                    find(Kind::Series, record.id, tr("a block of points is damaged."), wrong);
                }
            });
    }

    /// What is wrong with a chunk; nothing when it is fine.
    static const char* checkChunk(const Query& row, model::MetricSummary& summary) {
        if (static_cast<std::uint64_t>(row.integer(1)) != summary.count) {
            return "gap";
        }
        const auto content = unseal(row.blob(3));
        if (!content) {
            return "checksum";
        }
        model::Series points;
        const auto header = series::readChunkHeader(*content);
        if (!header.ok() || !series::decodeChunk(*content, points).ok()) {
            return "coding";
        }
        addAll(summary, points);
        const bool same = sameHeader(*header, series::describe(points)) &&
                          static_cast<std::uint64_t>(row.integer(2)) == header->count;
        return same ? nullptr : "header";
    }

    Result<void> checkArtifacts() {
        auto& statements = m_database->statements;
        RUNGLASS_TRY(
            forEachRow(statements.query("SELECT sha256, min(path), id FROM artifact JOIN run ON "
                                        "run.number = artifact.run WHERE sha256 != '' GROUP BY sha256"),
                       [&](const Query& row) { return checkArtifact(row, row.runId(2)); }));
        // A database that is only read may be of a version without artifacts that belong to no run.
        if (m_database->report.schemaVersion < kTrackingVersion) {
            return {};
        }
        return forEachRow(statements.query("SELECT sha256, min(path) FROM loose_artifact WHERE sha256 NOT IN "
                                           "(SELECT sha256 FROM artifact) GROUP BY sha256"),
                          [&](const Query& row) { return checkArtifact(row, {}); });
    }

    /// A row of digest and path.
    Result<void> checkArtifact(const Query& row, std::optional<RunId> run) {
        if (m_stop.stop_requested()) {
            return Error{ErrorCode::Cancelled, tr("Stopped."), {}};
        }
        ++m_report->artifacts;
        const auto path = toValidUtf8(row.text(1));
        if (!isDigest(row.text(0))) {
            find(Kind::Artifact, run, tr("artifact {} has no valid digest.", path));
            return {};
        }
        const auto digest = sha256OfFile(Layout(m_database->project).artifact(row.text(0)));
        if (!digest.ok()) {
            find(Kind::Artifact, run, digest.error().message);
        } else if (*digest != row.text(0)) {
            find(Kind::Artifact, run, tr("the content of artifact {} has changed.", path));
        }
        return {};
    }

    Result<void> checkSnapshots() {
        if (m_snapshots.empty()) {
            return {};
        }
        m_report->snapshots = m_snapshots.size();
        const auto faults = git::checkSnapshots(m_database->project, m_snapshots, m_stop);
        if (!faults.ok()) {
            if (faults.error().code == ErrorCode::Cancelled) {
                return faults.error();
            }
            find(Kind::Snapshot, {},
                 tr("{} snapshots cannot be checked. {}", m_snapshots.size(), faults.error().message));
            return {};
        }
        for (const auto& fault : *faults) {
            find(Kind::Snapshot, fault.run, fault.message);
        }
        return {};
    }

    Database::Impl* m_database;
    const CheckProgress* m_progress;
    std::stop_token m_stop;
    IntegrityReport* m_report;
    std::vector<git::RecordedSnapshot> m_snapshots;
};

}  // namespace

IntegrityFinding findingOf(const DamagedRun& run) {
    const auto told = tr("it cannot be read, or only in part.");
    if (run.id.isNull()) {
        return {Kind::Run, {}, tr("Run number {}: ", run.number) + told};
    }
    const auto who = run.name.empty() ? run.id.shortHex() : run.id.shortHex() + " " + toValidUtf8(run.name);
    return {Kind::Run, run.id, tr("Run {}: ", who) + told};
}

namespace {

/// Calls whose endpoints are no more, and those about the catalog, which are everybody's.
Result<std::uint64_t> countAside(const std::filesystem::path& project) {
    constexpr std::int64_t kPatienceMs = 1000;
    std::uint64_t calls = 0;
    const auto count = [&](std::string_view /*record*/) -> Result<void> {
        ++calls;
        return {};
    };
    RUNGLASS_TRY(AsideLeftovers(project).forEach(count));
    CatalogLog log(project);
    if (log.empty()) {
        return calls;
    }
    RUNGLASS_ASSIGN(auto turn, log.turn(kPatienceMs));
    RUNGLASS_TRY(turn.readOn(count));
    return calls;
}

}  // namespace

Result<IntegrityReport> checkIntegrity(const std::filesystem::path& project, const CheckProgress& progress,
                                       std::stop_token stop) {
    IntegrityReport report;
    auto opened = Database::open(project, OpenMode::ReadOnly);
    if (!opened.ok()) {
        if (opened.error().code != ErrorCode::Damaged) {
            return std::move(opened).error();
        }
        report.findings.push_back({Kind::Database, {}, opened.error().message + " " + opened.error().detail});
        return report;
    }
    auto& database = opened.value().impl();
    if (database.report.damaged) {
        report.findings.push_back({Kind::Database, {}, tr("The end of runs.db is missing.")});
    }
    RUNGLASS_TRY(database.read([&] { return Checker(database, progress, stop, report).check(); }));
    if (const auto leftovers = findLeftovers(database); leftovers.ok()) {
        report.leftoverFiles = leftovers->count;
        report.leftoverBytes = leftovers->bytes;
    }
    RUNGLASS_ASSIGN(report.waitingCalls, countAside(project));
    return report;
}

}  // namespace runglass::store
