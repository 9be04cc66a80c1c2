// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_table.h"
#include "generate.h"
#include "invocation.h"
#include "output.h"
#include "runglass/base/translate.h"

namespace runglass::cli {

namespace {

Result<int> generate(const Invocation& invocation) {
    const auto& what = invocation.arguments().front();
    if (what == "man") {
        print(manualPage());
    } else if (what == "bash") {
        print(bashCompletion());
    } else if (what == "zsh") {
        print(zshCompletion());
    } else {
        return Error{ErrorCode::Invalid, tr("__generate makes man, bash or zsh, not {}.", what), {}};
    }
    return 0;
}

}  // namespace

Command generateCommand() {
    return {.name = "__generate",
            .summary = "make the man page and the completions",
            .description = "Called while Runglass is built.",
            .arguments = {{.name = "WHAT", .help = "man, bash or zsh."}},
            .options = {},
            .examples = {},
            .hidden = true,
            .run = generate};
}

}  // namespace runglass::cli
