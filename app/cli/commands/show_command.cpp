// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "command_table.h"
#include "csv.h"
#include "output.h"
#include "project_data.h"
#include "run_json.h"
#include "run_models.h"
#include "runglass/base/clock.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/launch/script_flags.h"
#include "runglass/model/silence.h"
#include "runglass/model/uncommitted.h"
#include "runglass/sources/run_models.h"
#include "text_table.h"
#include "text_width.h"
#include "words.h"

namespace runglass::cli {

namespace {

void heading(const std::string& title) {
    print("\n" + title + "\n");
}

void line(const std::string& label, const std::string& value) {
    if (!value.empty()) {
        const auto shown = printable(label);
        print("  " + shown + std::string(shown.size() < 14 ? 14 - shown.size() : 1, ' ') + printable(value) +
              "\n");
    }
}

std::string statusWords(const model::RunRecord& run) {
    std::string words(model::statusName(run.status));
    if (run.signal) {
        words += tr(", signal {}", *run.signal);
    } else if (run.exitCode) {
        words += tr(", exit code {}", *run.exitCode);
    }
    return words;
}

void printHead(const model::RunDetail& detail, bool imported) {
    const auto& run = detail.record;
    print(tr("Run {}: {}", run.number, printable(run.name)) + "\n");
    line(tr("id"), run.id.hex());
    line(tr("status"), statusWords(run));
    line(tr("experiment"), run.experiment.str());
    for (const auto& origin : detail.origins) {
        const auto place = origin.location + (origin.key.empty() ? "" : "  " + origin.key);
        line(origin.source.str(), imported ? tr("imported from {}", place) : place);
    }
    line(tr("start"), localTime(run.startTimeMs));
    line(tr("duration"), durationWords(run.durationMs(nowMs())));
    if (const auto quiet = model::quietForMs(run, nowMs())) {
        line(tr("last logged"), tr("{} ago", durationWords(quiet)));
    }
    line(tr("command"), launch::joinCommand(detail.command));
    line(tr("folder"), detail.workingDirectory);
    line(tr("commit"),
         run.git.commit.empty()
             ? std::string()
             : run.git.commit + (run.git.dirty ? tr(" with uncommitted changes") : std::string()));
    line(tr("branch"), run.git.branch);
    line(tr("snapshot"), run.git.snapshot);
    line(tr("remote"), run.git.remote);
    line(tr("parent"), run.parent ? run.parent->hex() : std::string());
    if (detail.userSeconds && detail.systemSeconds) {
        line(tr("CPU time"),
             durationWords(static_cast<std::int64_t>((*detail.userSeconds + *detail.systemSeconds) * 1e3)));
    }
    line(tr("peak memory"), detail.peakMemoryBytes ? byteWords(*detail.peakMemoryBytes) : std::string());
}

void printPairs(const std::string& title, std::vector<model::KeyValue> pairs) {
    if (pairs.empty()) {
        return;
    }
    std::ranges::sort(pairs, [](const auto& a, const auto& b) { return a.key.text() < b.key.text(); });
    heading(title);
    std::size_t width = 14;
    for (const auto& pair : pairs) {
        width = std::max(width, textWidth(printable(pair.key.text())) + 2);
    }
    for (const auto& pair : pairs) {
        const auto key = printable(pair.key.text());
        print("  " + key + std::string(width - textWidth(key), ' ') + printable(pair.value.text()) + "\n");
    }
}

void printMetrics(const model::RunRecord& run) {
    auto metrics = run.metrics;
    std::erase_if(metrics, [](const auto& metric) { return isSystemMetric(metric.key); });
    if (metrics.empty()) {
        return;
    }
    std::ranges::sort(metrics, [](const auto& a, const auto& b) { return a.key.text() < b.key.text(); });
    heading(tr("Metrics"));
    TextTable table;
    table.addColumn("  " + tr("key"));
    for (const auto& title : {tr("last"), tr("min"), tr("max"), tr("points"), tr("last step")}) {
        table.addColumn(title, TextTable::Align::Right);
    }
    for (const auto& [key, summary, stepMetric] : metrics) {
        table.addRow({"  " + key.str(), formatDouble(summary.last), formatDouble(summary.min),
                      formatDouble(summary.max), std::to_string(summary.count),
                      std::to_string(summary.lastStep)});
    }
    table.print();
}

void printEnvironment(const model::Environment& environment) {
    heading(tr("Environment"));
    line(tr("python"), environment.pythonVersion.empty()
                           ? std::string()
                           : environment.pythonVersion + "  " + environment.pythonExecutable);
    line(tr("packages"),
         environment.packages.empty() ? std::string() : std::to_string(environment.packages.size()));
    line(tr("variables"),
         environment.variables.empty() ? std::string() : std::to_string(environment.variables.size()));
    line(tr("withheld"), environment.withheld.empty()
                             ? std::string()
                             : tr("{} variables that look like secrets", environment.withheld.size()));
    const auto& hardware = environment.hardware;
    line(tr("machine"),
         hardware.hostName + (hardware.operatingSystem.empty() ? "" : ", " + hardware.operatingSystem));
    line(tr("CPU"), hardware.cpuCount == 0      ? hardware.cpuModel
                    : hardware.cpuModel.empty() ? tr("{} logical processors", hardware.cpuCount)
                                                : tr("{} × {}", hardware.cpuCount, hardware.cpuModel));
    line(tr("memory"), hardware.memoryBytes > 0 ? byteWords(hardware.memoryBytes) : std::string());
    for (const auto& gpu : hardware.gpus) {
        line(tr("GPU"), gpu);
    }
}

void printFiles(const model::RunDetail& detail) {
    if (!detail.datasets.empty()) {
        heading(tr("Data"));
        for (const auto& dataset : detail.datasets) {
            constexpr std::size_t kShortProfile = 120;  // MLflow's may describe every column
            const bool isShort = !dataset.profile.empty() && dataset.profile.size() <= kShortProfile;
            line(dataset.name, dataset.location + "  " + dataset.digest.substr(0, 12) +
                                   (isShort ? "  " + dataset.profile : std::string()));
        }
    }
    if (!detail.artifacts.empty()) {
        heading(tr("Artifacts"));
        for (const auto& artifact : detail.artifacts) {
            line(byteWords(artifact.size), artifact.path);
        }
    }
    if (!detail.configFiles.empty()) {
        heading(tr("Configuration files"));
        for (const auto& file : detail.configFiles) {
            line(file.sha256.substr(0, 12), file.path);
        }
    }
}

void printSentences(const std::string& title, const std::vector<std::string>& sentences) {
    if (sentences.empty()) {
        return;
    }
    heading(title);
    for (const auto& sentence : sentences) {
        print("  " + printable(sentence) + "\n");
    }
}

void printText(const model::RunDetail& detail, const model::RunModels& models, bool imported) {
    printHead(detail, imported);
    printPairs(tr("Params"), detail.record.params);
    printMetrics(detail.record);
    printPairs(tr("Tags"), detail.record.tags);
    if (detail.environment) {
        printEnvironment(*detail.environment);
    }
    printModels(models);
    printFiles(detail);
    if (!detail.note.empty()) {
        heading(tr("Note"));
        std::string_view rest = detail.note;
        while (!rest.empty()) {
            const auto end = std::min(rest.find('\n'), rest.size());
            print("  " + printable(rest.substr(0, end)) + "\n");
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    printSentences(tr("Problems"), detail.problems);
    printSentences(tr("Remarks"), detail.remarks);
}

void printDetailCsv(const model::RunRecord& run) {
    printCsv({"key", "value"});
    printCsv({"id", run.id.hex()});
    printCsv({"name", run.name});
    printCsv({"experiment", run.experiment.str()});
    printCsv({"source", run.source.str()});
    printCsv({"location", run.location});
    printCsv({"status", std::string(model::statusName(run.status))});
    printCsv({"exit_code", run.exitCode ? std::to_string(*run.exitCode) : std::string()});
    printCsv({"start_time_ms", run.startTimeMs ? std::to_string(*run.startTimeMs) : std::string()});
    printCsv({"end_time_ms", run.endTimeMs ? std::to_string(*run.endTimeMs) : std::string()});
    printCsv({"git.commit", run.git.commit});
    printCsv({"git.branch", run.git.branch});
    const auto dirty = model::hadUncommittedChanges(run);
    printCsv({"git.dirty", dirty ? (*dirty ? "true" : "false") : ""});
    printCsv({"git.snapshot", run.git.snapshot});
    for (const auto& [key, value] : run.params) {
        printCsv({"params." + key.str(), value.str()});
    }
    for (const auto& [key, value] : run.tags) {
        printCsv({"tags." + key.str(), value.str()});
    }
    for (const auto& [key, summary, stepMetric] : run.metrics) {
        printCsv({"metrics." + key.str(), formatDouble(summary.last)});
    }
}

Result<int> show(const Invocation& invocation) {
    RUNGLASS_ASSIGN(auto project, openProject(invocation));
    RUNGLASS_TRY(loadRuns(project));
    RUNGLASS_ASSIGN(const auto id, resolveRun(project, invocation.arguments().front()));
    RUNGLASS_ASSIGN(auto detail, project.runs.detail(id));
    RUNGLASS_ASSIGN(const auto models, sources::readModels(project.folder, project.catalogue.get(), id));
    for (const auto& problem : models.problems) {
        if (std::ranges::find(detail.problems, problem) == detail.problems.end()) {
            detail.problems.push_back(problem);
        }
    }
    if (invocation.format() == Format::Json) {
        JsonWriter json(2);
        writeRunDetail(json, detail, models);
    } else if (invocation.format() == Format::Csv) {
        printDetailCsv(detail.record);
    } else {
        const bool imported = project.isOwn(id) && detail.record.source.text() != "runglass";
        printText(detail, models, imported);
    }
    return 0;
}

}  // namespace

Command showCommand() {
    return {
        .name = "show",
        .summary = "show one run, whole",
        .description =
            "Everything that is recorded of a run but its points and its console: command, source, params, "
            "metrics, tags, environment, data, models, artifacts and notes.",
        .arguments = {{.name = "RUN",
                       .help =
                           "An id, the beginning of one (4 digits or more), or a name that only one run has.",
                       .completes = Completes::Run}},
        .options = {},
        .examples = {{"runglass show 8f3a1c20", "A run by the beginning of its id."},
                     {"runglass show baseline --format json | jq .params", "Its params, for a program."}},
        .data = true,
        .run = show};
}

}  // namespace runglass::cli
