// SPDX-License-Identifier: GPL-3.0-or-later
#include "project_patterns.h"

#include <simdjson.h>

#include "runglass/base/file.h"
#include "runglass/base/translate.h"
#include "runglass/store/layout.h"

namespace runglass::launch {

namespace {

constexpr std::uint64_t kMaxSettingsBytes = 1U << 20U;

}  // namespace

std::vector<std::string> addProjectPatterns(const std::filesystem::path& project, ConsoleScalars& scalars) {
    const auto content = readFile(store::Layout(project).settings(), kMaxSettingsBytes);
    if (!content.ok()) {
        return {};  // no settings; a file that cannot be read is the desktop's to complain about
    }
    simdjson::dom::parser parser;
    simdjson::dom::element settings;
    if (const auto error = parser.parse(*content).get(settings)) {
        return {tr("settings.json of the project is not JSON ({}). Its console patterns were not used.",
                   simdjson::error_message(error))};
    }
    simdjson::dom::array patterns;
    if (settings.at_pointer("/console/patterns").get(patterns) != simdjson::SUCCESS) {
        return {};
    }
    std::vector<std::string> problems;
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
    return problems;
}

}  // namespace runglass::launch
