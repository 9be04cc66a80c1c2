// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/launch/launch_spec.h"
#include "runglass/launch/script_flags.h"
#include "runglass/model/run_detail.h"

namespace runglass::launch {

/// Params that a command line states: `--lr 3e-3`, `--lr=3e-3`, `-b 32`, `-b32`, `--flag` (→ `true`),
/// `--no-flag` (→ `false`), Hydra's `optimizer.lr=0.1`, `+model=cnn`, `++model=cnn` and `~model` (→ key
/// `~model`, empty). Keys are as written without their dashes, values as written. Wrappers, launchers
/// (torchrun, accelerate launch, uv run …), interpreter, `-m module` and script are not params. A repeated
/// flag keeps its last value.
std::vector<model::Variable> paramsFromCommand(const std::vector<std::string>& command);
/// The same with what the script declares, which settles what the words alone leave open: whether a flag
/// takes a value, several values, or may be repeated (its values are then joined with spaces).
std::vector<model::Variable> paramsFromCommand(const std::vector<std::string>& command,
                                               const ScriptFlags& declared);

/// Configuration files that the command names (existing .yaml, .yml, .json, .toml files inside or outside the
/// project). Why others are not recorded is added to `problems`.
std::vector<model::ConfigFile> configFilesOf(const std::vector<std::string>& command,
                                             const std::filesystem::path& workingDirectory,
                                             std::vector<std::string>& problems);

/// Whether the value of a variable of this name must not be stored (TOKEN, SECRET, PASSWORD, KEY, credentials
/// in URLs …).
bool looksLikeSecret(std::string_view name, std::string_view value);

/// Interpreter, virtual environment and installed distributions, found from the command and read from
/// metadata (pyvenv.cfg, *.dist-info/METADATA, *.egg-info); nothing is executed.
model::Environment captureEnvironment(const std::vector<std::string>& command,
                                      const std::filesystem::path& workingDirectory,
                                      const std::vector<model::Variable>& environment);
model::Hardware captureHardware();

/// The program file that `name` stands for: looked for in `path` (the value of PATH) unless it has a slash.
std::optional<std::filesystem::path> findProgram(std::string_view name, std::string_view path,
                                                 const std::filesystem::path& workingDirectory);

/// All of the above for one launch: a RunDetail ready for RunWriter::createRun, without snapshot and status.
model::RunDetail captureRun(const LaunchSpec& spec);

}  // namespace runglass::launch
