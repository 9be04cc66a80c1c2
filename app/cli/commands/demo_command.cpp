// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_table.h"
#include "invocation.h"
#include "output.h"
#include "runglass/base/translate.h"
#include "runglass/demo/demo.h"
#include "text_width.h"

namespace runglass::cli {

namespace {

Result<int> demo(const Invocation& invocation) {
    const auto& folder = invocation.arguments().front();
    RUNGLASS_TRY(demo::makeDemo(folder, [](int step, int steps, const std::string& what) {
        print(tr("[{}/{}] {}", step, steps, printable(what)) + "\n");
        flushOutput();
    }));
    const auto place = printable(folder);
    print(tr("The demo is in {}. Look at it: runglass open {}", place, place) + "\n");
    return 0;
}

}  // namespace

Command demoCommand() {
    return {
        .name = "demo",
        .summary = "make a real project with runs, by really training",
        .description =
            "Makes a git project with several versions of a training script and trains it on the UCI digits "
            "that come with scikit-learn, in about a minute.",
        .arguments = {{.name = "DIR",
                       .help = "The folder to make; it must not exist or be empty.",
                       .completes = Completes::Folder}},
        .options = {},
        .examples = {{"runglass demo ~/runglass-demo",
                      "Makes it; runglass open ~/runglass-demo then shows it."}},
        .run = demo};
}

}  // namespace runglass::cli
