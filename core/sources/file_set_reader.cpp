// SPDX-License-Identifier: GPL-3.0-or-later
#include "file_set_reader.h"

#include "artifact_list.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/sources/growing_file.h"

namespace runglass::sources {

FileSetReader::FileSetReader(std::filesystem::path folder, std::filesystem::path files)
    : m_folder(std::move(folder))
    , m_filesFolder(std::move(files))
    , m_files(m_filesFolder) {}

Result<std::vector<SharedPart>> FileSetReader::read(std::stop_token /*stop*/) {
    if (!m_part || !m_files.unchanged()) {
        m_files = freshFiles();
        m_part = makePart();
    }
    return std::vector<SharedPart>{m_part};
}

Result<model::RunDetail> FileSetReader::detail(std::string_view key) {
    RUNGLASS_ASSIGN(const auto parts, read({}));
    model::RunDetail detail;
    detail.record = parts.front()->record;
    fillDetail(detail);
    RUNGLASS_ASSIGN(const auto folders, artifactFolders(key));
    listArtifacts(folders, detail.artifacts);
    return detail;
}

Result<model::Series> FileSetReader::series(std::string_view /*key*/, std::string_view metric,
                                            std::size_t /*from*/, std::stop_token /*stop*/) {
    return Error{ErrorCode::NotFound, tr("The run has no metric {}.", toValidUtf8(metric)), {}};
}

Result<std::string> FileSetReader::console(std::string_view /*key*/) {
    constexpr std::size_t kMostBytes = std::size_t{64} << 20U;
    RUNGLASS_TRY(read({}));
    GrowingFile output(consoleFile());
    RUNGLASS_TRY(output.refresh());
    return output.read(kMostBytes);
}

Result<std::vector<ArtifactFolder>> FileSetReader::artifactFolders(std::string_view /*key*/) {
    return std::vector{ArtifactFolder{m_folder, {}}};
}

}  // namespace runglass::sources
