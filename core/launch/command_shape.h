// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/model/run_detail.h"

namespace runglass::launch {

/// The parts of a command line: wrappers and launchers (`env A=1 nohup uv run torchrun --nproc_per_node 4`),
/// an interpreter, the script or module, and the arguments that are the script's own.
struct CommandShape {
    std::size_t program = 0;  ///< what runs after the wrappers: interpreter, launcher or the program itself
    std::optional<std::size_t> script;         ///< index of the script file or of the module's name
    bool isModule = false;                     ///< `script` names a module (`-m pkg.train`)
    std::size_t firstArgument = 0;             ///< of the script or program; may equal the number of words
    std::vector<model::Variable> environment;  ///< assignments made by `env`
    std::string condaEnvironment;              ///< `conda run -n NAME` or `-p PREFIX`
};

/// Reads the words only; looks at no file.
CommandShape shapeOf(const std::vector<std::string>& command);

/// `/usr/bin/python3.11` → `python3.11`.
std::string_view baseName(std::string_view path);
/// `python`, `python3`, `python3.11`, `pypy3`, `pythonw`.
bool isPython(std::string_view programName);
/// Whether argparse would read `word` as a number rather than as an option (`-1`, `-.5`, `-3e-4`).
bool isNegativeNumber(std::string_view word);
/// Splits `NAME=value`, where NAME is a C identifier.
std::optional<model::Variable> assignment(std::string_view word);

}  // namespace runglass::launch
