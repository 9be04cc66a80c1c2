// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "artifact_path.h"
#include "catalog_edit.h"
#include "logged_model_json.h"
#include "protocol_error.h"
#include "refused_sink.h"
#include "registry_json.h"
#include "router.h"
#include "run_json.h"
#include "runglass/base/clock.h"
#include "runglass/store/artifact_files.h"
#include "runglass/store/layout.h"
#include "validation.h"

namespace runglass::tracking {

namespace {

Error noSuchArtifact(std::string_view path) {
    return noSuchThing(fmt::format("No such artifact: '{}'", path.substr(0, 500)));
}

/// A file on its way in: to the disk piece by piece, into the database when it is complete.
class UploadSink final : public BodySink {
public:
    UploadSink(Service& service, ArtifactPath path)
        : m_service(&service)
        , m_path(std::move(path)) {}

    bool take(std::string_view piece) override {
        if (!m_failure && !m_upload) {
            begin();
        }
        if (!m_failure) {
            const auto written = m_upload->write(piece);
            if (!written.ok()) {
                m_failure = written.error();
                m_upload.reset();
            }
        }
        // Once it has failed the rest goes by, however long: a client whose connection breaks off takes that
        // for a fault of the network and sends everything again, and does not get to say that the disk is
        // full.
        return true;
    }

    Response finish() override {
        if (!m_failure && !m_upload) {
            begin();  // an empty file
        }
        if (m_failure) {
            return errorResponse(*m_failure);
        }
        const auto stored = m_upload->finish();
        if (!stored.ok()) {
            return errorResponse(stored.error());
        }
        const model::Artifact artifact{m_path.path, stored->sha256, stored->size, nowMs()};
        const auto written = m_path.run ? putIntoRun(artifact) : putLoose(artifact);
        return written.ok() ? emptyResponse() : errorResponse(written.error());
    }

private:
    Result<void> putLoose(const model::Artifact& artifact) {
        const auto put = m_service->change(
            [&](ReadSession& /*session*/) { return Result<store::CatalogChanges>({artifact}); },
            store::Durability::Decision);
        return put.ok() ? Result<void>() : put.error();
    }
    Result<void> putIntoRun(const model::Artifact& artifact) {
        store::RunChange change;
        change.run = *m_path.run;
        change.timeMs = artifact.timeMs;
        change.artifacts.push_back(artifact);
        return m_service->change(change);
    }

    void begin() {
        auto upload = store::ArtifactUpload::begin(m_service->project());
        if (upload.ok()) {
            m_upload = std::move(upload).value();
        } else {
            m_failure = upload.error();
        }
    }

    Service* m_service;
    ArtifactPath m_path;
    std::optional<store::ArtifactUpload> m_upload;
    std::optional<Error> m_failure;
};

std::unique_ptr<BodySink> uploadTo(Service& service, Result<ArtifactPath> path) {
    if (path.ok() && path->path.empty()) {
        path = invalid("Invalid path: it names no file.");
    }
    if (!path.ok()) {
        return std::make_unique<RefusedSink>(errorResponse(path.error()));
    }
    return std::make_unique<UploadSink>(service, std::move(path).value());
}

std::unique_ptr<BodySink> put(const RequestHead& /*head*/, std::vector<std::string> parts, Service& service) {
    return uploadTo(service, ArtifactPath::parse(parts.back()));
}

Result<ArtifactPath> pathInRun(const Fields& fields) {
    ArtifactPath path;
    RUNGLASS_ASSIGN(path.run, runIdOf(fields));
    RUNGLASS_ASSIGN(auto inner, fields.text("path"));
    while (inner.ends_with('/')) {
        inner.remove_suffix(1);
    }
    if (!inner.empty()) {
        RUNGLASS_TRY(checkArtifactPath(inner));
    }
    path.path = inner;
    return path;
}

std::unique_ptr<BodySink> uploadArtifact(const RequestHead& head, std::vector<std::string> /*parts*/,
                                         Service& service) {
    return uploadTo(service, pathInRun(Fields(head.query)));
}

/// Where the client of a run has been told to put artifacts itself; empty when it gives them to us.
Result<std::string> locationOf(ReadSession& session, const RunId& id) {
    RUNGLASS_ASSIGN(const auto run, session.run(id));
    RUNGLASS_ASSIGN(const auto experiment, session.experimentOf(*run));
    return experiment ? experiment->artifactLocation : std::string();
}

/// By path.
Result<std::vector<model::Artifact>> filesAt(const Service& service, ReadSession& session,
                                             const ArtifactPath& path) {
    if (!path.run) {
        return store::ArtifactFiles(session.catalog()).loose(path.path);
    }
    auto found = session.artifacts(*path.run);
    if (!found.ok()) {
        return found.error().code == ErrorCode::NotFound ? noSuchRun(path.run->hex()) : found;
    }
    RUNGLASS_ASSIGN(const auto location, locationOf(session, *path.run));
    RUNGLASS_ASSIGN(const auto client, service.clientFiles(location, *path.run));
    const auto byPath = [](const model::Artifact& a, const model::Artifact& b) { return a.path < b.path; };
    std::vector<model::Artifact> all;
    // Of two of the same name the one that was given to us.
    std::set_union(found->begin(), found->end(), client.begin(), client.end(), std::back_inserter(all),
                   byPath);
    return Result<std::vector<model::Artifact>>(std::move(all));
}

Error isMissing(const model::Artifact& artifact) {
    return noSuchThing(fmt::format("The content of artifact '{}' is missing.", artifact.path));
}

Result<ReferencedContent> contentOf(const Service& service, const ArtifactPath& path,
                                    const model::Artifact& artifact, std::string_view location) {
    if (artifact.sha256.empty() && path.run) {
        auto content = service.openReferenced(*path.run, artifact);
        if (!content.ok() && content.error().code == ErrorCode::NotFound) {
            content = service.openClientFile(location, *path.run, artifact.path);
        }
        return !content.ok() && content.error().code == ErrorCode::NotFound ? isMissing(artifact)
                                                                            : std::move(content);
    }
    const auto stored = store::Layout(service.project()).artifact(artifact.sha256);
    ReferencedContent content;
    content.file.reset(::open(stored.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    struct stat status {};
    if (!content.file.valid() || ::fstat(content.file.get(), &status) != 0) {
        return isMissing(artifact);
    }
    content.size = static_cast<std::uint64_t>(status.st_size);
    return Result<ReferencedContent>(std::move(content));
}

Result<Response> contentResponse(ReferencedContent content, const std::string& path) {
    Response response;
    response.file = std::move(content.file);
    response.fileSize = content.size;
    response.body = std::move(content.bytes);
    response.contentType = mediaType(path);
    auto name = path.substr(path.rfind('/') + 1);
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '"' || static_cast<unsigned char>(c) >= 0x7F; },
        '_');
    response.downloadName = fmt::format("attachment; filename=\"{}\"", name);
    return Result<Response>(std::move(response));
}

Result<Response> download(Service& service, const ArtifactPath& path) {
    std::string location;
    const auto artifact = service.read([&](ReadSession& session) -> Result<model::Artifact> {
        RUNGLASS_ASSIGN(const auto files, filesAt(service, session, path));
        if (path.run) {
            RUNGLASS_ASSIGN(location, locationOf(session, *path.run));
        }
        const auto it = std::find_if(files.begin(), files.end(),
                                     [&](const model::Artifact& file) { return file.path == path.path; });
        return it == files.end() ? noSuchArtifact(path.path) : Result<model::Artifact>(*it);
    });
    RUNGLASS_TRY(artifact);
    RUNGLASS_ASSIGN(auto content, contentOf(service, path, *artifact, location));
    return contentResponse(std::move(content), artifact->path);
}

Result<Response> get(const Call& call) {
    RUNGLASS_ASSIGN(const auto path, ArtifactPath::parse(call.parts.back()));
    return download(call.service, path);
}

Result<Response> getArtifact(const Call& call) {
    RUNGLASS_ASSIGN(const auto path, pathInRun(call.fields));
    return download(call.service, path);
}

/// Where a version of a registered model lies, as far as it lies here.
Result<ArtifactPath> placeOf(const store::ModelVersion& version) {
    const auto uri = std::string_view(version.location.empty() ? version.source : version.location);
    for (const std::string_view scheme : {"mlflow-artifacts:", "runs:"}) {
        if (uri.starts_with(scheme)) {
            auto place = uri.substr(scheme.size());
            if (place.starts_with("//")) {  // then comes the name of a host
                place = place.substr(std::min(place.find('/', 2), place.size()));
            }
            place = place.substr(place.starts_with('/') ? 1 : 0);
            const auto slash = std::min(place.find('/'), place.size());
            return scheme == "runs:" ? ArtifactPath::parse(fmt::format(
                                           "{}/artifacts{}", place.substr(0, slash), place.substr(slash)))
                                     : ArtifactPath::parse(place);
        }
    }
    return noSuchThing(fmt::format("The files of version {} of '{}' are not kept here, but at '{}'.",
                                   version.version, version.model.substr(0, 200), uri.substr(0, 500)));
}

Result<Response> getVersionArtifact(const Call& call) {
    RUNGLASS_ASSIGN(const auto name, checkedModelName(call.fields, "name"));
    RUNGLASS_ASSIGN(const auto number, versionNumberOf(call.fields));
    RUNGLASS_ASSIGN(const auto inner, call.fields.required("path"));
    RUNGLASS_TRY(checkArtifactPath(inner));
    const auto version = call.service.read(
        [&](ReadSession& session) { return store::ModelRegistry(session.catalog()).version(name, number); });
    if (!version.ok()) {
        return version.error().code == ErrorCode::NotFound
                   ? noSuchThing(fmt::format("Model Version (name={}, version={}) not found",
                                             name.substr(0, 200), number))
                   : version.error();
    }
    RUNGLASS_ASSIGN(auto path, placeOf(*version));
    path.path += fmt::format("{}{}", path.path.empty() ? "" : "/", inner);
    return download(call.service, path);
}

Result<Response> getModelArtifact(const Call& call) {
    const auto& id = call.parts.front();
    RUNGLASS_ASSIGN(const auto inner, call.fields.required("artifact_file_path"));
    RUNGLASS_TRY(checkArtifactPath(inner));
    const auto model = call.service.read(
        [&](ReadSession& session) { return found(store::LoggedModels(session.catalog()).byId(id), id); });
    RUNGLASS_TRY(model);
    ArtifactPath path;
    path.path = fmt::format("{}/{}", artifactPath(*model), inner);
    return download(call.service, path);
}

void writeEntries(JsonOut& out, const std::vector<ArtifactEntry>& entries, std::string_view prefix) {
    if (entries.empty()) {
        return;
    }
    out.beginArray("files");
    for (const auto& entry : entries) {
        out.beginObject();
        out.text("path", fmt::format("{}{}", prefix, entry.name));
        out.boolean("is_dir", entry.isFolder);
        if (!entry.isFolder) {
            out.integer("file_size", entry.size);
        }
        out.endObject();
    }
    out.endArray();
}

/// Names alone: the client knows where it asked.
Result<Response> listByPath(const Call& call) {
    RUNGLASS_ASSIGN(const auto text, call.fields.text("path"));
    RUNGLASS_ASSIGN(const auto path, ArtifactPath::parse(text));
    return call.service.read([&](ReadSession& session) -> Result<Response> {
        // What is not there has nothing in it: a client lists a path to learn whether it is a folder.
        const auto found = filesAt(call.service, session, path);
        if (!found.ok() && found.error().code != ErrorCode::NotFound) {
            return found.error();
        }
        const auto files = found.valueOr({});
        JsonOut out;
        out.beginObject();
        writeEntries(out, entriesOf(files, path.path), {});
        out.endObject();
        return jsonResponse(std::move(out));
    });
}

/// Paths from the root of the run.
Result<Response> listOfRun(const Call& call) {
    RUNGLASS_ASSIGN(const auto path, pathInRun(call.fields));
    return call.service.read([&](ReadSession& session) -> Result<Response> {
        RUNGLASS_ASSIGN(const auto files, filesAt(call.service, session, path));
        RUNGLASS_ASSIGN(const auto run, session.run(*path.run));
        RUNGLASS_ASSIGN(const auto root, RunJson(session, call.service.ownRun()).artifactUri(*run));
        JsonOut out;
        out.beginObject();
        out.text("root_uri", root);
        writeEntries(out, entriesOf(files, path.path),
                     path.path.empty() ? std::string() : fmt::format("{}/", path.path));
        out.endObject();
        return jsonResponse(std::move(out));
    });
}

Result<Response> remove(const Call& call) {
    RUNGLASS_ASSIGN(const auto path, ArtifactPath::parse(call.parts.back()));
    if (!path.run) {
        const auto removed = call.service.change(
            [&](ReadSession& /*session*/) -> Result<store::CatalogChanges> {
                return store::CatalogChanges{editOf(What::FilesGone, path.path)};
            },
            store::Durability::Decision);
        return removed.ok() ? Result<Response>(emptyResponse()) : removed.error();
    }
    store::RunChange change;
    change.run = *path.run;
    change.timeMs = nowMs();
    change.removedFiles.push_back(path.path);
    const auto removed = call.service.change(change);
    if (!removed.ok() && removed.error().code != ErrorCode::NotFound) {
        return removed.error();
    }
    return emptyResponse();
}

/// Clients then send the file in one piece.
Result<Response> notInParts(const Call& /*call*/) {
    return Error{ErrorCode::Unsupported, "Multipart transfers are not supported: send the file in one.", {}};
}

}  // namespace

void addArtifactRoutes(Router& router) {
    router.addUpload(Method::Put, "mlflow-artifacts/artifacts/**", put);
    router.add(Method::Get, "mlflow-artifacts/artifacts/**", get);
    router.add(Method::Get, "mlflow-artifacts/artifacts", listByPath);
    router.add(Method::Delete, "mlflow-artifacts/artifacts/**", remove);
    router.add(Method::Post, "mlflow-artifacts/mpu/**", notInParts);
    router.add(Method::Get, "mlflow-artifacts/presigned/**", notInParts);
    router.add(Method::Get, "artifacts/list", listOfRun);
    router.add(Method::Get, "get-artifact", getArtifact);
    router.add(Method::Get, "model-versions/get-artifact", getVersionArtifact);
    router.add(Method::Get, "logged-models/*/artifacts/files", getModelArtifact);
    router.addUpload(Method::Post, "upload-artifact", uploadArtifact);
}

}  // namespace runglass::tracking
