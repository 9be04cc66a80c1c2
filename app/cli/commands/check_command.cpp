// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_table.h"
#include "csv.h"
#include "json_writer.h"
#include "output.h"
#include "project_data.h"
#include "runglass/base/translate.h"
#include "runglass/store/integrity.h"
#include "text_width.h"

namespace runglass::cli {

namespace {

using store::IntegrityFinding;
using store::IntegrityReport;

const char* kindName(IntegrityFinding::Kind kind) {
    switch (kind) {
        case IntegrityFinding::Kind::Database:
            return "database";
        case IntegrityFinding::Kind::Run:
            return "run";
        case IntegrityFinding::Kind::Series:
            return "series";
        case IntegrityFinding::Kind::Artifact:
            return "artifact";
        case IntegrityFinding::Kind::Snapshot:
            return "snapshot";
    }
    return "";
}

void printReportJson(const IntegrityReport& report) {
    JsonWriter json(2);
    json.beginObject();
    for (const auto& [name, count] : {std::pair{"runs", report.runs},
                                      {"series", report.series},
                                      {"points", report.points},
                                      {"artifacts", report.artifacts},
                                      {"snapshots", report.snapshots},
                                      {"leftover_files", report.leftoverFiles},
                                      {"leftover_bytes", report.leftoverBytes},
                                      {"waiting_calls", report.waitingCalls}}) {
        json.integer(name, static_cast<std::int64_t>(count));
    }
    json.beginArray("findings");
    for (const auto& finding : report.findings) {
        json.beginObject();
        json.text("kind", kindName(finding.kind));
        json.textOrNull("run", finding.run ? finding.run->hex() : std::string());
        json.text("message", finding.message);
        json.endObject();
    }
    json.endArray();
    json.endObject();
}

void printReport(const IntegrityReport& report, Format format) {
    if (format == Format::Json) {
        printReportJson(report);
        return;
    }
    if (format == Format::Csv) {
        printCsv({"kind", "run", "message"});
        for (const auto& finding : report.findings) {
            printCsv(
                {kindName(finding.kind), finding.run ? finding.run->hex() : std::string(), finding.message});
        }
        return;
    }
    for (const auto& finding : report.findings) {
        print(std::string(kindName(finding.kind)) + ": " + printable(finding.message) + "\n");
    }
    print(tr("Checked runs: {}, series: {}, points: {}, artifacts: {}, snapshots: {}. {}", report.runs,
             report.series, report.points, report.artifacts, report.snapshots,
             report.clean() ? tr("All are whole.") : tr("Findings: {}.", report.findings.size())) +
          "\n");
    if (report.leftoverFiles > 0) {
        print(tr("Files below .runglass/artifacts that belong to no run: {} ({} bytes). They do no harm.",
                 report.leftoverFiles, report.leftoverBytes) +
              "\n");
    }
    if (report.waitingCalls > 0) {
        print(tr("Calls of scripts that an endpoint took in before it was killed, in .runglass/aside: {}. "
                 "They are "
                 "written into the run database by the next command that opens the project, such as runglass "
                 "runs.",
                 report.waitingCalls) +
              "\n");
    }
}

Result<int> check(const Invocation& invocation) {
    RUNGLASS_ASSIGN(const auto folder, invocation.project());
    const auto target = invocation.value("--salvage");
    auto report = target ? store::salvage(folder, *target) : store::checkIntegrity(folder);
    if (!report) {
        return std::move(report).error();
    }
    printReport(*report, invocation.format());
    if (target && invocation.format() == Format::Table) {
        print(tr("The copy is a project of its own: runglass runs --project {}", printable(*target)) + "\n");
    }
    return report->clean() ? 0 : 1;
}

}  // namespace

Command checkCommand() {
    return {
        .name = "check",
        .summary = "check the run database, artifacts and snapshots",
        .description =
            "Reads everything that is recorded and compares it with its checksums. Changes nothing. Exit "
            "code 1 "
            "when something is not as it was written.",
        .arguments = {},
        .options = {{.name = "--salvage",
                     .value = "DIR",
                     .help = "Makes this folder, a project with every run that can be read. The damaged "
                             "run database stays as it is.",
                     .completes = Completes::File}},
        .examples = {{"runglass check", "Checks the project around the current folder."},
                     {"runglass check --salvage rescued", "Saves what can be read of a damaged database."}},
        .data = true,
        .run = check};
}

}  // namespace runglass::cli
