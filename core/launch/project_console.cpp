// SPDX-License-Identifier: GPL-3.0-or-later
#include "project_console.h"

#include <simdjson.h>

#include <optional>
#include <string_view>

#include "runglass/base/file.h"
#include "runglass/base/translate.h"
#include "runglass/store/layout.h"

namespace runglass::launch {

namespace {

constexpr std::uint64_t kMaxSettingsBytes = 1U << 20U;

std::optional<ConsolePolicy> policyFromName(std::string_view name) {
    if (name == "until_logged") {
        return ConsolePolicy::UntilLogged;
    }
    if (name == "always") {
        return ConsolePolicy::Always;
    }
    return name == "never" ? std::optional(ConsolePolicy::Never) : std::nullopt;
}

void addPatterns(const simdjson::dom::array& patterns, ConsoleScalars& scalars,
                 std::vector<std::string>& problems) {
    for (const auto item : patterns) {
        std::string_view pattern;
        if (item.get(pattern) != simdjson::SUCCESS) {
            problems.push_back(tr("A console pattern in settings.json is not text."));
            continue;
        }
        if (const auto added = scalars.addPattern(pattern); !added.ok()) {
            problems.push_back(
                tr("Console pattern `{}` was not used. {}", std::string(pattern), added.error().message));
        }
    }
}

}  // namespace

ProjectConsole readProjectConsole(const std::filesystem::path& project, ConsoleScalars& scalars) {
    ProjectConsole console;
    const auto content = readFile(store::Layout(project).settings(), kMaxSettingsBytes);
    if (!content.ok()) {
        return console;  // no settings; a file that cannot be read is the desktop's to complain about
    }
    simdjson::dom::parser parser;
    simdjson::dom::element settings;
    if (const auto error = parser.parse(*content).get(settings)) {
        console.problems.push_back(
            tr("settings.json of the project is not JSON ({}). Its console patterns were not used.",
               simdjson::error_message(error)));
        return console;
    }
    simdjson::dom::array patterns;
    if (settings.at_pointer("/console/patterns").get(patterns) == simdjson::SUCCESS && patterns.size() > 0) {
        console.policy = ConsolePolicy::Always;
        addPatterns(patterns, scalars, console.problems);
    }
    std::string_view name;
    if (settings.at_pointer("/console/scalars").get(name) == simdjson::SUCCESS) {
        if (const auto policy = policyFromName(name)) {
            console.policy = *policy;
        } else {
            console.problems.push_back(
                tr("`console.scalars` in settings.json is `{}`. It can be until_logged, always or never.",
                   std::string(name)));
        }
    }
    return console;
}

}  // namespace runglass::launch
