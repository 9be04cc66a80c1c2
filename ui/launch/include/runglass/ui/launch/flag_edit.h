// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runglass/launch/script_flags.h"

namespace runglass::ui {

/// The value that a command line gives a flag: nothing where it is not named; `true` and `false` for
/// switches.
std::optional<std::string> flagValue(const std::string& line, const launch::ScriptFlag& flag,
                                     const launch::ScriptFlags& declared);

/// `line` with the flag given that value, or without the flag. Everything else stays letter for letter; the
/// flag keeps the spelling that it has there (`-b 32`, `--lr=0.1`).
std::string withFlagValue(const std::string& line, const launch::ScriptFlag& flag,
                          const std::optional<std::string>& value);

}  // namespace runglass::ui
