// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_table.h"
#include "output.h"
#include "project_data.h"
#include "runglass/base/translate.h"
#include "text_width.h"
#include "words.h"

namespace runglass::cli {

namespace {

constexpr std::size_t kMostRuns = 500;  // a shell shows no more in a useful way

void printRunWords(const model::RunTable& table) {
    const auto first = table.runs.size() > kMostRuns ? table.runs.size() - kMostRuns : 0;
    for (std::size_t i = table.runs.size(); i > first; --i) {
        const auto& run = *table.runs[i - 1];
        if (!run.archived) {
            print(run.id.shortHex() + "\t" + printable(run.name) + ", " +
                  std::string(model::statusName(run.status)) + " " + localTime(run.startTimeMs) + "\n");
        }
    }
}

Result<int> complete(const Invocation& invocation) {
    RUNGLASS_ASSIGN(auto project, openProject(invocation));
    RUNGLASS_ASSIGN(const auto table, loadRuns(project));
    const auto& what = invocation.arguments().front();
    if (what == "runs") {
        printRunWords(*table);
    } else if (what == "metrics") {
        for (const auto key : table->metricKeys) {
            print(printable(key.text()) + "\t\n");
        }
    } else {
        return Error{ErrorCode::Invalid, tr("__complete knows runs and metrics, not {}.", what), {}};
    }
    return 0;
}

}  // namespace

Command completeCommand() {
    return {.name = "__complete",
            .summary = "words for the shells' completion",
            .description = "Called by the completions of bash and zsh.",
            .arguments = {{.name = "WHAT", .help = "runs or metrics."}},
            .options = {},
            .examples = {},
            .hidden = true,
            .run = complete};
}

}  // namespace runglass::cli
