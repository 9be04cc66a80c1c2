// SPDX-License-Identifier: GPL-3.0-or-later
#include "dvc_cache.h"

#include <algorithm>

#include "dvc_files.h"
#include "json_reader.h"
#include "paths.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/sources/catalogue.h"
#include "runglass/store/layout.h"

namespace runglass::sources {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxConfigBytes = 1U << 20U;
constexpr std::string_view kFolderEnding = ".dir";

/// The nearest of `folder` and those above it that has `name`; empty where none has.
fs::path nearestWith(const fs::path& folder, const char* name) {
    std::error_code ignored;
    for (auto at = folder; at.has_relative_path(); at = at.parent_path()) {
        if (fs::exists(at / name, ignored)) {
            return at;
        }
    }
    return {};
}

/// `.dvc` of the folder or of one above it, not above git's root.
fs::path dvcFolderOf(const fs::path& root) {
    std::error_code ignored;
    for (auto folder = root; folder.has_relative_path(); folder = folder.parent_path()) {
        if (fs::is_directory(folder / ".dvc", ignored)) {
            return folder / ".dvc";
        }
        if (fs::exists(folder / ".git", ignored)) {
            return {};
        }
    }
    return {};
}

/// The folders that a person has opened: the repository, and what was added to the project's sources.
std::vector<fs::path> openedFolders(const fs::path& dvcFolder) {
    std::vector<fs::path> opened{dvcFolder.parent_path()};
    if (auto repository = nearestWith(dvcFolder, ".git"); !repository.empty()) {
        opened.push_back(std::move(repository));
    }
    const auto project = nearestWith(dvcFolder, ".runglass");
    for (const auto& folder : project.empty() ? std::vector<fs::path>() : furtherFolders(project)) {
        opened.push_back(folder.is_absolute() ? folder : project / folder);
    }
    return opened;
}

/// The folder without links, where it lies in one that a person has opened.
std::optional<fs::path> openedPlace(const fs::path& folder, const fs::path& dvcFolder) {
    std::error_code failure;
    auto real = fs::weakly_canonical(folder, failure);
    const auto opened = openedFolders(dvcFolder);
    const bool inside = !failure && std::ranges::any_of(opened, [&](const fs::path& one) {
        std::error_code gone;
        const auto outer = fs::canonical(one, gone);
        return !gone && liesIn(real.native(), outer.native());
    });
    return inside ? std::optional(std::move(real)) : std::nullopt;
}

}  // namespace

std::optional<std::string> dvcCacheDir(std::string_view config) {
    bool inCache = false;
    std::optional<std::string> dir;
    while (!config.empty()) {
        const auto end = config.find('\n');
        const auto line = trimmed(config.substr(0, end));
        config.remove_prefix(end == std::string_view::npos ? config.size() : end + 1);
        const auto equals = line.find('=');
        if (line.starts_with('[')) {
            inCache = line == "[cache]";
        } else if (inCache && equals != std::string_view::npos && trimmed(line.substr(0, equals)) == "dir") {
            auto value = trimmed(line.substr(equals + 1));
            const bool quoted = value.size() > 1 && (value.front() == '"' || value.front() == '\'') &&
                                value.back() == value.front();
            dir = quoted ? value.substr(1, value.size() - 2) : value;
        }
    }
    return dir;
}

DvcCache::DvcCache(const fs::path& root) {
    const auto dvcFolder = dvcFolderOf(root);
    if (dvcFolder.empty()) {
        return;
    }
    m_folder = dvcFolder / "cache";
    for (const char* name : {"config.local", "config"}) {  // the first wins
        const auto file = dvcFolder / name;
        const auto config = readFile(file, kMaxConfigBytes);
        const auto dir = config ? dvcCacheDir(*config) : std::nullopt;
        if (!dir || dir->empty()) {
            continue;
        }
        const auto folder = (dvcFolder / *dir).lexically_normal();
        const auto place = openedPlace(folder, dvcFolder);
        m_folder = place.value_or(fs::path());
        if (!place) {
            m_refused = Damage{file, 0, 1,
                               tr("DVC's cache lies outside of the project, in {}. To read it too: runglass "
                                  "sources add {}",
                                  toValidUtf8(folder.native()), toValidUtf8(folder.native()))};
        }
        return;
    }
}

Result<ArtifactFile> DvcCache::open(std::string_view md5) const {
    constexpr std::size_t kDigits = 32;
    const auto digits = md5.ends_with(kFolderEnding) ? md5.substr(0, md5.size() - kFolderEnding.size()) : md5;
    const bool isHash =
        digits.size() == kDigits && digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    if (isHash && !m_folder.empty()) {
        const auto name = std::string(md5.substr(0, 2)) + '/' + std::string(md5.substr(2));
        for (const auto* below : {"files/md5/", ""}) {
            if (auto file = openArtifactIn({m_folder, {}}, below + name)) {
                return file;
            }
        }
        constexpr std::size_t kMostMissed = 1'000;
        if (m_missed.size() < kMostMissed) {
            m_missed.insert(m_folder / "files/md5" / name);
        }
    }
    if (m_refused) {
        return Error{ErrorCode::NotFound, m_refused->reason, {}};
    }
    return Error{ErrorCode::NotFound,
                 tr("DVC's cache does not have this file. Fetch it: dvc fetch --all-commits"),
                 {}};
}

std::optional<std::string> DvcCache::read(std::string_view md5) const {
    const auto file = open(md5);
    auto content =
        file ? readArtifact(*file, DvcFiles::kMaxFileBytes, {}) : Result<std::string>(file.error());
    return content ? std::optional(std::move(content).value()) : std::nullopt;
}

/// The folder is a list in JSON: [{"md5": …, "relpath": …}].
std::vector<std::pair<std::string, std::string>> DvcCache::filesOf(std::string_view folder) const {
    constexpr std::size_t kMost = 100'000;
    std::vector<std::pair<std::string, std::string>> files;
    const auto list = folder.ends_with(kFolderEnding) ? read(folder) : std::nullopt;
    JsonReader json(list ? std::string_view(*list) : std::string_view());
    if (json.peek() != JsonKind::Array || !json.enterArray()) {
        return files;
    }
    while (json.nextItem() && files.size() < kMost) {
        if (json.peek() != JsonKind::Object) {
            json.skip();
            continue;
        }
        std::string md5;
        std::string name;
        json.enterObject();
        for (std::string key; json.nextKey(key);) {
            if (key == "md5" || key == "relpath") {
                (key == "md5" ? md5 : name) = json.string().value_or(std::string());
            } else {
                json.skip();
            }
        }
        files.emplace_back(std::move(name), std::move(md5));
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::optional<std::string> DvcCache::digestBelow(std::string_view folder, std::string_view path) const {
    const auto files = filesOf(folder);
    const auto file =
        std::find_if(files.begin(), files.end(), [&](const auto& one) { return one.first == path; });
    return file != files.end() ? std::optional(file->second) : std::nullopt;
}

}  // namespace runglass::sources
