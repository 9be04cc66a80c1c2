// SPDX-License-Identifier: GPL-3.0-or-later
#include "foreign_artifacts.h"

#include <memory>
#include <mutex>

#include "runglass/sources/client_files.h"
#include "runglass/sources/project_runs.h"

namespace runglass::cli {

namespace {

/// What is no file of its own is not large: images within event files.
constexpr std::uint64_t kMostEmbedded = 64U << 20U;

Result<tracking::ReferencedContent> contentOf(sources::ArtifactFile file) {
    tracking::ReferencedContent content;
    content.file = std::move(file.descriptor);
    content.size = file.size;
    return Result<tracking::ReferencedContent>(std::move(content));
}

/// Thread-safe: one look at a time.
class ForeignArtifacts {
public:
    explicit ForeignArtifacts(const std::filesystem::path& project)
        : m_catalogue(std::make_shared<sources::Catalogue>(sources::CatalogueOptions{.project = project}))
        , m_runs(project, m_catalogue, sources::ProjectRuns::Look::ForeignOnly) {}

    Result<tracking::ReferencedContent> open(const RunId& run, const model::Artifact& artifact) {
        const std::lock_guard lock(m_mutex);
        if (!m_catalogue->has(run)) {
            m_catalogue->runs()->complete ? m_catalogue->refresh() : m_catalogue->load();
        }
        if (auto file = m_runs.openArtifact(run, artifact)) {
            return contentOf(std::move(*file));
        }
        tracking::ReferencedContent content;
        RUNGLASS_ASSIGN(content.bytes, m_runs.artifact(run, artifact, kMostEmbedded));
        return Result<tracking::ReferencedContent>(std::move(content));
    }

private:
    std::mutex m_mutex;
    std::shared_ptr<sources::Catalogue> m_catalogue;
    sources::ProjectRuns m_runs;
};

}  // namespace

tracking::OpenReferenced foreignArtifacts(const std::filesystem::path& project) {
    auto artifacts = std::make_shared<ForeignArtifacts>(project);
    return [artifacts](const RunId& run, const model::Artifact& artifact) {
        return artifacts->open(run, artifact);
    };
}

tracking::ClientFiles clientFiles() {
    return {sources::listClientFiles,
            [](std::string_view location, const RunId& run,
               std::string_view path) -> Result<tracking::ReferencedContent> {
                RUNGLASS_ASSIGN(auto file, sources::openClientFile(location, run, path));
                return contentOf(std::move(file));
            }};
}

}  // namespace runglass::cli
