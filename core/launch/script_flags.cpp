// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/launch/script_flags.h"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include "command_shape.h"
#include "flag_readers.h"

namespace runglass::launch {

namespace {

struct Reader {
    const char* name;
    std::vector<ScriptFlag> (*read)(const PythonSource&);
};
constexpr std::array<Reader, 5> kReaders = {{{"argparse", &readArgparse},
                                             {"click", &readClick},
                                             {"typer", &readTyper},
                                             {"absl", &readAbsl},
                                             {"HfArgumentParser", &readDataclasses}}};

/// A script larger than this is not one that a person wrote.
constexpr std::size_t kMaxScriptBytes = 2U << 20U;

}  // namespace

ScriptFlags detectFlags(std::string_view scriptText) {
    ScriptFlags result;
    if (scriptText.size() > kMaxScriptBytes) {
        return result;
    }
    const PythonSource source(scriptText);
    std::unordered_set<std::string> names;
    for (const auto& reader : kReaders) {
        bool found = false;
        for (auto& flag : reader.read(source)) {
            // Subcommands may declare the same flag; the first declaration is shown.
            if (names.insert(flag.name).second) {
                result.flags.push_back(std::move(flag));
                found = true;
            }
        }
        if (found) {
            result.reader += (result.reader.empty() ? "" : ", ") + std::string(reader.name);
        }
    }
    return result;
}

std::string scriptOfCommand(const std::vector<std::string>& command) {
    const auto shape = shapeOf(command);
    if (!shape.script) {
        return {};
    }
    std::string script = command[*shape.script];
    if (shape.isModule) {
        std::replace(script.begin(), script.end(), '.', '/');
        script += ".py";
    }
    return script;
}

}  // namespace runglass::launch
