// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>

#include "command_table.h"
#include "desktop.h"
#include "invocation.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::cli {

namespace {

/// `1440x900` → whether both sides are sensible numbers of pixels.
bool isSize(const std::string& text) {
    const auto cross = text.find('x');
    if (cross == std::string::npos) {
        return false;
    }
    const auto side = [](std::string_view number) {
        const auto value = parseInt(number);
        return value && *value >= 100 && *value <= 16'384;
    };
    return side(std::string_view(text).substr(0, cross)) && side(std::string_view(text).substr(cross + 1));
}

Result<std::filesystem::path> folderToOpen(const Invocation& invocation) {
    if (invocation.arguments().empty()) {
        return invocation.project();
    }
    const auto& given = invocation.arguments().front();
    std::error_code failure;
    const auto folder = std::filesystem::canonical(given, failure);
    if (failure) {
        return errorFromErrno(failure.value(), tr("The project cannot be opened."), given);
    }
    if (!std::filesystem::is_directory(folder, failure)) {
        return Error{ErrorCode::Invalid, tr("{} is not a folder. A project is a folder.", given), {}};
    }
    return folder;
}

Result<int> open(const Invocation& invocation) {
    RUNGLASS_ASSIGN(const auto folder, folderToOpen(invocation));
    std::vector<std::string> arguments{folder.native()};
    const auto size = invocation.value("--size");
    if (size && !isSize(*size)) {
        return Error{ErrorCode::Invalid,
                     tr("--size takes WIDTHxHEIGHT in pixels such as 1440x900, not {}.", *size),
                     {}};
    }
    if (size && !invocation.has("--screenshot")) {
        return Error{ErrorCode::Invalid, tr("--size belongs to --screenshot."), {}};
    }
    for (const char* option : {"--view", "--screenshot", "--size"}) {
        if (const auto value = invocation.value(option)) {
            arguments.insert(arguments.end(), {option, *value});
        }
    }
    return becomeDesktop(arguments);
}

}  // namespace

Command openCommand() {
    return {
        .name = "open",
        .summary = "open the desktop on a project",
        .description =
            "Opens the window on a project folder. Any folder will do; one with a git repository or "
            "runs in it has something to show.",
        .arguments = {{.name = "DIR",
                       .help = "The project's folder; by default the project around the current folder.",
                       .completes = Completes::Folder,
                       .required = false}},
        .options = {{.name = "--view",
                     .value = "NAME",
                     .help = "The view to begin with: runs, curves, compare, history or launch.",
                     .choices = {"runs", "curves", "compare", "history", "launch"}},
                    {.name = "--screenshot",
                     .value = "FILE.png",
                     .help = "Saves a picture of the window and ends. Works without a display.",
                     .completes = Completes::File},
                    {.name = "--size", .value = "WxH", .help = "Size of the picture in pixels."}},
        .examples = {{"runglass open", "The project around the current folder."},
                     {"runglass open ~/digits --view history", "Another folder, beginning with the commits."},
                     {"runglass open --view curves --screenshot curves.png --size 1440x900",
                      "A picture for a report, without opening a window."}},
        .run = open};
}

}  // namespace runglass::cli
