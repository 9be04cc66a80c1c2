// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include "proc_stat.h"
#include "run_entry.h"
#include "run_folder.h"
#include "runglass/base/clock.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/launch/launcher.h"
#include "spool_ingest.h"
#include "supervisor.h"

namespace runglass::launch {

namespace {

constexpr int kInputDescriptor = 3;  // see RunSpec::hasInput

bool awaitGo() {
    char byte = 0;
    ssize_t count = 0;
    do {
        count = ::read(STDIN_FILENO, &byte, 1);
    } while (count < 0 && errno == EINTR);
    return count == 1;  // otherwise the launcher has died or given up: there is no run
}

void leaveStandardStreams() {
    const FileDescriptor null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    ::dup2(null.get(), STDIN_FILENO);
    ::dup2(null.get(), STDOUT_FILENO);
}

std::vector<std::string> commandLineOf(int pid) {
    std::vector<std::string> arguments;
    const std::string content = readProcFile(fmt::format("/proc/{}/cmdline", pid).c_str());
    for (std::size_t at = 0; at < content.size();) {
        const std::size_t end = std::min(content.find('\0', at), content.size());
        arguments.push_back(content.substr(at, end - at));
        at = end + 1;
    }
    return arguments;
}

}  // namespace

int superviseMain(const std::filesystem::path& runFolder, const MakeScriptEndpoint& makeEndpoint,
                  const AfterRun& afterRun) {
    Supervisor::blockSignals();
    // Orphans of the run become our children instead of init's, so that none of them is lost sight of.
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    const auto folder = RunFolder::at(runFolder);
    if (!folder.ok()) {
        return 1;
    }
    auto spec = takeSpec(*folder);
    if (!spec.ok()) {
        return 1;
    }
    FileDescriptor input(spec->hasInput ? kInputDescriptor : -1);
    // Made while the launcher still captures the run.
    Supervisor supervisor(*folder, std::move(*spec),
                          makeEndpoint ? makeEndpoint(folder->project(), folder->id()) : nullptr);
    if (!awaitGo() || !addProcess(*folder, Role::Supervisor, ProcessIdentity::self()).ok() ||
        ::write(STDOUT_FILENO, "k", 1) != 1) {
        return 1;
    }
    leaveStandardStreams();
    supervisor.run(std::move(input));
    if (afterRun) {
        afterRun(folder->project(), folder->id());
    }
    return 0;
}

int superviseAttached(int pid, const std::filesystem::path& runFolder, const AfterRun& afterRun) {
    Supervisor::blockSignals();
    const auto folder = RunFolder::at(runFolder);
    if (!folder.ok()) {
        return 1;
    }
    // The process has introduced itself. It may be over by now; then what it said is all there is to know.
    const auto process = readProcesses(*folder).command;
    const auto told = firstSpoolRecord(*folder).valueOr({});
    if (!process || process->pid != pid || !told.start ||
        !addProcess(*folder, Role::Supervisor, ProcessIdentity::self()).ok()) {
        return 1;
    }
    LaunchSpec spec;
    spec.project = folder->project();
    spec.command = commandLineOf(pid);
    std::error_code error;
    spec.workingDirectory = std::filesystem::read_symlink(fmt::format("/proc/{}/cwd", pid), error);
    if (spec.command.empty() || error || !process->isAlive()) {
        spec.command = told.start->command;
        spec.workingDirectory = told.start->workingDirectory;
    }
    spec.name = told.name.value_or("");
    spec.experiment = told.experiment.value_or("");
    const auto startMs = told.start->startTimeMs.value_or(nowMs());
    if (!createRunEntry(*folder, spec, model::RunStatus::Running, startMs).ok()) {
        return 1;
    }
    Supervisor(*folder, RunSpec{spec.workingDirectory, spec.command, spec.graceMs}).attach(*process, startMs);
    if (afterRun) {
        afterRun(folder->project(), folder->id());
    }
    return 0;
}

}  // namespace runglass::launch
