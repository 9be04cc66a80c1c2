// SPDX-License-Identifier: GPL-3.0-or-later
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include "help.h"
#include "invocation.h"
#include "output.h"
#include "runglass/base/translate.h"

namespace {

using namespace runglass;
using namespace runglass::cli;

/// 2: what was given makes no sense or cannot be used as it is; 1: it makes sense and failed all the same.
int exitCodeOf(ErrorCode code) {
    switch (code) {
        case ErrorCode::Busy:
        case ErrorCode::Full:
        case ErrorCode::Cancelled:
        case ErrorCode::Io:
        case ErrorCode::Internal:
            return 1;
        default:
            return 2;
    }
}

int runCommandLine(const std::vector<std::string>& words) {
    if (words.empty()) {
        print(overviewHelp());
        return 0;
    }
    const auto invocation = Invocation::parse(words);
    if (!invocation) {
        complain(invocation.error().message);
        return exitCodeOf(invocation.error().code);
    }
    if (invocation->wantsVersion()) {
        print("runglass " RUNGLASS_VERSION "\n");
        return 0;
    }
    if (invocation->wantsHelp()) {
        print(invocation->hasCommand() ? commandHelp(invocation->command()) : overviewHelp());
        return 0;
    }
    const auto exitCode = invocation->command().run(*invocation);
    if (!exitCode) {
        complain(exitCode.error().message);
        return exitCodeOf(exitCode.error().code);
    }
    return *exitCode;
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_DFL);  // `runglass runs | head` ends quietly even when the parent ignores it
    int exitCode = 1;
    try {
        exitCode = runCommandLine(std::vector<std::string>(argv + 1, argv + argc));
    } catch (const std::bad_alloc&) {
        complain(tr("There is not enough memory for this."));
    } catch (const std::exception& failure) {
        complain(failure.what());
    }
    return flushOutput() ? exitCode : 1;
}
