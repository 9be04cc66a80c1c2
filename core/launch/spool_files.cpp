// SPDX-License-Identifier: GPL-3.0-or-later
// The part of spool ingestion that touches the files which a script names.
#include <sys/stat.h>

#include <algorithm>

#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "spool_ingest.h"

namespace runglass::launch {

namespace {

constexpr std::size_t kMaxFilesOfFolder = 10'000;
constexpr std::uintmax_t kMaxHashedBytes = 256U << 20U;  // a second of work; larger data brings its digest

bool isBelow(const std::filesystem::path& file, const std::filesystem::path& folder) {
    const auto [folderEnd, ignored] = std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
    return folderEnd == folder.end();
}

}  // namespace

std::filesystem::path SpoolIngest::resolve(const std::string& path) const {
    return m_options.workingDirectory / path;  // an absolute path stays as it is
}

bool SpoolIngest::mayRead(const std::filesystem::path& file) const {
    if (m_options.onlyArtifactsBelow.empty()) {
        return true;
    }
    std::error_code error;
    const auto real = std::filesystem::canonical(file, error);
    const auto folder = std::filesystem::canonical(m_options.onlyArtifactsBelow, error);
    return !error && isBelow(real, folder);
}

void SpoolIngest::completeDataset(model::Dataset& dataset) const {
    const auto file = resolve(dataset.location);
    std::error_code error;
    if (dataset.location.empty() || !dataset.digest.empty() || !mayRead(file) ||
        !std::filesystem::is_regular_file(file, error) ||
        std::filesystem::file_size(file, error) > kMaxHashedBytes) {
        return;
    }
    if (const auto digest = sha256OfFile(file); digest.ok()) {
        dataset.digest = "sha256:" + *digest;
    }
}

Result<void> SpoolIngest::addArtifact(RunSink& sink, const SpoolArtifact& artifact) {
    const auto file = resolve(artifact.path);
    std::string name = sanitizedArtifactName(artifact.name);
    if (name.empty()) {
        name = sanitizedArtifactName(file.filename().native());
    }
    if (name.empty()) {
        name = "artifact";
    }
    if (!mayRead(file)) {
        return sink.addProblem(
            m_run, tr("Artifact {} was not copied: it lies outside of the project, and this run was "
                      "recorded without a supervisor.",
                      toValidUtf8(artifact.path)));
    }
    std::error_code error;
    if (!std::filesystem::is_directory(file, error)) {
        return addFile(sink, file, name);
    }
    std::size_t count = 0;
    bool skipped = false;
    using Walk = std::filesystem::recursive_directory_iterator;
    constexpr auto kOptions = std::filesystem::directory_options::skip_permission_denied;
    for (Walk walk(file, kOptions, error); !error && walk != Walk(); walk.increment(error)) {
        const auto& entry = *walk;
        std::error_code gone;
        if (const auto& own = entry.path().filename(); own == ".git" || own == ".runglass") {
            walk.disable_recursion_pending();  // the project's history, and among its runs this one
            skipped = true;
            continue;
        }
        if (entry.is_symlink(gone) || !entry.is_regular_file(gone)) {
            continue;
        }
        if (++count > kMaxFilesOfFolder) {
            return sink.addProblem(
                m_run, tr("Of folder {}, only the first {} files were copied.", name, kMaxFilesOfFolder));
        }
        const auto relative = entry.path().lexically_relative(file).native();
        RUNGLASS_TRY(addFile(sink, entry.path(), name + "/" + sanitizedArtifactName(relative)));
    }
    if (skipped) {
        return sink.addProblem(m_run, tr("Of folder {}, .git and .runglass were not copied.", name));
    }
    return {};
}

Result<void> SpoolIngest::addFile(RunSink& sink, const std::filesystem::path& file, const std::string& name) {
    const auto added = sink.addFile(m_run, file, name);
    if (added.ok()) {
        return {};
    }
    switch (added.error().code) {
        case ErrorCode::NotFound:
        case ErrorCode::Permission:
        case ErrorCode::Invalid:
        case ErrorCode::TooLarge:
        case ErrorCode::Unsupported:
            return sink.addProblem(m_run, tr("Artifact {} was not copied. {}", name, added.error().message));
        default:
            return added.error();  // tried again later
    }
}

}  // namespace runglass::launch
