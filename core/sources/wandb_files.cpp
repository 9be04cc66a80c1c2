// SPDX-License-Identifier: GPL-3.0-or-later
#include "wandb_files.h"

#include <algorithm>

#include "iso_time.h"
#include "json_reader.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/config/flatten.h"

namespace runglass::sources {
namespace {

constexpr std::uint64_t kMaxFileBytes = 16U << 20U;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// `key: {desc: …, value: …}`, where value may be a mapping again.
void fillConfig(const std::filesystem::path& file, WandbRun& run) {
    const auto content = readFile(file, kMaxFileBytes);
    const auto values =
        content.ok() ? config::flattenYaml(*content) : Result<std::vector<model::Variable>>(content.error());
    if (!values.ok()) {
        return;
    }
    for (const auto& [key, value] : *values) {
        const auto dot = key.find(".value");
        const bool ours = key.starts_with("_wandb.") || key == "wandb_version";
        if (ours || dot == std::string::npos) {
            continue;
        }
        const auto rest = key.substr(dot + 6);
        if (rest.empty() || rest.front() == '.') {
            run.config[key.substr(0, dot) + rest] = toValidUtf8(value);
        }
    }
}

void fillSummary(const std::filesystem::path& file, WandbRun& run, std::vector<Damage>& damage) {
    const auto content = readFile(file, kMaxFileBytes);
    if (!content.ok()) {
        return;
    }
    if (!isSoundJson(*content)) {
        damage.push_back({file, 0, 1, tr("This is not JSON, or only the beginning of it.")});
        return;
    }
    JsonReader json(*content);
    std::string key;
    forEachJsonLeaf(json, key, [&](std::string_view path, const JsonLeaf& leaf) {
        const auto quoted = leaf.kind == JsonKind::String ? '"' + leaf.text + '"' : leaf.text;
        if (const auto number = wandbNumber(quoted)) {
            run.summary[std::string(path)] = *number;
        }
    });
}

void fillMetadata(const std::filesystem::path& file, WandbRun& run) {
    const auto content = readFile(file, kMaxFileBytes);
    if (!content.ok()) {
        return;
    }
    std::string program;
    std::vector<std::string> arguments;
    const auto fill = [](std::string& field, const std::string& value) {
        if (field.empty()) {
            field = toValidUtf8(value);
        }
    };
    JsonReader json(*content);
    std::string path;
    forEachJsonLeaf(json, path, [&](std::string_view key, const JsonLeaf& leaf) {
        if (key == "args" && leaf.kind == JsonKind::Array) {
            JsonReader items(leaf.text);
            for (items.enterArray(); items.nextItem();) {
                arguments.push_back(toValidUtf8(items.string().value_or("")));
            }
        } else if (key == "cpu_count_logical" && leaf.kind == JsonKind::Number && run.cpuCount == 0) {
            run.cpuCount = static_cast<int>(std::clamp(leaf.number, 0.0, 1e5));
        } else if (key == "gpu_count" && leaf.kind == JsonKind::Number && run.gpuCount == 0) {
            run.gpuCount = static_cast<int>(std::clamp(leaf.number, 0.0, 1e5));
        } else if (leaf.kind != JsonKind::String) {
            return;
        } else if (key == "gpu") {
            fill(run.gpuType, leaf.text);
        } else if (key == "program") {
            program = leaf.text;
        } else if (key == "os") {
            fill(run.operatingSystem, leaf.text);
        } else if (key == "python") {
            fill(run.python, leaf.text);
        } else if (key == "executable") {
            fill(run.executable, leaf.text);
        } else if (key == "root") {
            fill(run.workingDirectory, leaf.text);
        } else if (key == "host") {
            fill(run.host, leaf.text);
        } else if (key == "git.remote") {
            fill(run.gitRemote, leaf.text);
        } else if (key == "git.commit") {
            fill(run.gitCommit, leaf.text);
        } else if (key == "startedAt" && !run.startTimeMs) {
            run.startTimeMs = parseIsoTime(leaf.text);
        }
    });
    if (run.command.empty() && !program.empty()) {
        run.command = {toValidUtf8(program)};
        run.command.insert(run.command.end(), arguments.begin(), arguments.end());
    }
}

}  // namespace

std::vector<Damage> fillFromFiles(const std::filesystem::path& files, WandbRun& run) {
    std::vector<Damage> damage;
    if (run.config.empty()) {
        fillConfig(files / "config.yaml", run);
    }
    if (run.summary.empty()) {
        fillSummary(files / "wandb-summary.json", run, damage);
    }
    if (run.command.empty() || run.gitCommit.empty() || !run.startTimeMs || run.cpuCount == 0) {
        fillMetadata(files / "wandb-metadata.json", run);
    }
    return damage;
}

std::vector<model::Package> wandbPackages(const std::filesystem::path& files) {
    std::vector<model::Package> packages;
    const auto content = readFile(files / "requirements.txt", kMaxFileBytes);
    std::string_view rest = content.ok() ? std::string_view(*content) : std::string_view();
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        const auto line = trimmed(rest.substr(0, end));
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
        if (const auto equals = line.find("=="); equals != std::string_view::npos && equals > 0) {
            packages.push_back({toValidUtf8(line.substr(0, equals)), toValidUtf8(line.substr(equals + 2))});
        }
    }
    std::sort(packages.begin(), packages.end(), [](const model::Package& a, const model::Package& b) {
        return std::lexicographical_compare(a.name.begin(), a.name.end(), b.name.begin(), b.name.end(),
                                            [](char x, char y) { return lower(x) < lower(y); });
    });
    return packages;
}

}  // namespace runglass::sources
