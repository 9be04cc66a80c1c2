// SPDX-License-Identifier: GPL-3.0-or-later
#include "artifact_list.h"

#include <algorithm>

#include "runglass/base/text.h"
#include "runglass/sources/growing_file.h"

namespace runglass::sources {
namespace {

void listFolder(const std::filesystem::path& folder, const std::string& prefix,
                std::vector<model::Artifact>& artifacts) {
    constexpr std::size_t kMost = 10'000;
    constexpr int kDeepest = 16;
    std::error_code failed;
    if (std::filesystem::is_symlink(folder, failed)) {
        return;
    }
    using Iterator = std::filesystem::recursive_directory_iterator;
    Iterator entry(folder, std::filesystem::directory_options::skip_permission_denied, failed);
    for (; !failed && entry != Iterator() && artifacts.size() < kMost; entry.increment(failed)) {
        if (entry.depth() > kDeepest) {
            entry.disable_recursion_pending();
        }
        const auto stamp = FileStamp::of(entry->path());
        std::error_code ignored;
        if (entry->symlink_status(ignored).type() == std::filesystem::file_type::regular && stamp.exists) {
            const auto name = entry->path().lexically_relative(folder).native();
            artifacts.push_back({toValidUtf8(prefix + name),
                                 {},
                                 static_cast<std::int64_t>(stamp.size),
                                 stamp.modifiedNs / 1'000'000});
        }
    }
}

}  // namespace

void listArtifacts(std::span<const ArtifactFolder> folders, std::vector<model::Artifact>& artifacts) {
    for (const auto& [folder, prefix] : folders) {
        listFolder(folder, prefix, artifacts);
    }
    std::sort(artifacts.begin(), artifacts.end(),
              [](const auto& a, const auto& b) { return a.path < b.path; });
}

}  // namespace runglass::sources
