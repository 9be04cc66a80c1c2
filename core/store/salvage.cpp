// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>
#include <system_error>

#include "artifact_sweep.h"
#include "database_impl.h"
#include "detail_rows.h"
#include "findings.h"
#include "new_run.h"
#include "run_rows.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/series/chunk_codec.h"
#include "runglass/store/integrity.h"
#include "runglass/store/layout.h"
#include "sealed.h"
#include "tail.h"

namespace runglass::store {

namespace fs = std::filesystem;

namespace {

using Kind = IntegrityFinding::Kind;

class Salvager {
public:
    Salvager(Database::Impl& from, Database::Impl& to, IntegrityReport& report)
        : m_from(&from)
        , m_to(&to)
        , m_report(&report) {}

    Result<void> copyAll(const CheckProgress& progress, const std::stop_token& stop) {
        std::vector<model::RunRecord> records;
        std::vector<DamagedRun> damaged;
        const auto sink = [&](std::shared_ptr<model::RunRecord> record) {
            records.push_back(std::move(*record));
        };
        RUNGLASS_TRY(readRuns(*m_from, 0, kLastRun, sink, damaged, stop));
        for (const auto& run : damaged) {
            m_report->findings.push_back(findingOf(run));
        }
        std::uint64_t done = 0;
        for (const auto& record : records) {
            if (stop.stop_requested()) {
                return Error{ErrorCode::Cancelled, tr("Stopped."), {}};
            }
            RUNGLASS_TRY(m_to->write(Durability::Points, [&] { return copyRun(record); }));
            if (progress) {
                progress(++done, records.size());
            }
        }
        m_report->runs = records.size();
        return {};
    }

private:
    void find(Kind kind, std::optional<RunId> run, std::string message) {
        if (run) {
            message = tr("Run {}: ", run->shortHex()) + message;
        }
        m_report->findings.push_back({kind, run, std::move(message)});
    }

    Result<void> copyRun(const model::RunRecord& record) {
        auto detail = readDetail(*m_from, record.id);
        if (!detail.ok()) {
            find(Kind::Run, record.id, detail.error().message);
            detail = model::RunDetail{};
        }
        detail.value().record = record;
        RUNGLASS_TRY(addRun(*m_to, detail.value(), record.number));
        for (const auto& artifact : detail->artifacts) {
            copyArtifact(record.id, artifact);
        }
        RUNGLASS_TRY(copyPoints(record));
        RUNGLASS_ASSIGN(RunState* const state, m_to->states.get(*m_to, record.id));
        return compact(*m_to, *state);
    }

    void copyArtifact(const RunId& run, const model::Artifact& artifact) {
        if (!isDigest(artifact.sha256)) {
            find(Kind::Artifact, run, tr("artifact {} has no valid digest.", toValidUtf8(artifact.path)));
            return;
        }
        const auto source = Layout(m_from->project).artifact(artifact.sha256);
        const auto target = Layout(m_to->project).artifact(artifact.sha256);
        std::error_code error;
        fs::create_directories(target.parent_path(), error);
        fs::copy_file(source, target, fs::copy_options::skip_existing, error);
        if (error) {
            find(Kind::Artifact, run, tr("artifact {} is missing.", toValidUtf8(artifact.path)));
        } else {
            ++m_report->artifacts;
        }
    }

    /// Chunks first, then the tail: the order of arrival within each metric.
    Result<void> copyPoints(const model::RunRecord& record) {
        const auto chunks = forEachRow(
            m_from->statements.query("SELECT metric, data FROM chunk WHERE run = ? ORDER BY metric, first",
                                     record.number),
            [&](const Query& row) -> Result<void> {
                const auto content = unseal(row.blob(1));
                return copyChunk(record, static_cast<std::uint64_t>(row.integer(0)),
                                 content ? *content : ByteView());
            });
        RUNGLASS_TRY(passOverDamage(chunks, record));
        const auto tail = forEachTailGroup(*m_from, record.number, [&](const TailGroup& group) {
            return copyChunk(record, group.word, group.chunk);
        });
        return passOverDamage(tail, record);
    }

    Result<void> passOverDamage(const Result<void>& result, const model::RunRecord& record) {
        if (!result.ok() && result.error().code == ErrorCode::Damaged) {
            find(Kind::Series, record.id, tr("points cannot be read."));
            return {};
        }
        return result;
    }

    Result<void> copyChunk(const model::RunRecord& record, std::uint64_t word, ByteView chunk) {
        Symbol key;
        model::Series points;
        if (!m_from->words.lookUp(word, key) || !series::decodeChunk(chunk, points).ok()) {
            find(
                Kind::Series, record.id,
                tr("points of {} cannot be read.", key.empty() ? std::string("?") : toValidUtf8(key.text())));
            return {};
        }
        std::vector<MetricPoint> batch;
        batch.reserve(points.size());
        for (std::size_t i = 0; i < points.size(); ++i) {
            batch.push_back({key.text(), points.at(i)});
        }
        m_report->points += points.size();
        RUNGLASS_ASSIGN(RunState* const state, m_to->states.get(*m_to, record.id));
        return appendPoints(*m_to, *state, batch);
    }

    Database::Impl* m_from;
    Database::Impl* m_to;
    IntegrityReport* m_report;
};

Result<IntegrityReport> copyInto(Database::Impl& from, const fs::path& target, const CheckProgress& progress,
                                 const std::stop_token& stop) {
    RUNGLASS_ASSIGN(Database to, Database::open(target, OpenMode::ReadWrite));
    IntegrityReport report;
    RUNGLASS_TRY(from.read([&] { return Salvager(from, to.impl(), report).copyAll(progress, stop); }));
    return report;
}

}  // namespace

Result<IntegrityReport> salvage(const fs::path& project, const fs::path& target,
                                const CheckProgress& progress, std::stop_token stop) {
    std::error_code error;
    if (fs::exists(fs::symlink_status(target, error))) {
        return Error{ErrorCode::Exists,
                     tr("{} exists already. Name a folder that does not.", toValidUtf8(target.native())),
                     {}};
    }
    RUNGLASS_ASSIGN(Database from, Database::open(project, OpenMode::ReadOnly));
    fs::create_directories(target, error);
    if (error) {
        return Error{
            ErrorCode::Io, tr("{} cannot be made: {}.", toValidUtf8(target.native()), error.message()), {}};
    }
    auto copied = copyInto(from.impl(), target, progress, stop);
    if (!copied.ok()) {
        fs::remove_all(target, error);  // a part of a copy would be taken for the whole
    }
    return copied;
}

}  // namespace runglass::store
