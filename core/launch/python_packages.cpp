// SPDX-License-Identifier: GPL-3.0-or-later
// https://packaging.python.org/en/latest/specifications/recording-installed-packages/ and the older egg
// forms.
#include <dirent.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <unordered_set>

#include "python_interpreter.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"

namespace runglass::launch {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxMetadataBytes = 1U << 20U;

/// PEP 503: lower case, runs of `-`, `_` and `.` are one `-`.
std::string canonicalName(std::string_view name) {
    std::string canonical;
    for (const char c : name) {
        if (c == '-' || c == '_' || c == '.') {
            if (!canonical.ends_with('-')) {
                canonical += '-';
            }
        } else {
            canonical += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
    }
    return canonical;
}

/// The value of `Name:` or `Version:` in the header of METADATA or PKG-INFO.
std::string metadataField(std::string_view content, std::string_view field) {
    while (!content.empty()) {
        const auto line = content.substr(0, content.find('\n'));
        content.remove_prefix(std::min(content.size(), line.size() + 1));
        if (trimmed(line).empty()) {
            break;  // end of the header
        }
        if (line.size() > field.size() && startsWithIgnoringCase(line, field) && line[field.size()] == ':') {
            return std::string(trimmed(line.substr(field.size() + 1)));
        }
    }
    return {};
}

model::Package readMetadata(const fs::path& file) {
    const auto content = readFile(file, kMaxMetadataBytes);
    return content ? model::Package{metadataField(*content, "Name"), metadataField(*content, "Version")}
                   : model::Package{};
}

std::string_view withoutSuffix(std::string_view text, std::string_view suffix) {
    return text.substr(0, text.size() - suffix.size());
}

/// `scikit_learn-1.2.1` → scikit-learn 1.2.1: folder names write `_` where the name has `-`.
model::Package fromStem(std::string_view stem) {
    const auto dash = stem.find('-');
    if (dash == std::string_view::npos || dash == 0) {
        return {};
    }
    auto version = stem.substr(dash + 1);
    // `PyYAML-6.0-py3.11.egg-info`: the Python that it was made for is not part of the version.
    if (const auto python = version.find("-py"); python != std::string_view::npos) {
        version = version.substr(0, python);
    }
    std::string name(stem.substr(0, dash));
    std::replace(name.begin(), name.end(), '_', '-');
    return {std::move(name), std::string(version)};
}

class Collector {
public:
    void addFolder(const fs::path& folder) {
        const std::unique_ptr<DIR, int (*)(DIR*)> listing(::opendir(folder.c_str()), &::closedir);
        if (!listing) {
            return;
        }
        while (const dirent* entry = ::readdir(listing.get())) {  // NOLINT(concurrency-mt-unsafe): own stream
            addEntry(folder, static_cast<const char*>(entry->d_name));
        }
    }

    /// conda-meta/name-version-build.json: also what is not Python, such as the CUDA toolkit.
    void addConda(const fs::path& folder) {
        std::error_code ignored;
        for (const auto& entry : fs::directory_iterator(folder, ignored)) {
            const std::string file = entry.path().filename();
            if (!file.ends_with(".json")) {
                continue;
            }
            const auto stem = withoutSuffix(file, ".json");
            const auto build = stem.rfind('-');
            const auto version = build == std::string_view::npos ? build : stem.rfind('-', build - 1);
            if (version != std::string_view::npos && build > 0) {
                add({std::string(stem.substr(0, version)),
                     std::string(stem.substr(version + 1, build - version - 1))});
            }
        }
    }

    std::vector<model::Package> take() {
        std::vector<std::pair<std::string, model::Package>> keyed;
        keyed.reserve(m_packages.size());
        for (auto& package : m_packages) {
            keyed.emplace_back(canonicalName(package.name), std::move(package));
        }
        std::sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        std::vector<model::Package> packages;
        packages.reserve(keyed.size());
        for (auto& [key, package] : keyed) {
            packages.push_back(std::move(package));
        }
        return packages;
    }

private:
    void addEntry(const fs::path& folder, std::string_view name) {
        if (name.starts_with('~') || name.starts_with('.')) {
            return;  // what pip left behind of an interrupted removal
        }
        if (name.ends_with(".dist-info")) {
            auto package = fromStem(withoutSuffix(name, ".dist-info"));
            add(package.name.empty() ? readMetadata(folder / name / "METADATA") : std::move(package));
        } else if (name.ends_with(".egg-info")) {
            addEggInfo(folder / name, withoutSuffix(name, ".egg-info"));
        } else if (name.ends_with(".egg-link")) {
            addEggLink(folder / name);
        } else if (name.ends_with(".egg")) {
            add(fromStem(withoutSuffix(name, ".egg")));
        }
    }

    void addEggInfo(const fs::path& path, std::string_view stem) {
        auto package = fromStem(stem);
        if (package.name.empty()) {
            std::error_code ignored;
            package = readMetadata(fs::is_directory(path, ignored) ? path / "PKG-INFO" : path);
        }
        add(std::move(package));
    }

    /// `pip install -e` of old: the first line names the source folder, which holds the egg-info.
    void addEggLink(const fs::path& link) {
        const auto content = readFile(link, kMaxMetadataBytes);
        if (!content) {
            return;
        }
        const fs::path source(trimmed(std::string_view(*content).substr(0, content->find('\n'))));
        std::error_code ignored;
        for (const auto& entry : fs::directory_iterator(source, ignored)) {
            const std::string name = entry.path().filename();
            if (name.ends_with(".egg-info")) {
                addEggInfo(entry.path(), withoutSuffix(name, ".egg-info"));
            }
        }
    }

    void add(model::Package package) {
        if (!package.name.empty() && m_known.insert(canonicalName(package.name)).second) {
            package.name = toValidUtf8(package.name);
            package.version = toValidUtf8(package.version);
            m_packages.push_back(std::move(package));
        }
    }

    std::vector<model::Package> m_packages;
    std::unordered_set<std::string> m_known;
};

}  // namespace

std::vector<model::Package> installedPackages(const PythonInterpreter& python) {
    Collector collector;
    for (const auto& folder : python.siteFolders) {
        collector.addFolder(folder);
    }
    collector.addConda(python.virtualEnvironment / "conda-meta");
    return collector.take();
}

}  // namespace runglass::launch
