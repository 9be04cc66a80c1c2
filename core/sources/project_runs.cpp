// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/sources/project_runs.h"

#include <algorithm>

#include "merge.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/sources/client_files.h"
#include "runglass/sources/format.h"
#include "runglass/sources/growing_file.h"
#include "runglass/sources/run_models.h"
#include "runglass/store/aside_log.h"
#include "runglass/store/experiments.h"
#include "runglass/store/kept_models.h"
#include "runglass/store/layout.h"
#include "runglass/store/marks.h"
#include "runglass/store/point_set.h"
#include "runglass/store/run_reader.h"
#include "runglass/store/written_files.h"

namespace runglass::sources {
namespace {

Error noSuchRun(const RunId& id) {
    return {ErrorCode::NotFound, tr("There is no run {}.", id.shortHex()), {}};
}

Error notStored(std::string_view path) {
    return {
        ErrorCode::NotFound, tr("The content of {} is not stored with the project.", toValidUtf8(path)), {}};
}

void addNewArtifacts(std::vector<model::Artifact>& known, const std::vector<model::Artifact>& more) {
    for (const auto& artifact : more) {
        if (std::ranges::find(known, artifact.path, &model::Artifact::path) == known.end()) {
            known.push_back(artifact);
        }
    }
}

/// What a launched run has written with other tools.
/// What it logged there is gone with the file: said, since its curves are not there any more.
void addWrittenOver(model::RunDetail& detail, const std::filesystem::path& project) {
    const auto written = store::readWrittenFiles(store::Layout(project), detail.record.id);
    for (const auto& kept : written ? written->kept : std::vector<store::KeptFile>()) {
        const auto now = FileStamp::of(kept.path);
        if (now.size != kept.size || now.modifiedNs != kept.modifiedNs) {
            detail.problems.push_back(
                tr("{} was written over or removed after the run. What the run logged "
                   "there cannot be shown.",
                   toValidUtf8(kept.path.lexically_proximate(project).native())));
        }
    }
}

void completeDetail(model::RunDetail& detail, const Catalogue& catalogue) {
    const auto attached = catalogue.attached(detail.record.id);
    if (!attached) {
        return;
    }
    detail.record = withAttached(std::move(detail.record), *attached);
    auto more = catalogue.detail(detail.record.id);
    if (!more) {
        detail.problems.push_back(more.error().message);
        return;
    }
    addNewArtifacts(detail.artifacts, more->artifacts);
    detail.datasets.insert(detail.datasets.end(), more->datasets.begin(), more->datasets.end());
    detail.problems.insert(detail.problems.end(), more->problems.begin(), more->problems.end());
    detail.remarks.insert(detail.remarks.end(), more->remarks.begin(), more->remarks.end());
    detail.note = detail.note.empty() ? std::move(more->note) : std::move(detail.note);
}

bool isSha256(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

ProjectRuns::ProjectRuns(std::filesystem::path project, std::shared_ptr<const Catalogue> catalogue, Look look)
    : m_project(std::move(project))
    , m_catalogue(std::move(catalogue))
    , m_kept(m_project)
    , m_look(look) {}

Result<store::Database*> ProjectRuns::database() {
    if (!m_opened) {
        auto opened = store::Database::open(m_project, store::OpenMode::ReadOnly);
        if (opened) {
            m_database.emplace(std::move(opened).value());
        } else if (opened.error().code != ErrorCode::NotFound) {
            return std::move(opened).error();
        }
        m_opened = true;
    }
    return m_database ? &*m_database : nullptr;
}

Result<bool> ProjectRuns::isOwn(const RunId& id) {
    RUNGLASS_ASSIGN(auto* const own, database());
    if (own == nullptr || m_look != Look::Everywhere) {
        return false;
    }
    m_kept.poll();
    return m_kept.concerns(id) ? Result<bool>(true) : store::RunReader(*own).contains(id);
}

Result<model::RunDetail> ProjectRuns::ownDetail(const RunId& id) {
    auto detail = store::RunReader(*m_database).detail(id);
    if (m_kept.concerns(id) && (detail.ok() || detail.error().code == ErrorCode::NotFound)) {
        auto seen =
            m_kept.detail(id, detail ? std::optional(std::move(detail).value()) : std::nullopt, *m_database);
        detail = seen ? Result<model::RunDetail>(std::move(*seen)) : noSuchRun(id);
    }
    if (detail.ok() && store::isAnythingAside(m_project)) {
        // Where these cannot be read now, the files of models come later.
        if (auto files = store::readKeptFiles(m_project, id); files.ok()) {
            detail->artifacts = std::move(files).value();
        }
    }
    return detail;
}

/// Points that are kept follow those that are stored. What has just been stored may be kept for a moment,
/// too.
Result<model::Series> ProjectRuns::ownSeries(const RunId& id, std::string_view key, std::size_t from,
                                             const std::stop_token& stop) {
    store::RunReader reader(*m_database);
    const auto* const kept = m_kept.points(id, key);
    if (kept == nullptr) {
        return reader.series(id, key, from, stop);
    }
    auto series = reader.series(id, key, 0, stop);
    if (!series && series.error().code != ErrorCode::NotFound) {
        return series;
    }
    auto points = std::move(series).valueOr({});
    const auto known = store::foundIn(points, *kept);
    for (const auto& point : *kept) {
        if (!known.contains(point)) {
            points.push(point);
        }
    }
    model::Series fresh;
    fresh.append(model::SeriesView(points).sub(std::min(from, points.size()),
                                               points.size() - std::min(from, points.size())));
    return fresh;
}

Result<model::RunDetail> ProjectRuns::detail(const RunId& id) {
    RUNGLASS_ASSIGN(const bool own, isOwn(id));
    if (own) {
        RUNGLASS_ASSIGN(auto detail, ownDetail(id));
        if (m_catalogue) {
            if (auto origins = m_catalogue->origins(id); !origins.empty()) {
                detail.origins = std::move(origins);
            }
            completeDetail(detail, *m_catalogue);
            addWrittenOver(detail, m_project);
        }
        addClientFiles(detail);
        return detail;
    }
    if (!m_catalogue || !m_catalogue->has(id)) {
        return noSuchRun(id);
    }
    RUNGLASS_ASSIGN(auto detail, m_catalogue->detail(id));
    if (m_database) {
        const auto mark = store::readMark(*m_database, id);
        if (!mark && mark.error().code != ErrorCode::Damaged) {
            return mark.error();
        }
        if (!mark) {
            detail.problems.push_back(
                tr("What was noted of this run, such as its tags, is damaged in the run database."));
            return detail;
        }
        detail.record = mark->over(std::move(detail.record));
        detail.note = mark->note.value_or(detail.note);
    }
    return detail;
}

Result<model::Series> ProjectRuns::series(const RunId& id, std::string_view key, std::size_t from,
                                          std::stop_token stop) {
    RUNGLASS_ASSIGN(const bool own, isOwn(id));
    if (own) {
        auto series = ownSeries(id, key, from, stop);
        const auto attached = series || !m_catalogue ? nullptr : m_catalogue->attached(id);
        const auto metric = attached ? attachedMetric(*attached, key) : std::nullopt;
        return metric ? m_catalogue->series(id, metric->text(), from, std::move(stop)) : std::move(series);
    }
    return m_catalogue ? m_catalogue->series(id, key, from, std::move(stop))
                       : Result<model::Series>(noSuchRun(id));
}

/// Where the client of a run's experiment writes artifacts by itself, if it does.
std::string ProjectRuns::locationOf(const model::RunRecord& run) {
    const auto experiment = store::Experiments(*m_database).byName(run.experiment.text());
    return experiment && *experiment ? (*experiment)->artifactLocation : std::string();
}

void ProjectRuns::addClientFiles(model::RunDetail& detail) {
    const auto files = listClientFiles(locationOf(detail.record), detail.record.id);
    if (files) {
        addNewArtifacts(detail.artifacts, *files);
    } else {
        detail.problems.push_back(files.error().message);
    }
}

Result<ArtifactFile> ProjectRuns::openClientArtifact(const RunId& id, const model::Artifact& artifact) {
    RUNGLASS_ASSIGN(const bool own, isOwn(id));
    if (!own || !artifact.sha256.empty()) {
        return notStored(artifact.path);
    }
    RUNGLASS_ASSIGN(const auto detail, store::RunReader(*m_database).detail(id));
    return openClientFile(locationOf(detail.record), id, artifact.path);
}

Result<ArtifactFile> ProjectRuns::openArtifact(const RunId& id, const model::Artifact& artifact) {
    // A digest from a database that somebody else wrote must not become a path.
    if (isSha256(artifact.sha256)) {
        const auto stored = store::Layout(m_project).artifact(artifact.sha256);
        if (auto file = openArtifactIn({stored.parent_path(), {}}, stored.filename().native())) {
            return file;
        }
    }
    if (m_catalogue && m_catalogue->has(id)) {
        return m_catalogue->openArtifact(id, artifact.path);
    }
    if (auto file = openClientArtifact(id, artifact)) {
        return file;
    }
    return whereItCameFrom<ArtifactFile>(id, artifact.path, [&](Reader& reader, std::string_view key) {
        return reader.openArtifact(key, artifact.path);
    });
}

/// What `open(reader, key)` gives of the first place that an imported run was read from and still has it.
template <typename T, typename Open>
Result<T> ProjectRuns::whereItCameFrom(const RunId& id, std::string_view path, Open&& open) {
    RUNGLASS_ASSIGN(const bool own, isOwn(id));
    if (!own) {
        return notStored(path);
    }
    RUNGLASS_ASSIGN(const auto copy, store::RunReader(*m_database).detail(id));
    for (const auto& origin : copy.origins) {
        const auto format = std::ranges::find_if(
            formats(), [&](const auto& one) { return one->name() == origin.source.text(); });
        if (!origin.isHere || format == formats().end()) {
            continue;
        }
        const auto reader = (*format)->open((m_project / origin.location).lexically_normal());
        if (auto found = open(*reader, origin.key)) {
            return found;
        }
    }
    return notStored(path);
}

Result<std::string> ProjectRuns::artifact(const RunId& id, const model::Artifact& artifact,
                                          std::uint64_t limit, const std::stop_token& stop) {
    if (const auto file = openArtifact(id, artifact)) {
        return readArtifact(*file, limit, stop);
    }
    if (m_catalogue && m_catalogue->has(id)) {
        return m_catalogue->artifact(id, artifact.path, limit, stop);
    }
    return whereItCameFrom<std::string>(id, artifact.path, [&](Reader& reader, std::string_view key) {
        return reader.artifact(key, artifact.path, limit);
    });
}

Result<std::optional<std::string>> ProjectRuns::foreignConsole(const RunId& id) {
    RUNGLASS_ASSIGN(const bool own, isOwn(id));
    std::error_code ignored;
    const bool kept = own && std::filesystem::exists(runFolder(id) / "console.idx", ignored);
    if (kept || !m_catalogue || !m_catalogue->has(id)) {
        return std::optional<std::string>();
    }
    RUNGLASS_ASSIGN(auto text, m_catalogue->console(id));
    return std::optional(std::move(text));
}

std::filesystem::path ProjectRuns::runFolder(const RunId& id) const {
    return store::Layout(m_project).runFolder(id);
}

Result<model::RunModels> ProjectRuns::models(const RunId& id) const {
    return readModels(m_project, m_catalogue.get(), id);
}

bool ProjectRuns::damaged() const {
    return m_database && m_database->report().damaged;
}

}  // namespace runglass::sources
