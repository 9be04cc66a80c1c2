// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/sources/format.h"

#include "registered.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::sources {

std::span<const std::unique_ptr<const Format>> formats() {
    static const std::vector<std::unique_ptr<const Format>> all = [] {
        std::vector<std::unique_ptr<const Format>> made;
#define RUNGLASS_MAKE_FORMAT(name) made.push_back(make##name());
        RUNGLASS_FORMATS(RUNGLASS_MAKE_FORMAT)
#undef RUNGLASS_MAKE_FORMAT
        return made;
    }();
    return all;
}

bool Reader::separate(const FileGroups& /*groups*/) {
    return false;
}

Result<std::vector<ArtifactFolder>> Reader::artifactFolders(std::string_view /*key*/) {
    return std::vector<ArtifactFolder>();
}

Result<ArtifactFile> Reader::openArtifact(std::string_view key, std::string_view path) {
    RUNGLASS_ASSIGN(const auto folders, artifactFolders(key));
    for (const auto& folder : folders) {
        if (auto file = openArtifactIn(folder, path)) {
            return file;
        }
    }
    return Error{ErrorCode::NotFound, tr("There is no file {} among the run's.", toValidUtf8(path)), {}};
}

Result<std::string> Reader::artifact(std::string_view /*key*/, std::string_view path,
                                     std::uint64_t /*limit*/) {
    return Error{ErrorCode::NotFound, tr("{} is not part of the run's own files.", path), {}};
}

Result<std::string> Reader::console(std::string_view /*key*/) {
    return std::string();
}

}  // namespace runglass::sources
