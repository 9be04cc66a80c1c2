// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "command_shape.h"
#include "runglass/model/run_detail.h"

namespace runglass::launch {

/// A Python installation as its files tell it.
struct PythonInterpreter {
    std::filesystem::path executable;  ///< as the command would start it, symbolic links kept
    std::string version;               ///< `3.11.2`; `3.11` where the files do not tell more
    std::filesystem::path
        virtualEnvironment;  ///< folder of pyvenv.cfg or of a conda environment; empty: none
    /// Folders with installed distributions in the order of sys.path.
    std::vector<std::filesystem::path> siteFolders;
};

/// Value of a variable in an environment; the last assignment counts. Empty when it is not set.
std::string_view variable(const std::vector<model::Variable>& environment, std::string_view name);

/// The Python that a command starts, directly, through a launcher (`uv run`, `conda run`, torchrun …) or by
/// the first line of its script; nothing where it is no Python program. Nothing is executed.
std::optional<PythonInterpreter> findPython(const std::vector<std::string>& command,
                                            const std::filesystem::path& workingDirectory,
                                            const std::vector<model::Variable>& environment);

/// Distributions installed in the folders, by name; of two with the same name the one in the earlier folder.
/// Names and versions come from the folder names `name-version.dist-info`; files are opened only where those
/// do not tell.
std::vector<model::Package> installedPackages(const PythonInterpreter& python);

}  // namespace runglass::launch
