// SPDX-License-Identifier: GPL-3.0-or-later
#include "artifact_path.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "http_message.h"
#include "protocol_error.h"
#include "runglass/base/percent.h"
#include "runglass/base/text.h"

namespace runglass::tracking {

namespace {

constexpr std::size_t kLongestPath = 2048;
constexpr std::size_t kLongestPart = 255;

bool isControl(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool isDrive(std::string_view path) {
    return path.size() >= 2 && std::isalpha(static_cast<unsigned char>(path[0])) != 0 && path[1] == ':';
}

bool staysInside(std::string_view path) {
    if (path.starts_with('/') || isDrive(path) || path.find('\\') != std::string_view::npos) {
        return false;
    }
    while (true) {
        const auto slash = path.find('/');
        if (path.substr(0, slash) == "..") {
            return false;
        }
        if (slash == std::string_view::npos) {
            return true;
        }
        path.remove_prefix(slash + 1);
    }
}

bool hasPlainParts(std::string_view path) {
    while (true) {
        const auto slash = path.find('/');
        const auto part = path.substr(0, slash);
        if (part.empty() || part == "." || part.size() > kLongestPart) {
            return false;
        }
        if (slash == std::string_view::npos) {
            return true;
        }
        path.remove_prefix(slash + 1);
    }
}

}  // namespace

Result<void> checkArtifactPath(std::string_view path) {
    const auto bad = [&] {
        return invalid(fmt::format("Invalid path: {}", toValidUtf8(path.substr(0, 200))));
    };
    if (path.size() > kLongestPath || !isValidUtf8(path) ||
        std::any_of(path.begin(), path.end(), isControl) || !hasPlainParts(path)) {
        return bad();
    }
    // Whoever hands the path on may decode it again, and again.
    std::string decoded(path);
    for (int round = 0; round < 8; ++round) {
        if (!staysInside(decoded)) {
            return bad();
        }
        auto next = percentDecoded(decoded);
        if (next == decoded) {
            return {};
        }
        decoded = std::move(next);
    }
    return bad();
}

Result<ArtifactPath> ArtifactPath::parse(std::string_view path) {
    while (path.ends_with('/')) {
        path.remove_suffix(1);
    }
    ArtifactPath result;
    if (path.empty()) {
        return result;
    }
    RUNGLASS_TRY(checkArtifactPath(path));
    constexpr std::string_view kArtifacts = "/artifacts";
    constexpr std::size_t kIdDigits = 32;
    for (auto at = path.find(kArtifacts); at != std::string_view::npos; at = path.find(kArtifacts, at + 1)) {
        const auto end = at + kArtifacts.size();
        const bool isPart = end == path.size() || path[end] == '/';
        const bool hasId = at >= kIdDigits && (at == kIdDigits || path[at - kIdDigits - 1] == '/');
        if (!isPart || !hasId) {
            continue;
        }
        if ((result.run = RunId::fromHex(path.substr(at - kIdDigits, kIdDigits)))) {
            result.path = path.substr(std::min(end + 1, path.size()));
            if (!result.path.empty()) {
                RUNGLASS_TRY(checkArtifactPath(result.path));
            }
            return result;
        }
    }
    result.path = path;
    return result;
}

std::vector<ArtifactEntry> entriesOf(const std::vector<model::Artifact>& files, std::string_view folder) {
    std::vector<ArtifactEntry> entries;
    const std::string prefix = folder.empty() ? std::string() : fmt::format("{}/", folder);
    for (const auto& file : files) {
        if (!file.path.starts_with(prefix)) {
            continue;
        }
        const auto rest = std::string_view(file.path).substr(prefix.size());
        const auto slash = rest.find('/');
        const bool isFolder = slash != std::string_view::npos;
        const auto name = rest.substr(0, slash);
        const bool known = std::any_of(entries.begin(), entries.end(), [&](const ArtifactEntry& entry) {
            return entry.name == name && entry.isFolder == isFolder;
        });
        if (!known) {
            entries.push_back({std::string(name), isFolder, isFolder ? 0 : file.size});
        }
    }
    std::sort(entries.begin(), entries.end(),
              [](const ArtifactEntry& a, const ArtifactEntry& b) { return a.name < b.name; });
    return entries;
}

std::string_view mediaType(std::string_view path) {
    struct Type {
        std::string_view ending;
        std::string_view type;
    };
    static constexpr std::array kTypes{
        Type{".txt", "text/plain"},      Type{".log", "text/plain"},  Type{".md", "text/plain"},
        Type{".py", "text/plain"},       Type{".yaml", "text/plain"}, Type{".yml", "text/plain"},
        Type{".csv", "text/csv"},        Type{".html", "text/html"},  Type{".json", "application/json"},
        Type{".png", "image/png"},       Type{".jpg", "image/jpeg"},  Type{".jpeg", "image/jpeg"},
        Type{".svg", "image/svg+xml"},   Type{".gif", "image/gif"},   Type{".pdf", "application/pdf"},
        Type{".zip", "application/zip"},
    };
    if (path.ends_with("MLmodel")) {
        return "text/plain";
    }
    const auto* const it = std::find_if(kTypes.begin(), kTypes.end(),
                                        [&](const Type& type) { return path.ends_with(type.ending); });
    return it == kTypes.end() ? "application/octet-stream" : it->type;
}

}  // namespace runglass::tracking
