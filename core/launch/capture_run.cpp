// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>

#include <algorithm>
#include <map>

#include "command_shape.h"
#include "redaction.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/config/flatten.h"
#include "runglass/launch/capture.h"
#include "runglass/model/experiment_name.h"

namespace runglass::launch {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxScriptBytes = 2U << 20U;
constexpr std::size_t kMaxNameLength = 60;

/// This process's environment with the launch's additions; names are unique.
std::vector<model::Variable> environmentOf(const LaunchSpec& spec) {
    std::map<std::string, std::string> variables;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const auto sign = text.find('=');
        if (sign != std::string_view::npos && sign > 0) {
            variables.insert_or_assign(std::string(text.substr(0, sign)), std::string(text.substr(sign + 1)));
        }
    }
    for (const auto& additions : {shapeOf(spec.command).environment, spec.environment}) {
        for (const auto& [name, value] : additions) {
            variables.insert_or_assign(name, value);
        }
    }
    return {variables.begin(), variables.end()};
}

/// `train.py` → `train`, `-m pkg.train` → `pkg.train`, `/bin/true` → `true`.
std::string nameFromCommand(const std::vector<std::string>& command) {
    const auto shape = shapeOf(command);
    const auto index = shape.script.value_or(shape.program);
    if (index >= command.size()) {
        return {};
    }
    if (shape.isModule) {
        return command[index];
    }
    std::string name(baseName(command[index]));
    for (const std::string_view suffix : {".py", ".sh"}) {
        if (name.ends_with(suffix) && name.size() > suffix.size()) {
            name.resize(name.size() - suffix.size());
        }
    }
    name.resize(std::min(name.size(), kMaxNameLength));
    return toValidUtf8(name);
}

/// What the script declares, when it can be read; otherwise nothing is known.
ScriptFlags declaredFlags(const std::vector<std::string>& command, const fs::path& workingDirectory) {
    const auto script = scriptOfCommand(command);
    if (!script.ends_with(".py")) {
        return {};
    }
    const auto text = readFile(workingDirectory / script, kMaxScriptBytes);
    return text ? detectFlags(*text) : ScriptFlags{};
}

/// `learning-rate` on the command line and `learning_rate` in a file are one param.
std::string comparable(std::string_view key) {
    std::string text(key);
    std::replace(text.begin(), text.end(), '-', '_');
    return text;
}

/// Params from the weakest source to the strongest: configuration files in the order they are named, the
/// command line, the person.
class Params {
public:
    void set(const model::Variable& param) {
        const std::string key = comparable(param.first);
        m_values.insert_or_assign(key, param);
    }

    /// Hydra's `~key`: the entry and everything below it goes.
    void remove(std::string_view key) {
        const std::string exact = comparable(key);
        std::erase_if(m_values, [&](const auto& entry) {
            return entry.first == exact || entry.first.starts_with(exact + ".");
        });
    }

    void store(model::RunRecord& record) const {
        for (const auto& [key, param] : m_values) {
            record.params.push_back({Symbol(toValidUtf8(param.first)), Symbol(toValidUtf8(param.second))});
        }
    }

private:
    std::map<std::string, model::Variable> m_values;
};

void addConfigParams(const std::vector<model::ConfigFile>& files, Params& params, model::RunDetail& detail) {
    for (const auto& file : files) {
        const auto values = config::flattenConfig(file.content, fs::path(file.path).extension().native());
        if (!values) {
            detail.problems.push_back(tr("The params of {} are not recorded one by one. {}",
                                         toValidUtf8(file.path), values.error().message));
            continue;
        }
        for (const auto& value : *values) {
            params.set(value);
        }
    }
}

void addCommandParams(const std::vector<model::Variable>& commandParams, Params& params) {
    for (const auto& param : commandParams) {
        if (param.first.starts_with('~')) {
            params.remove(std::string_view(param.first).substr(1));
        }
        params.set(param);
    }
}

std::vector<model::Dataset> datasetsOf(const LaunchSpec& spec, const fs::path& workingDirectory,
                                       std::vector<std::string>& problems) {
    std::vector<model::Dataset> datasets;
    for (const auto& [name, location] : spec.datasets) {
        model::Dataset dataset{toValidUtf8(name), {}, toValidUtf8(location), {}};
        std::error_code ignored;
        const fs::path path = workingDirectory / location;
        if (fs::is_regular_file(path, ignored)) {
            if (auto digest = sha256OfFile(path)) {
                dataset.digest = "sha256:" + *digest;
            }
        } else if (!fs::exists(path, ignored) && location.find("://") == std::string::npos) {
            problems.push_back(tr("Dataset {} was not found at {}.", dataset.name, dataset.location));
        }
        datasets.push_back(std::move(dataset));
    }
    return datasets;
}

}  // namespace

model::RunDetail captureRun(const LaunchSpec& spec) {
    const fs::path workingDirectory = spec.workingDirectory.empty() ? spec.project : spec.workingDirectory;
    model::RunDetail detail;
    detail.record.name = spec.name.empty() ? nameFromCommand(spec.command) : toValidUtf8(spec.name);
    detail.record.experiment =
        Symbol(spec.experiment.empty() ? std::string(model::kDefaultExperiment)
                                       : toValidUtf8(model::experimentName(spec.experiment)));
    detail.record.source = Symbol("runglass");
    detail.record.parent = spec.parent;
    detail.command = spec.command;
    detail.workingDirectory = toValidUtf8(workingDirectory.native());
    detail.environment = captureEnvironment(spec.command, workingDirectory, environmentOf(spec));
    detail.configFiles = configFilesOf(spec.command, workingDirectory, detail.problems);

    Params params;
    addConfigParams(detail.configFiles, params, detail);
    addCommandParams(paramsFromCommand(spec.command, declaredFlags(spec.command, workingDirectory)), params);
    for (const auto& param : spec.params) {
        params.set(param);
    }
    params.store(detail.record);
    for (const auto& [key, value] : spec.tags) {
        detail.record.tags.push_back({Symbol(toValidUtf8(key)), Symbol(toValidUtf8(value))});
    }
    detail.record.sortKeys();
    detail.datasets = datasetsOf(spec, workingDirectory, detail.problems);
    withholdSecrets(detail);
    return detail;
}

}  // namespace runglass::launch
