// SPDX-License-Identifier: GPL-3.0-or-later
#include <cerrno>
#include <csignal>

#include "command_table.h"
#include "output.h"
#include "project_data.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/launch/launcher.h"

namespace runglass::cli {

namespace {

/// `key=value` of one option.
Result<model::Variable> splitPair(const char* option, const std::string& text) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
        return Error{ErrorCode::Invalid, tr("{} takes KEY=VALUE, not {}.", option, text), {}};
    }
    return model::Variable(text.substr(0, equals), text.substr(equals + 1));
}

Result<std::vector<model::Variable>> pairsOf(const Invocation& invocation, const char* option) {
    std::vector<model::Variable> pairs;
    for (const auto& text : invocation.values(option)) {
        RUNGLASS_ASSIGN(auto pair, splitPair(option, text));
        pairs.push_back(std::move(pair));
    }
    return pairs;
}

/// Data sets are files: one that is not there is a mistake that is better told before hours of training.
Result<void> checkDatasets(const std::vector<model::Variable>& datasets) {
    for (const auto& [name, path] : datasets) {
        std::error_code failure;
        if (!std::filesystem::exists(path, failure)) {
            return errorFromErrno(failure ? failure.value() : ENOENT,
                                  tr("--dataset {} cannot be read.", name), path);
        }
    }
    return {};
}

Result<std::optional<RunId>> parentOf(const Invocation& invocation) {
    const auto name = invocation.value("--parent");
    if (!name) {
        return std::optional<RunId>();
    }
    RUNGLASS_ASSIGN(auto project, openProject(invocation));
    RUNGLASS_ASSIGN(const auto id, resolveRun(project, *name));
    return std::optional(id);
}

Result<launch::LaunchSpec> specOf(const Invocation& invocation) {
    launch::LaunchSpec spec;
    RUNGLASS_ASSIGN(spec.project, invocation.project());
    std::error_code failure;
    spec.workingDirectory = std::filesystem::current_path(failure);
    if (failure) {
        return errorFromErrno(failure.value(), tr("The current folder cannot be read."), ".");
    }
    spec.command = invocation.arguments();
    spec.name = invocation.value("--name").value_or("");
    spec.experiment = invocation.value("--experiment").value_or("");
    RUNGLASS_ASSIGN(spec.params, pairsOf(invocation, "--param"));
    RUNGLASS_ASSIGN(spec.tags, pairsOf(invocation, "--tag"));
    RUNGLASS_ASSIGN(spec.environment, pairsOf(invocation, "--env"));
    RUNGLASS_ASSIGN(spec.datasets, pairsOf(invocation, "--dataset"));
    RUNGLASS_TRY(checkDatasets(spec.datasets));
    RUNGLASS_ASSIGN(spec.parent, parentOf(invocation));
    RUNGLASS_ASSIGN(const auto grace, invocation.number("--grace", 0, 86'400));
    if (grace) {
        spec.graceMs = static_cast<std::int64_t>(*grace * 1e3);
    }
    spec.takeSnapshot = !invocation.has("--no-snapshot");
    spec.inheritInput = !invocation.has("--detach");
    spec.follow = !invocation.has("--detach");
    return spec;
}

Result<int> run(const Invocation& invocation) {
    RUNGLASS_ASSIGN(const auto spec, specOf(invocation));
    RUNGLASS_ASSIGN(const auto id, launch::launch(spec));
    if (invocation.has("--detach")) {
        print(id.hex() + "\n");
        return 0;
    }
    if (!invocation.has("--quiet")) {
        complain(tr("run {}", id.hex()));
        for (const auto& problem : launch::startProblems(spec.project, id)) {
            complain(problem);
        }
    }
    std::signal(SIGPIPE, SIG_IGN);  // `runglass run … | head` must not lose the exit code
    RUNGLASS_ASSIGN(const auto outcome, launch::followInForeground(spec.project, id));
    if (outcome.lost) {
        return Error{
            ErrorCode::Io,
            tr("Run {} was lost: its supervisor ended without saying how the run did.", id.shortHex()),
            {}};
    }
    return outcome.exitCode;
}

}  // namespace

Command runCommand() {
    return {.name = "run",
            .summary = "run a command as a tracked run",
            .description =
                "Starts a command, without a shell, as a run: records its source as a git snapshot "
                "(uncommitted changes too), "
                "its params, configuration files, environment, packages and hardware, its console, the "
                "metrics that it prints "
                "or logs, and the resources it uses. What it prints is shown as it comes, and its exit code "
                "is passed on "
                "(128+N for signal N). Ctrl+C "
                "interrupts the command, a second time kills it; closing the terminal stops nothing.",
            .arguments = {{.name = "CMD",
                           .help = "The command and its arguments. All words from the first that is no "
                                   "option on belong to it.",
                           .many = true}},
            .options = {{.name = "--name",
                         .value = "NAME",
                         .help = "Name of the run; made from the command without it."},
                        {.name = "--experiment",
                         .value = "NAME",
                         .help = "The experiment it belongs to; default without it.",
                         .letter = 'e'},
                        {.name = "--tag",
                         .value = "KEY=VALUE",
                         .help = "A tag; may be given several times.",
                         .letter = 't',
                         .repeated = true},
                        {.name = "--param",
                         .value = "KEY=VALUE",
                         .help = "A param that the command line does not show; wins over one that it shows.",
                         .letter = 'p',
                         .repeated = true},
                        {.name = "--dataset",
                         .value = "NAME=PATH",
                         .help = "A file that the run reads, recorded with its digest.",
                         .repeated = true,
                         .completes = Completes::File},
                        {.name = "--env",
                         .value = "KEY=VALUE",
                         .help = "Sets an environment variable for the command.",
                         .repeated = true},
                        {.name = "--parent",
                         .value = "RUN",
                         .help = "Makes it a child of another run.",
                         .completes = Completes::Run},
                        {.name = "--grace",
                         .value = "SECONDS",
                         .help = "Time between SIGTERM and SIGKILL when the run is stopped; 20 without it."},
                        {.name = "--no-snapshot", .value = "", .help = "Does not record the source."},
                        {.name = "--detach",
                         .value = "",
                         .help = "Prints the run's id and returns at once.",
                         .letter = 'd'},
                        {.name = "--quiet",
                         .value = "",
                         .help = "Does not say the run's id on standard error.",
                         .letter = 'q'}},
            .examples = {{"runglass run -- python train.py --lr 3e-3", "A tracked run; lr becomes a param."},
                         {"runglass run --name baseline --tag stage=dev -- ./train.sh config.yaml",
                          "With a name and a tag; config.yaml is recorded."},
                         {"id=$(runglass run --detach -- python train.py) && runglass log $id --follow",
                          "In the background, watched."},
                         {"runglass run --dataset digits=data/digits.csv -- make train",
                          "Records which data it was."}},
            .passThrough = true,
            .run = run};
}

}  // namespace runglass::cli
