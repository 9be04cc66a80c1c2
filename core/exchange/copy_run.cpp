// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/exchange/copy_run.h"

#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <optional>

#include "copy_models.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/launch/console_files.h"
#include "runglass/model/experiment_name.h"
#include "runglass/store/artifact_files.h"
#include "runglass/store/layout.h"
#include "runglass/store/marks.h"
#include "runglass/store/run_reader.h"
#include "runglass/store/run_writer.h"
#include "runglass/store/tracked_runs.h"

namespace runglass::exchange {
namespace {

constexpr std::size_t kPointsAtOnce = 65'536;

constexpr std::uint64_t kMaxEmbedded = 256U << 20U;  // an image within an event file

struct NamedSeries {
    std::string key;
    model::Series points;
};

bool samePoint(const model::Point& a, const model::Point& b) {
    return a.step == b.step && a.timeMs == b.timeMs &&
           std::bit_cast<std::uint64_t>(a.value) == std::bit_cast<std::uint64_t>(b.value);
}

model::Point lastOf(const model::MetricSummary& summary) {
    return {summary.lastStep, summary.lastTimeMs, summary.last};
}

/// As the tool has it.
model::RunStatus toldStatus(const model::RunRecord& record) {
    return record.toldStatus.value_or(record.status);
}

bool beginsWith(const model::Series& whole, const model::Series& part) {
    if (part.size() > whole.size()) {
        return false;
    }
    for (std::size_t i = 0; i < part.size(); ++i) {
        if (!samePoint(whole.at(i), part.at(i))) {
            return false;
        }
    }
    return true;
}

/// As far as can be told without reading them.
bool isSame(const model::Artifact& known, const model::Artifact& now) {
    return known.size == now.size && known.timeMs == now.timeMs;
}

/// Messages name files from the folder around the run on: where that lies its origin tells, and it is no
/// business of those who get the run handed on.
void nameFilesFrom(const std::vector<model::Origin>& origins, std::vector<std::string>& messages) {
    for (const auto& origin : origins) {
        if (!origin.location.starts_with('/')) {
            continue;
        }
        const auto around = toValidUtf8(std::filesystem::path(origin.location).parent_path().native()) + '/';
        for (auto& message : messages) {
            for (auto at = message.find(around); at != std::string::npos; at = message.find(around, at)) {
                message.erase(at, around.size());
            }
        }
    }
}

class Copier {
public:
    Copier(sources::ProjectRuns& from, store::Database& to, const CopyOptions& options, std::stop_token stop)
        : m_from(&from)
        , m_to(&to)
        , m_writer(to)
        , m_options(&options)
        , m_stop(std::move(stop)) {}

    /// What a run has where it is.
    struct Source {
        model::RunDetail detail;
        std::vector<NamedSeries> series;
        std::optional<std::string> console;  ///< nothing for a run whose console lies in its folder
        model::RunModels models;
    };

    Result<Source> read(const RunId& id) {
        Source source;
        RUNGLASS_ASSIGN(source.detail, m_from->detail(id));
        RUNGLASS_ASSIGN(source.series, readSeries(source.detail.record));
        RUNGLASS_ASSIGN(source.console, m_from->foreignConsole(id));
        RUNGLASS_ASSIGN(source.models, m_from->models(id));
        return source;
    }

    Result<CopyResult> write(Source source) {
        auto& detail = source.detail;
        const auto& id = detail.record.id;
        const auto artifacts = detail.artifacts;
        detail.record.experiment = Symbol(model::experimentName(detail.record.experiment.text()));
        for (auto& artifact : detail.artifacts) {
            artifact.sha256.clear();  // a reference, until its content is here
        }
        for (auto* said : {&detail.problems, &source.models.problems}) {
            nameFilesFrom(detail.origins, *said);
        }
        for (auto& origin : detail.origins) {
            origin.isHere = origin.isHere && m_options->fromHere;
        }
        RUNGLASS_ASSIGN(const bool known, store::RunReader(*m_to).contains(id));
        RUNGLASS_TRY(m_writer.transaction([&] { return write(detail, source.series, known); }));
        RUNGLASS_TRY(copyConsole(id, source.console));
        if (m_options->artifacts) {
            RUNGLASS_TRY(copyArtifacts(id, artifacts));
        }
        m_result.problems.insert(m_result.problems.end(), source.models.problems.begin(),
                                 source.models.problems.end());
        RUNGLASS_ASSIGN(const bool news,
                        copyModels(*m_from, source.models, detail.record, *m_to, m_result.problems));
        m_result.outcome = news && m_result.outcome == Copied::Unchanged ? Copied::Updated : m_result.outcome;
        return std::move(m_result);
    }

private:
    Result<std::vector<NamedSeries>> readSeries(const model::RunRecord& record) {
        std::vector<NamedSeries> all;
        for (const auto& metric : record.metrics) {
            if (m_stop.stop_requested()) {
                return Error{ErrorCode::Cancelled, tr("The copy was cancelled."), {}};
            }
            RUNGLASS_ASSIGN(auto points, m_from->series(record.id, metric.key.text(), 0, m_stop));
            all.push_back({metric.key.str(), std::move(points)});
        }
        std::ranges::sort(all, {}, &NamedSeries::key);
        return all;
    }

    Result<void> write(const model::RunDetail& detail, const std::vector<NamedSeries>& series, bool known) {
        RUNGLASS_TRY(known ? update(detail, series) : create(detail, series));
        return keepLatest(detail.record, series);
    }

    Result<void> create(const model::RunDetail& detail, const std::vector<NamedSeries>& series) {
        const auto& record = detail.record;
        RUNGLASS_TRY(m_writer.createRun(detail));
        for (const auto& one : series) {
            RUNGLASS_TRY(append(record.id, one.key, one.points, 0));
        }
        RUNGLASS_TRY(finish(detail));
        // What was said of the foreign run is said of this one now.
        RUNGLASS_ASSIGN(const auto mark, store::readMark(*m_to, record.id));
        store::Mark nothing;
        nothing.id = record.id;
        return mark == nothing ? Result<void>() : store::MarkWriter(*m_to).clear(record.id);
    }

    Result<void> update(const model::RunDetail& detail, const std::vector<NamedSeries>& series) {
        m_result.outcome = Copied::Unchanged;
        const RunId& id = detail.record.id;
        store::RunReader reader(*m_to);
        RUNGLASS_ASSIGN(const auto before, reader.detail(id));
        std::vector<model::Series> known;
        bool grownOnly = true;
        for (const auto& one : series) {
            auto points = reader.series(id, one.key);
            if (!points && points.error().code != ErrorCode::NotFound) {
                return std::move(points).error();
            }
            known.push_back(points ? std::move(points).value() : model::Series());
            grownOnly = grownOnly && beginsWith(one.points, known.back());
        }
        if (!grownOnly) {
            return replace(before, detail, series);
        }
        for (std::size_t i = 0; i < series.size(); ++i) {
            RUNGLASS_TRY(append(id, series[i].key, series[i].points, known[i].size()));
        }
        RUNGLASS_TRY(addMissing(before.record, detail.record));
        RUNGLASS_TRY(updateArtifacts(before, detail));
        if (toldStatus(before.record) != toldStatus(detail.record) ||
            (!detail.record.toldStatus && before.record.endTimeMs != detail.record.endTimeMs)) {
            m_result.outcome = Copied::Updated;
            RUNGLASS_TRY(finish(detail));
        }
        return {};
    }

    /// A series was written anew, so the run is made anew; what a person has said of the copy stays.
    Result<void> replace(const model::RunDetail& before, model::RunDetail detail,
                         const std::vector<NamedSeries>& series) {
        detail.record.name = before.record.name;
        detail.record.starred = before.record.starred;
        detail.record.archived = before.record.archived;
        detail.record.color = before.record.color;
        detail.note = before.note;
        for (const auto& tag : before.record.tags) {
            std::erase_if(detail.record.tags, [&](const model::KeyValue& one) { return one.key == tag.key; });
            detail.record.tags.push_back(tag);
        }
        detail.record.sortKeys();
        for (auto& artifact : detail.artifacts) {  // what has been copied stays
            const auto known = std::ranges::find(before.artifacts, artifact.path, &model::Artifact::path);
            if (known != before.artifacts.end() && isSame(*known, artifact)) {
                artifact = *known;
            }
        }
        RUNGLASS_TRY(m_writer.deleteRun(detail.record.id));
        RUNGLASS_TRY(create(detail, series));
        m_result.outcome = Copied::Updated;
        return {};
    }

    Result<void> append(const RunId& id, const std::string& key, const model::Series& points,
                        std::size_t from) {
        std::vector<store::MetricPoint> some;
        for (std::size_t i = from; i < points.size();) {
            const auto count = std::min(kPointsAtOnce, points.size() - i);
            some.clear();
            for (const auto end = i + count; i < end; ++i) {
                some.push_back({key, points.at(i)});
            }
            RUNGLASS_TRY(m_writer.appendPoints(id, some));
            m_result.points += count;
            m_result.outcome = m_result.outcome == Copied::Unchanged ? Copied::Updated : m_result.outcome;
        }
        return {};
    }

    /// The table shows what it showed of the run where it came from: its tool may have a rule of its own for
    /// which point is the last.
    Result<void> keepLatest(const model::RunRecord& record, const std::vector<NamedSeries>& series) {
        store::TrackedRuns tracked(*m_to);
        RUNGLASS_ASSIGN(const auto copy, tracked.record(record.id));
        RUNGLASS_ASSIGN(const auto known, tracked.latestPoints(record.id));
        for (const auto& [key, points] : series) {
            const auto* const told = record.metric(Symbol(key));
            const auto* const shown = copy->metric(Symbol(key));
            if (told == nullptr || shown == nullptr || points.empty() || told->count != points.size()) {
                continue;  // it grew between two looks: the next import knows more
            }
            const auto latest = lastOf(*told);
            const bool isRule = !samePoint(latest, points.at(points.size() - 1));
            if (samePoint(latest, lastOf(*shown)) && isRule == known.contains(key)) {
                continue;
            }
            RUNGLASS_TRY(m_writer.setLatest(record.id, key, latest));
            RUNGLASS_TRY(
                tracked.setLatestPoint(record.id, key, isRule ? std::optional(latest) : std::nullopt));
            m_result.outcome = m_result.outcome == Copied::New ? Copied::New : Copied::Updated;
        }
        return {};
    }

    /// What the run printed: with times and streams where it is one of ours, else as its tool has kept it.
    Result<void> copyConsole(const RunId& id, const std::optional<std::string>& text) {
        const auto to = store::Layout(m_to->project()).runFolder(id);
        bool news = false;
        if (!text) {
            RUNGLASS_ASSIGN(news, launch::copyConsole(m_from->runFolder(id), to));
        } else if (!text->empty()) {
            RUNGLASS_ASSIGN(news, launch::writeConsole(to, *text));
        }
        m_result.outcome = news && m_result.outcome == Copied::Unchanged ? Copied::Updated : m_result.outcome;
        return {};
    }

    /// Params and tags that the copy lacks. Tags that it has may have been edited: they stay.
    Result<void> addMissing(const model::RunRecord& before, const model::RunRecord& now) {
        std::vector<model::Variable> params;
        for (const auto& param : now.params) {
            if (!before.param(param.key)) {
                params.emplace_back(param.key.str(), param.value.str());
            }
        }
        if (!params.empty()) {
            m_result.outcome = Copied::Updated;
            RUNGLASS_TRY(m_writer.setParams(now.id, params));
        }
        for (const auto& tag : now.tags) {
            if (!before.tag(tag.key)) {
                m_result.outcome = Copied::Updated;
                RUNGLASS_TRY(m_writer.setTag(now.id, tag.key.text(), tag.value.text()));
            }
        }
        return {};
    }

    Result<void> finish(const model::RunDetail& detail) {
        const auto& record = detail.record;
        const auto told = toldStatus(record);
        if (!model::isTerminal(told) || !record.endTimeMs) {
            return m_writer.setStatus(record.id, told, record.startTimeMs);
        }
        store::RunEnd end;
        end.status = told;
        end.exitCode = record.exitCode;
        end.signal = record.signal;
        end.timeMs = *record.endTimeMs;
        end.userSeconds = detail.userSeconds;
        end.systemSeconds = detail.systemSeconds;
        end.peakMemoryBytes = detail.peakMemoryBytes;
        return m_writer.endRun(record.id, end);
    }

    /// One whose name is a folder's (or the other way round) is left out.
    Result<void> putArtifact(const RunId& id, const model::Artifact& artifact) {
        auto put = store::ArtifactFiles(*m_to).put(id, artifact);
        if (!put.ok() && put.error().code == ErrorCode::Invalid) {
            m_result.problems.push_back(put.error().message);
            return {};
        }
        return put;
    }

    /// Artifacts that have come or changed since, as references.
    Result<void> updateArtifacts(const model::RunDetail& before, const model::RunDetail& now) {
        for (const auto& artifact : now.artifacts) {
            const auto known = std::ranges::find(before.artifacts, artifact.path, &model::Artifact::path);
            if (known == before.artifacts.end() || !isSame(*known, artifact)) {
                m_result.outcome = Copied::Updated;
                RUNGLASS_TRY(putArtifact(now.record.id, artifact));
            }
        }
        return {};
    }

    Result<void> copyArtifacts(const RunId& id, const std::vector<model::Artifact>& artifacts) {
        RUNGLASS_ASSIGN(const auto stored, store::ArtifactFiles(*m_to).ofRun(id));
        for (const auto& artifact : artifacts) {
            const auto known = std::ranges::find(stored, artifact.path, &model::Artifact::path);
            if (known != stored.end() && !known->sha256.empty() && isSame(*known, artifact)) {
                continue;
            }
            const auto content = copyContent(id, artifact);
            if (!content && content.error().code == ErrorCode::Cancelled) {
                return content.error();
            }
            if (!content) {
                if (m_result.missingArtifacts++ == 0) {
                    m_result.firstMissing = artifact.path + ": " + content.error().message;
                }
                continue;
            }
            auto copied = artifact;
            copied.sha256 = content->sha256;
            copied.size = content->size;
            RUNGLASS_TRY(putArtifact(id, copied));
            m_result.outcome = m_result.outcome == Copied::New ? Copied::New : Copied::Updated;
        }
        return {};
    }

    /// Into the store of the database, whatever its size; what is no file of its own is not large.
    Result<store::ArtifactUpload::Stored> copyContent(const RunId& id, const model::Artifact& artifact) {
        RUNGLASS_ASSIGN(auto upload, store::ArtifactUpload::begin(m_to->project()));
        const auto file = m_from->openArtifact(id, artifact);
        if (file) {
            RUNGLASS_TRY(sources::forEachPiece(
                *file, [&](std::string_view piece) { return upload.write(piece); }, m_stop));
        } else {
            RUNGLASS_ASSIGN(const auto content, m_from->artifact(id, artifact, kMaxEmbedded, m_stop));
            RUNGLASS_TRY(upload.write(content));
        }
        return upload.finish();
    }

    sources::ProjectRuns* m_from;
    store::Database* m_to;
    store::RunWriter m_writer;
    const CopyOptions* m_options;
    std::stop_token m_stop;
    CopyResult m_result;
};

/// Whether what could not be written is at fault, and not where it was to be written.
bool isOfOneRun(ErrorCode code) {
    return code == ErrorCode::Invalid || code == ErrorCode::TooLarge || code == ErrorCode::NotFound ||
           code == ErrorCode::Exists || code == ErrorCode::Permission || code == ErrorCode::Unsupported;
}

void add(const CopyResult& result, CopyTally& tally) {
    tally.imported += result.outcome == Copied::New ? 1 : 0;
    tally.updated += result.outcome == Copied::Updated ? 1 : 0;
    tally.unchanged += result.outcome == Copied::Unchanged ? 1 : 0;
    tally.points += result.points;
    tally.firstMissing = tally.missingArtifacts == 0 ? result.firstMissing : tally.firstMissing;
    tally.missingArtifacts += result.missingArtifacts;
    tally.problems.insert(tally.problems.end(), result.problems.begin(), result.problems.end());
}

}  // namespace

Result<CopyResult> copyRun(sources::ProjectRuns& from, const RunId& id, store::Database& to,
                           const CopyOptions& options, std::stop_token stop) {
    Copier copier(from, to, options, std::move(stop));
    RUNGLASS_ASSIGN(auto source, copier.read(id));
    return copier.write(std::move(source));
}

Result<void> copyRuns(sources::ProjectRuns& from, std::span<const RunId> ids, store::Database& to,
                      CopyTally& tally, const CopyOptions& options, const std::stop_token& stop) {
    for (const RunId& id : ids) {
        Copier copier(from, to, options, stop);
        auto source = copier.read(id);
        if (!source.ok() && source.error().code == ErrorCode::Cancelled) {
            return source.error();
        }
        if (!source.ok()) {
            tally.failures.push_back({id, source.error()});
            continue;
        }
        const auto copied = copier.write(std::move(*source));
        if (copied.ok()) {
            add(*copied, tally);
        } else if (isOfOneRun(copied.error().code)) {
            tally.failures.push_back({id, copied.error()});
        } else {
            return copied.error();
        }
    }
    return {};
}

}  // namespace runglass::exchange
