// SPDX-License-Identifier: GPL-3.0-or-later
#include "values_of_run.h"

#include <algorithm>

#include "runglass/base/translate.h"
#include "runglass/config/flatten.h"

namespace runglass::compare {

namespace {

Values pairValues(const std::vector<model::KeyValue>& pairs) {
    Values values;
    for (const auto& [key, value] : pairs) {
        values.emplace(key.str(), value.str());
    }
    return values;
}

Values packageValues(const model::RunDetail& run) {
    Values values;
    if (run.environment) {
        for (const auto& package : run.environment->packages) {
            values.emplace(package.name, package.version);
        }
    }
    return values;
}

void put(Values& values, const std::string& key, const std::string& value) {
    if (!value.empty()) {
        values[key] = value;
    }
}

Values environmentValues(const model::RunDetail& run) {
    Values values;
    if (!run.environment) {
        return values;
    }
    put(values, tr("Python"), run.environment->pythonVersion);
    put(values, tr("Python interpreter"), run.environment->pythonExecutable);
    put(values, tr("Virtual environment"), run.environment->virtualEnvironment);
    for (const auto& [name, value] : run.environment->variables) {
        values["$" + name] = value;
    }
    for (const auto& name : run.environment->withheld) {
        values["$" + name] = tr("(withheld)");
    }
    return values;
}

Values hardwareValues(const model::RunDetail& run) {
    Values values;
    if (!run.environment) {
        return values;
    }
    const auto& hardware = run.environment->hardware;
    put(values, tr("Host"), hardware.hostName);
    put(values, tr("Operating system"), hardware.operatingSystem);
    put(values, tr("CPU"), hardware.cpuModel);
    put(values, tr("CPUs"), hardware.cpuCount > 0 ? std::to_string(hardware.cpuCount) : std::string());
    put(values, tr("Memory (bytes)"),
        hardware.memoryBytes > 0 ? std::to_string(hardware.memoryBytes) : std::string());
    for (std::size_t i = 0; i < hardware.gpus.size(); ++i) {
        put(values, tr("GPU {}", i), hardware.gpus[i]);
    }
    put(values, tr("GPU driver"), hardware.gpuDriver);
    return values;
}

Values dataValues(const model::RunDetail& run) {
    Values values;
    for (const auto& dataset : run.datasets) {
        put(values, dataset.name, dataset.digest.empty() ? dataset.location : dataset.digest);
    }
    return values;
}

/// The flattened values of one file; its digest where it cannot be read as what its name says.
void addConfig(Values& values, const model::ConfigFile& file, const std::string& prefix) {
    const auto flattened =
        config::flattenConfig(file.content, std::filesystem::path(file.path).extension().native());
    if (!flattened) {
        values[prefix + tr("(content)")] = "sha256:" + file.sha256.substr(0, 12);
        return;
    }
    for (const auto& [key, value] : *flattened) {
        values[prefix + key] = value;
    }
}

/// Where no run has more than one file, keys stand for themselves, so that a.yaml and b.yaml of two runs are
/// compared with each other.
std::vector<Values> configValues(const std::vector<model::RunDetail>& runs) {
    const bool single =
        std::ranges::all_of(runs, [](const auto& run) { return run.configFiles.size() <= 1; });
    std::vector<Values> all;
    for (const auto& run : runs) {
        Values values;
        for (const auto& file : run.configFiles) {
            if (single) {
                values[tr("(file)")] = file.path;
            }
            addConfig(values, file, single ? std::string() : file.path + ": ");
        }
        all.push_back(std::move(values));
    }
    return all;
}

bool isFlag(const std::string& word) {
    // A negative number is a value.
    return word.size() > 1 && word[0] == '-' && !(word[1] >= '0' && word[1] <= '9') && word[1] != '.';
}

Values valuesOfOne(Section::Kind kind, const model::RunDetail& run) {
    switch (kind) {
        case Section::Kind::Params:
            return pairValues(run.record.params);
        case Section::Kind::Tags:
            return pairValues(run.record.tags);
        case Section::Kind::Packages:
            return packageValues(run);
        case Section::Kind::Environment:
            return environmentValues(run);
        case Section::Kind::Hardware:
            return hardwareValues(run);
        case Section::Kind::Data:
            return dataValues(run);
        case Section::Kind::CommandLine: {
            auto values = commandValues(run.command);
            put(values, tr("(folder)"), run.workingDirectory);
            return values;
        }
        case Section::Kind::Config:
            break;
    }
    return {};
}

}  // namespace

Values commandValues(const std::vector<std::string>& command) {
    Values values;
    int position = 0;
    for (std::size_t i = 0; i < command.size(); ++i) {
        const auto& word = command[i];
        const auto equals = word.find('=');
        if (isFlag(word) && equals != std::string::npos) {
            values[word.substr(0, equals)] = word.substr(equals + 1);
        } else if (isFlag(word)) {
            const bool hasValue = i + 1 < command.size() && !isFlag(command[i + 1]);
            values[word] = hasValue ? command[++i] : "true";
        } else if (equals != std::string::npos && equals > 0) {
            values[word.substr(0, equals)] = word.substr(equals + 1);
        } else {
            values[tr("argument {}", position++)] = word;
        }
    }
    return values;
}

std::vector<Values> valuesOf(Section::Kind kind, const std::vector<model::RunDetail>& runs) {
    if (kind == Section::Kind::Config) {
        return configValues(runs);
    }
    std::vector<Values> all;
    for (const auto& run : runs) {
        all.push_back(valuesOfOne(kind, run));
    }
    return all;
}

}  // namespace runglass::compare
