// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "python_interpreter.h"
#include "runglass/base/text.h"
#include "runglass/launch/capture.h"

namespace runglass::launch {

namespace {

/// Shell functions that bash exports (`BASH_FUNC_name%%`) are code, not settings.
bool isExportedFunction(std::string_view name) {
    return name.starts_with("BASH_FUNC_");
}

void keepVariables(const std::vector<model::Variable>& variables, model::Environment& environment) {
    for (const auto& [name, value] : variables) {
        if (isExportedFunction(name)) {
            continue;
        }
        if (looksLikeSecret(name, value)) {
            environment.withheld.push_back(toValidUtf8(name));
        } else {
            environment.variables.emplace_back(toValidUtf8(name), toValidUtf8(value));
        }
    }
    std::sort(environment.variables.begin(), environment.variables.end());
    std::sort(environment.withheld.begin(), environment.withheld.end());
}

}  // namespace

model::Environment captureEnvironment(const std::vector<std::string>& command,
                                      const std::filesystem::path& workingDirectory,
                                      const std::vector<model::Variable>& environment) {
    model::Environment captured;
    if (const auto python = findPython(command, workingDirectory, environment)) {
        captured.pythonExecutable = toValidUtf8(python->executable.native());
        captured.pythonVersion = python->version;
        captured.virtualEnvironment = toValidUtf8(python->virtualEnvironment.native());
        captured.packages = installedPackages(*python);
    }
    keepVariables(environment, captured);
    captured.hardware = captureHardware();
    return captured;
}

}  // namespace runglass::launch
