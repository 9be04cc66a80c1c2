// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/exchange/copy_run.h"

#include <algorithm>
#include <bit>

#include "runglass/base/clock.h"
#include "runglass/base/translate.h"
#include "runglass/store/layout.h"
#include "runglass/store/marks.h"
#include "runglass/store/run_reader.h"
#include "runglass/store/run_writer.h"

namespace runglass::exchange {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPointsAtOnce = 65'536;

struct NamedSeries {
    std::string key;
    model::Series points;
};

bool samePoint(const model::Point& a, const model::Point& b) {
    return a.step == b.step && a.timeMs == b.timeMs &&
           std::bit_cast<std::uint64_t>(a.value) == std::bit_cast<std::uint64_t>(b.value);
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

class Copier {
public:
    Copier(sources::ProjectRuns& from, const fs::path& fromProject, store::Database& to,
           const CopyOptions& options, std::stop_token stop)
        : m_from(&from)
        , m_fromProject(&fromProject)
        , m_to(&to)
        , m_writer(to)
        , m_options(&options)
        , m_stop(std::move(stop)) {}

    Result<CopyResult> run(const RunId& id) {
        RUNGLASS_ASSIGN(const auto detail, m_from->detail(id));
        RUNGLASS_ASSIGN(const auto series, readSeries(detail.record));
        RUNGLASS_ASSIGN(const bool known, store::RunReader(*m_to).contains(id));
        RUNGLASS_TRY(m_writer.transaction(
            [&]() -> Result<void> { return known ? update(detail, series) : create(detail, series); }));
        if (m_options->artifacts) {
            RUNGLASS_TRY(copyArtifacts(detail));
        }
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
        if (before.record.status != detail.record.status ||
            before.record.endTimeMs != detail.record.endTimeMs) {
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
        if (!model::isTerminal(record.status) || !record.endTimeMs) {
            return m_writer.setStatus(record.id, record.status, record.startTimeMs);
        }
        store::RunEnd end;
        end.status = record.status;
        end.exitCode = record.exitCode;
        end.signal = record.signal;
        end.timeMs = *record.endTimeMs;
        end.userSeconds = detail.userSeconds;
        end.systemSeconds = detail.systemSeconds;
        end.peakMemoryBytes = detail.peakMemoryBytes;
        return m_writer.endRun(record.id, end);
    }

    Result<void> copyArtifacts(const model::RunDetail& detail) {
        for (const auto& artifact : detail.artifacts) {
            const auto file = fileOf(detail, artifact);
            if (!file) {
                m_result.problems.push_back(tr("The artifact {} was not found.", artifact.path));
                continue;
            }
            const auto added = m_writer.addArtifact(detail.record.id, *file, artifact.path);
            if (!added) {
                m_result.problems.push_back(added.error().message);
            }
        }
        return {};
    }

    /// Where an artifact lies: in the run database's store, or below one of the places that tools use.
    [[nodiscard]] std::optional<fs::path> fileOf(const model::RunDetail& detail,
                                                 const model::Artifact& artifact) const {
        const fs::path name(artifact.path);
        const bool escapes = name.is_absolute() || std::ranges::find(name, "..") != name.end();
        std::vector<fs::path> places;
        if (!artifact.sha256.empty()) {
            places.push_back(store::Layout(*m_fromProject).artifact(artifact.sha256));
        }
        std::vector<std::string> locations{detail.record.location};
        for (const auto& origin : detail.origins) {
            locations.push_back(origin.location);
        }
        for (const auto& location : locations) {
            const fs::path base = *m_fromProject / location;
            for (const char* below : {"", "artifacts", "files"}) {
                places.push_back(base / below / name);
            }
        }
        for (std::size_t i = 0; i < places.size(); ++i) {
            std::error_code ignored;
            const bool stored = i == 0 && !artifact.sha256.empty();
            if ((stored || !escapes) && fs::is_regular_file(fs::symlink_status(places[i], ignored))) {
                return places[i];
            }
        }
        return std::nullopt;
    }

    sources::ProjectRuns* m_from;
    const fs::path* m_fromProject;
    store::Database* m_to;
    store::RunWriter m_writer;
    const CopyOptions* m_options;
    std::stop_token m_stop;
    CopyResult m_result;
};

}  // namespace

Result<CopyResult> copyRun(sources::ProjectRuns& from, const fs::path& fromProject, const RunId& id,
                           store::Database& to, const CopyOptions& options, std::stop_token stop) {
    return Copier(from, fromProject, to, options, std::move(stop)).run(id);
}

}  // namespace runglass::exchange
