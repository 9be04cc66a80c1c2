// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "runglass/base/text.h"
#include "runglass/launch/launcher.h"
#include "runglass/store/layout.h"

namespace {

using namespace runglass;

int fail(const Error& error) {
    std::fprintf(stderr, "runglass: %s\n", error.message.c_str());
    return 2;
}

/// `supervise RUN_FOLDER` and `supervise --attach PID RUN_FOLDER`: for launch() and runglass.py only.
int supervise(int argc, char** argv) {
    if (argc == 2) {
        return launch::superviseMain(argv[1]);
    }
    const auto pid = argc == 4 && std::strcmp(argv[1], "--attach") == 0 ? parseInt(argv[2]) : std::nullopt;
    return pid ? launch::superviseAttached(static_cast<int>(*pid), argv[3]) : 2;
}

int run(int argc, char** argv) {
    launch::LaunchSpec spec;
    spec.workingDirectory = std::filesystem::current_path();
    spec.project = store::findProject(spec.workingDirectory);
    spec.inheritInput = true;
    const int first = argc > 1 && std::strcmp(argv[1], "--") == 0 ? 2 : 1;
    spec.command.assign(argv + first, argv + argc);
    const auto id = launch::launch(spec);
    if (!id.ok()) {
        return fail(id.error());
    }
    const auto outcome = launch::followInForeground(spec.project, *id);
    return outcome.ok() ? outcome->exitCode : fail(outcome.error());
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view command = argc > 1 ? argv[1] : "";
    if (command == "supervise") {
        return supervise(argc - 1, argv + 1);
    }
    if (command == "run") {
        return run(argc - 1, argv + 1);
    }
    return 2;
}
