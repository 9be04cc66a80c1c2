// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_files.h"

#include <algorithm>

#include "artifact_list.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/sources/folder.h"
#include "runglass/sources/growing_file.h"
#include "stand_in.h"

namespace runglass::sources {
namespace {

bool hasEnding(const RunFiles& files, std::string_view name) {
    return !isAppleDouble(name) &&
           std::ranges::any_of(files.endings, [&](const std::string& one) { return name.ends_with(one); });
}

}  // namespace

void listRunFiles(const RunFiles& files, std::vector<model::Artifact>& artifacts) {
    constexpr std::size_t kMost = 10'000;
    std::vector<ArtifactFolder> below;
    for (const auto& name : files.folders) {
        below.push_back({files.folder / name, name + '/'});
    }
    const auto listed = listFolder(files.folder);
    for (const auto& entry : listed.ok() ? listed->entries : std::vector<Entry>()) {
        if (entry.kind == EntryKind::File && hasEnding(files, entry.name) && artifacts.size() < kMost) {
            const auto stamp = FileStamp::of(files.folder / entry.name);
            artifacts.push_back({toValidUtf8(entry.name),
                                 {},
                                 static_cast<std::int64_t>(stamp.size),
                                 stamp.modifiedNs / 1'000'000});
        }
    }
    listArtifacts(below, artifacts);
}

Result<ArtifactFile> openRunFile(const RunFiles& files, std::string_view name) {
    const auto slash = name.find('/');
    if (slash == std::string_view::npos && hasEnding(files, name)) {
        return openArtifactIn({files.folder, {}}, name);
    }
    const std::string top(name.substr(0, slash));
    if (slash != std::string_view::npos && std::ranges::find(files.folders, top) != files.folders.end()) {
        return openArtifactIn({files.folder / top, top + '/'}, name);
    }
    return Error{ErrorCode::NotFound, tr("There is no file {} among the run's.", toValidUtf8(name)), {}};
}

}  // namespace runglass::sources
