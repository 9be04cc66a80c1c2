// SPDX-License-Identifier: GPL-3.0-or-later
#include "dvc_data.h"

#include <fmt/format.h>

#include <algorithm>

#include "json_text.h"
#include "runglass/base/text.h"
#include "skip_rules.h"
#include "yaml_tree.h"

namespace runglass::sources {
namespace {

constexpr std::string_view kEnding = ".dvc";

/// {"size": 3, "files": 2, …} of what is told.
std::string profileOf(const DvcOutput& output, std::string_view remote, std::string_view revision) {
    std::string json;
    const auto add = [&](std::string_view key, const std::string& value) {
        json += fmt::format("{}\"{}\": {}", json.empty() ? "" : ", ", key, value);
    };
    if (output.size > 0) {
        add("size", std::to_string(output.size));
    }
    if (output.files > 0) {
        add("files", std::to_string(output.files));
    }
    if (!remote.empty()) {
        add("remote", jsonText(remote));
    }
    if (!revision.empty()) {
        add("revision", jsonText(revision));
    }
    return json.empty() ? json : '{' + json + '}';
}

bool isCode(std::string_view path) {
    return path.ends_with(".py") || path.ends_with(".ipynb") || path.ends_with(".sh");
}

/// The .dvc files of the project, by path. Folders that are DVC's outputs, projects of their own and those
/// that hold no data of a person are not entered.
std::vector<std::string> dataFiles(const DvcFiles& files) {
    constexpr std::size_t kMostFolders = 1'000;
    constexpr std::size_t kMostFiles = 1'000;
    std::vector<std::string> found;
    std::vector<std::string> open{std::string()};
    for (std::size_t i = 0; i < open.size() && i < kMostFolders; ++i) {
        const auto folder = open[i];
        const auto entries = files.list(folder);
        const auto has = [&](std::string_view name) {
            return std::any_of(entries.begin(), entries.end(), [&](const Entry& entry) {
                return entry.kind == EntryKind::File && entry.name == name;
            });
        };
        if (!folder.empty() && (has("dvc.yaml") || has("dvc.lock"))) {
            continue;
        }
        for (const auto& entry : entries) {
            auto path = folder.empty() ? entry.name : folder + '/' + entry.name;
            if (entry.kind == EntryKind::File && entry.name.ends_with(kEnding) && found.size() < kMostFiles) {
                found.push_back(std::move(path));
            } else if (entry.kind == EntryKind::Folder && !entry.name.starts_with('.') &&
                       !isNeverEntered(entry.name) && !has(entry.name + std::string(kEnding))) {
                open.push_back(std::move(path));
            }
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

/// Where `dvc import` and `dvc import-url` took it from; empty for what lies in the project.
struct Source {
    std::string location;
    std::string revision;
};

Source sourceIn(const YamlTree& file) {
    const auto& deps = file.at("deps");
    if (deps.items.empty()) {
        return {};
    }
    const auto& repository = deps.items.front().at("repo");
    const auto& path = deps.items.front().at("path").text;
    if (!repository.at("url").text.empty()) {
        return {repository.at("url").text, repository.at("rev_lock").text};
    }
    return {path, {}};
}

void addDataFile(const std::string& path, const YamlTree& file, std::vector<model::Dataset>& datasets) {
    const auto slash = path.rfind('/');
    auto folder = slash == std::string::npos ? std::string() : path.substr(0, slash);
    if (const auto& inside = file.at("wdir").text; !inside.empty()) {
        folder += (folder.empty() ? "" : "/") + inside;  // dvcPath() takes care of where it leads
    }
    const auto source = sourceIn(file);
    for (const auto& out : file.at("outs").items) {
        const auto name = dvcPath(folder, out.at("path").text);
        if (!name) {
            continue;
        }
        model::Dataset dataset;
        dataset.name = *name;
        for (const char* hash : {"md5", "etag", "checksum"}) {
            dataset.digest = dataset.digest.empty() ? out.at(hash).text : dataset.digest;
        }
        dataset.location = source.location.empty() ? *name : source.location;
        const auto number = [&](const char* key) {
            return std::max<std::int64_t>(0, parseInt(out.at(key).text).value_or(0));
        };
        dataset.profile =
            profileOf({*name, {}, number("size"), number("nfiles")}, out.at("remote").text, source.revision);
        // A stage that read the same says no more than this, unless it read something else.
        const auto known = std::find_if(datasets.begin(), datasets.end(), [&](const model::Dataset& one) {
            return one.name == dataset.name && one.digest == dataset.digest;
        });
        if (known != datasets.end()) {
            *known = std::move(dataset);
        } else {
            datasets.push_back(std::move(dataset));
        }
    }
}

}  // namespace

std::vector<model::Dataset> readDvcDatasets(const DvcFiles& files, const DvcPipeline& pipeline,
                                            std::vector<Damage>& damage) {
    std::vector<model::Dataset> datasets;
    for (const auto& dependency : pipeline.dependencies) {
        const bool known = std::any_of(datasets.begin(), datasets.end(), [&](const model::Dataset& one) {
            return one.name == dependency.path && one.digest == dependency.md5;
        });
        if (!known && !isCode(dependency.path) && pipeline.outputAround(dependency.path) == nullptr) {
            datasets.push_back(
                {dependency.path, dependency.md5, dependency.path, profileOf(dependency, {}, {})});
        }
    }
    for (const auto& path : dataFiles(files)) {
        const auto content = files.read(path);
        const auto file = content ? readYamlTree(*content) : Result<YamlTree>(YamlTree());
        if (file) {
            addDataFile(path, *file, datasets);
        } else {
            damage.push_back({path, 0, 1, file.error().message});
        }
    }
    return datasets;
}

}  // namespace runglass::sources
