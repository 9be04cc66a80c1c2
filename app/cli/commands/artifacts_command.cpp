// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "command_table.h"
#include "csv.h"
#include "json_writer.h"
#include "output.h"
#include "progress_line.h"
#include "project_data.h"
#include "run_json.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/sources/artifact_content.h"
#include "text_table.h"

namespace runglass::cli {

namespace {

void list(Format format, const std::vector<model::Artifact>& artifacts) {
    switch (format) {
        case Format::Json: {
            JsonWriter json(1);
            json.beginArray();
            for (const auto& artifact : artifacts) {
                json.beginObject();
                writeArtifact(json, artifact);
                json.endObject();
            }
            json.endArray();
            break;
        }
        case Format::Csv:
            printCsv({"path", "size", "sha256"});
            for (const auto& artifact : artifacts) {
                printCsv({artifact.path, std::to_string(artifact.size), artifact.sha256});
            }
            break;
        case Format::Table: {
            TextTable table;
            table.addColumn("path");
            table.addColumn("bytes", TextTable::Align::Right);
            for (const auto& artifact : artifacts) {
                table.addRow({artifact.path, std::to_string(artifact.size)});
            }
            table.print();
        }
    }
}

Result<int> artifacts(const Invocation& invocation) {
    const auto& words = invocation.arguments();
    const auto target = invocation.value("--output");
    RUNGLASS_ASSIGN(auto project, openProject(invocation));
    RUNGLASS_TRY(loadRuns(project));  // also for own runs, whose files may lie where another tool left them
    RUNGLASS_ASSIGN(const auto id, resolveRun(project, words.front()));
    RUNGLASS_ASSIGN(const auto detail, project.runs.detail(id));
    if (words.size() < 2) {
        if (target) {
            return Error{ErrorCode::Invalid, tr("Which one? Put its name after the run."), {}};
        }
        list(invocation.format(), detail.artifacts);
        return 0;
    }
    const auto found = std::ranges::find(detail.artifacts, words[1], &model::Artifact::path);
    if (found == detail.artifacts.end()) {
        return Error{ErrorCode::NotFound,
                     tr("Run {} has no artifact {}. Those that it has: runglass artifacts {}", id.shortHex(),
                        toValidUtf8(words[1]), id.shortHex()),
                     {}};
    }
    if (!target) {
        RUNGLASS_TRY(sources::forEachPieceOf(project.runs, id, *found,
                                             [](std::string_view piece) {
                                                 print(piece);
                                                 return Result<void>();
                                             },
                                             {}));
        return 0;
    }
    jobs::Progress progress;
    const ProgressLine line(progress);
    RUNGLASS_TRY(sources::saveArtifact(project.runs, id, *found, *target, {}, &progress));
    return 0;
}

}  // namespace

Command artifactsCommand() {
    return {.name = "artifacts",
            .summary = "list the files of a run, or copy one out",
            .description =
                "The files that a run has kept, whatever tool kept them. With a name, the content of that "
                "one, byte for byte, on standard output or as a file of its own. Images, texts and "
                "histograms out of event files are among them.",
            .arguments = {{.name = "RUN",
                           .help = "An id, the beginning of one, or a name.",
                           .completes = Completes::Run},
                          {.name = "NAME",
                           .help = "One of the files, as the list names it.",
                           .completes = Completes::Nothing,
                           .required = false}},
            .options = {{.name = "--output",
                         .value = "FILE",
                         .help = "Where to put the file. One that is there is replaced.",
                         .letter = 'o',
                         .completes = Completes::File}},
            .examples = {{"runglass artifacts 8f3a1c20", "What there is."},
                         {"runglass artifacts 8f3a1c20 model.onnx -o best.onnx", "One of them, as a file."},
                         {"runglass artifacts 8f3a1c20 report.txt | less", "One of them, to read."}},
            .data = true,
            .run = artifacts};
}

}  // namespace runglass::cli
