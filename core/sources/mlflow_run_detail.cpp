// SPDX-License-Identifier: GPL-3.0-or-later
#include "mlflow_run_detail.h"

#include <algorithm>

#include "artifact_list.h"
#include "mlflow_links.h"
#include "mlflow_metric_file.h"
#include "mlflow_run.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/model/logged_model.h"

namespace runglass::sources {
namespace {

constexpr std::uint64_t kPiece = 4U << 20U;

void addDatasets(const FolderHandle& run, const FolderHandle& experiment, model::RunDetail& detail) {
    forEachMlflowMeta(run.sub("inputs"), [&](const std::string&, const MlflowMeta& link) {
        if (link.text("source_type") != "DATASET") {
            return;
        }
        if (const auto meta =
                mlflowMetaIn(experiment.sub("datasets/" + std::string(link.text("source_id"))))) {
            detail.datasets.push_back({toValidUtf8(meta->text("name")), toValidUtf8(meta->text("digest")),
                                       mlflowDatasetLocation(meta->text("source")),
                                       toValidUtf8(meta->text("profile"))});
        }
    });
}

}  // namespace

model::RunDetail mlflowRunDetail(const FolderHandle& store, const std::filesystem::path& storePath,
                                 const std::string& path, const Part& part) {
    model::RunDetail detail;
    detail.record = part.record;
    MlflowTags tags;
    for (const auto& tag : part.record.tags) {
        tags.emplace_back(tag.key.str(), tag.value.str());
    }
    fillDetail(tags, detail);

    const auto run = store.sub(path);
    const auto experimentPath = path.substr(0, path.rfind('/'));
    const auto experiment = store.sub(experimentPath);
    addDatasets(run, experiment, detail);
    listArtifacts(mlflowArtifactFolders(store, storePath, path), detail.artifacts);
    return detail;
}

std::vector<ArtifactFolder> mlflowArtifactFolders(const FolderHandle& store,
                                                  const std::filesystem::path& storePath,
                                                  const std::string& path) {
    std::vector<ArtifactFolder> folders;
    const auto run = store.sub(path);
    const auto experimentPath = path.substr(0, path.rfind('/'));
    const auto experiment = store.sub(experimentPath);
    const auto meta = mlflowMetaIn(run);
    auto own =
        mlflowArtifactFolder(meta ? meta->text("artifact_uri") : std::string_view(), storePath.parent_path(),
                             path.substr(path.rfind('/') + 1), {storePath / path / "artifacts"});
    if (!own.empty()) {
        folders.push_back({std::move(own), {}});
    }
    std::vector<model::LoggedModel> models;
    forEachMlflowMeta(run.sub("outputs"), [&](const std::string&, const MlflowMeta& link) {
        const auto id = std::string(link.text("destination_id"));
        if (const auto folder = experiment.sub("models/" + id); folder.valid()) {
            const auto modelMeta = mlflowMetaIn(folder);
            auto& model = models.emplace_back();
            model.id = id;
            model.name = modelMeta ? modelMeta->text("name") : std::string_view();
        }
    });
    for (const auto& model : models) {
        folders.push_back(
            {storePath / experimentPath / "models" / model.id / "artifacts", artifactPrefix(model, models)});
    }
    return folders;
}

bool MlflowBookmark::leadsOn(const FolderHandle& folder, const char* name, std::size_t from) const {
    const auto now = folder.markOf(name);
    std::string before;
    return points > 0 && points == from && now.sameFile(mark) && now.size >= offset &&
           folder.read(name, before, witness.size(), offset - witness.size()) && before == witness;
}

Result<model::Series> mlflowFileSeries(const FolderHandle& run, std::string_view metric, std::size_t from,
                                       MlflowBookmark& bookmark, std::stop_token stop) {
    const auto slash = metric.rfind('/');
    const auto folder =
        run.sub(slash == std::string_view::npos ? std::string("metrics")
                                                : "metrics/" + std::string(metric.substr(0, slash)));
    const std::string name(slash == std::string_view::npos ? metric : metric.substr(slash + 1));
    const Error missing{ErrorCode::NotFound, tr("The run has no metric {}.", toValidUtf8(metric)), {}};
    if (!folder.valid() || name.empty() || name == "." || name == "..") {
        return missing;
    }
    model::Series series;
    std::string content;
    auto at = bookmark.leadsOn(folder, name.c_str(), from) ? bookmark : MlflowBookmark();
    for (;;) {
        if (stop.stop_requested()) {
            return Error{ErrorCode::Cancelled, tr("Cancelled."), {}};
        }
        const auto mark = folder.read(name.c_str(), content, kPiece, at.offset);
        if (!mark) {
            return missing;
        }
        const bool atEnd = at.offset + content.size() >= mark->size;
        const bool takeLast = takesUnterminatedLine(*mark, content, atEnd);
        const auto done = forEachMetricLine(
            content, takeLast, at.end,
            [&](const model::Point& point) {
                if (at.points++ >= from) {
                    series.push(point);
                }
            },
            [](std::size_t) {});
        constexpr std::size_t kWitnessBytes = 64;
        at.offset += done;
        at.mark = *mark;
        if (done > 0) {
            const auto length = std::min(done, kWitnessBytes);
            at.witness = content.substr(done - length, length);
        }
        if (atEnd || done == 0) {
            bookmark = at.end.unterminated ? MlflowBookmark() : std::move(at);
            return series;
        }
    }
}

}  // namespace runglass::sources
