// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_table.h"
#include "copy_report.h"
#include "project_data.h"
#include "runglass/base/translate.h"
#include "runglass/exchange/export_run.h"

namespace runglass::cli {

namespace {

std::string formatOf(const Invocation& invocation, const std::filesystem::path& output) {
    if (const auto given = invocation.value("--as")) {
        return *given;
    }
    return output.extension() == ".csv" ? "csv" : "runs";
}

Result<int> exportRuns(const Invocation& invocation) {
    const auto given = invocation.value("--output");
    if (!given) {
        return Error{ErrorCode::Invalid, tr("-o is missing: -o FILE"), {}};
    }
    RUNGLASS_ASSIGN(auto project, openProject(invocation));
    RUNGLASS_TRY(loadRuns(project));  // also for own runs, whose files may lie where another tool left them
    std::vector<RunId> ids;
    for (const auto& name : invocation.arguments()) {
        RUNGLASS_ASSIGN(const auto id, resolveRun(project, name));
        ids.push_back(id);
    }
    const std::filesystem::path output(*given);
    const auto format = formatOf(invocation, output);
    exchange::CopyTally tally;
    if (format == "csv") {
        RUNGLASS_ASSIGN(tally.failures, exchange::writeCsv(project.runs, ids, output));
    } else if (format == "tensorboard") {
        RUNGLASS_ASSIGN(tally.failures, exchange::writeEventFiles(project.runs, ids, output));
    } else {
        RUNGLASS_ASSIGN(tally, exchange::packRuns(project.runs, ids, output));
    }
    sayLeftOut(tally, *project.table);
    return tally.failures.empty() ? 0 : 1;
}

}  // namespace

Command exportCommand() {
    return {.name = "export",
            .summary = "write runs into a file for others",
            .description =
                "One file with everything that is known of the runs, their points bit for bit and their "
                "artifacts, for runglass import; or the points alone as CSV or as TensorBoard event files "
                "(which hold 32-bit values).",
            .arguments = {{.name = "RUN",
                           .help = "Ids, the beginnings of ids, or names.",
                           .completes = Completes::Run,
                           .many = true}},
            .options = {{.name = "--output",
                         .value = "FILE",
                         .help = "The file to write; with --as tensorboard, the folder.",
                         .letter = 'o',
                         .completes = Completes::File},
                        {.name = "--as",
                         .value = "runs|csv|tensorboard",
                         .help = "What to write. Without it: csv for a file that ends in .csv, else runs.",
                         .choices = {"runs", "csv", "tensorboard"}}},
            .examples = {{"runglass export 8f3a1c20 -o best.runs", "A run to hand on."},
                         {"runglass export $(runglass runs -q) -o points.csv", "All points, as a table."},
                         {"runglass export 8f3a1c20 --as tensorboard -o logs", "For TensorBoard."}},
            .run = exportRuns};
}

}  // namespace runglass::cli
