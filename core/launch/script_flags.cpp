// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/launch/script_flags.h"

#include <algorithm>

#include "command_shape.h"

namespace runglass::launch {

ScriptFlags detectFlags(std::string_view) {
    return {};
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
