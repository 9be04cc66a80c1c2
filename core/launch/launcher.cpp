// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/launch/launcher.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <utility>

#include "follow_mark.h"
#include "process_spawn.h"
#include "process_tree.h"
#include "run_entry.h"
#include "run_folder.h"
#include "runglass/base/file.h"
#include "runglass/base/file_descriptor.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/store/layout.h"
#include "runglass/store/run_reader.h"

namespace runglass::launch {

namespace {

namespace fs = std::filesystem;

/// A supervisor that has been started and waits for the word to begin. Started before the run is captured,
/// because a program takes milliseconds to load and the capture keeps only one core busy.
class WaitingSupervisor {
public:
    static Result<WaitingSupervisor> start(const RunFolder& folder, const LaunchSpec& spec, bool hasInput) {
        WaitingSupervisor supervisor;
        std::array<int, 2> go{};
        std::array<int, 2> answer{};
        if (::pipe2(go.data(), O_CLOEXEC) != 0 || ::pipe2(answer.data(), O_CLOEXEC) != 0) {
            return errorFromErrno(errno, tr("The run cannot be started."), folder.path());
        }
        const FileDescriptor goEnd(go[0]);
        supervisor.m_go.reset(go[1]);
        supervisor.m_answer.reset(answer[0]);
        const FileDescriptor answerEnd(answer[1]);
        const FileDescriptor null(::open("/dev/null", O_WRONLY | O_CLOEXEC));

        const auto program = supervisorProgram();
        SpawnSpec spawn{{program.native(), "supervise", folder.path().native()},
                        {},
                        environmentFor(spec),
                        {goEnd.get(), answerEnd.get(), null.get()}};
        if (hasInput) {
            spawn.descriptors.push_back(STDIN_FILENO);
        }
        if (const int failed = spawnProcess(spawn, supervisor.m_pid); failed != 0) {
            return Error{ErrorCode::NotFound,
                         tr("The supervisor of the run cannot be started. {} Set RUNGLASS_BIN to the program "
                            "`runglass`.",
                            explainSpawnFailure(failed, spawn).message),
                         {}};
        }
        return Result<WaitingSupervisor>(std::move(supervisor));
    }

    /// Lets it begin, and waits until it has taken over.
    Result<void> letGo() {
        char answer = 0;
        const bool taken = ::write(m_go.get(), "g", 1) == 1 && readByte(answer) && answer == 'k';
        if (!taken) {
            return Error{ErrorCode::Internal, tr("The supervisor of the run ended before it began."), {}};
        }
        return {};
    }

private:
    [[nodiscard]] bool readByte(char& byte) const {
        ssize_t count = 0;
        do {
            count = ::read(m_answer.get(), &byte, 1);
        } while (count < 0 && errno == EINTR);
        return count == 1;
    }

    /// What a person adds for the command goes through the supervisor's own environment, never to the disk.
    static std::vector<std::string> environmentFor(const LaunchSpec& spec) {
        std::vector<std::string> environment;
        for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
            const std::string_view text = *entry;
            const auto replaced = [&](const model::Variable& variable) {
                return text.substr(0, text.find('=')) == variable.first;
            };
            if (std::none_of(spec.environment.begin(), spec.environment.end(), replaced)) {
                environment.emplace_back(text);
            }
        }
        for (const auto& [name, value] : spec.environment) {
            environment.push_back(fmt::format("{}={}", name, value));
        }
        return environment;
    }

    pid_t m_pid = 0;
    FileDescriptor m_go;
    FileDescriptor m_answer;
};

Result<LaunchSpec> checkedSpec(LaunchSpec spec) {
    if (spec.command.empty() || spec.command.front().empty()) {
        return Error{
            ErrorCode::Invalid, tr("No command was given. Example: runglass run -- python train.py"), {}};
    }
    const auto hasNul = [](const std::string& text) { return text.find('\0') != std::string::npos; };
    if (std::any_of(spec.command.begin(), spec.command.end(), hasNul)) {
        return Error{
            ErrorCode::Invalid, tr("The command has a zero byte in it, which no program can be given."), {}};
    }
    std::error_code error;
    spec.project = fs::absolute(spec.project, error).lexically_normal();
    spec.workingDirectory =
        spec.workingDirectory.empty() ? spec.project : fs::absolute(spec.workingDirectory, error);
    for (const auto& folder : {spec.project, spec.workingDirectory}) {
        if (!fs::is_directory(folder, error)) {
            return Error{ErrorCode::NotFound, tr("{} is not a folder.", toValidUtf8(folder.native())), {}};
        }
    }
    return spec;
}

Result<void> launchInto(const RunFolder& folder, const LaunchSpec& spec) {
    const bool hasInput =
        spec.inheritInput && ::fcntl(STDIN_FILENO, F_GETFD) >= 0 && ::isatty(STDIN_FILENO) == 0;
    RUNGLASS_TRY(folder.create());
    if (spec.follow) {
        RUNGLASS_TRY(FollowMark::announce(folder));
    }
    RUNGLASS_TRY(addProcess(folder, Role::Launcher, ProcessIdentity::self()));
    RUNGLASS_TRY(writeSpec(folder, {spec.workingDirectory, spec.command, spec.graceMs, hasInput}));
    RUNGLASS_ASSIGN(auto supervisor, WaitingSupervisor::start(folder, spec, hasInput));
    RUNGLASS_ASSIGN([[maybe_unused]] const auto database,
                    createRunEntry(folder, spec, model::RunStatus::Scheduled));
    return supervisor.letGo();
}

}  // namespace

Result<RunId> launch(const LaunchSpec& request) {
    RUNGLASS_ASSIGN(const LaunchSpec spec, checkedSpec(request));
    RUNGLASS_TRY(store::Layout(spec.project).ensure());
    const RunFolder folder(spec.project, RunId::generate());
    const auto launched = launchInto(folder, spec);
    if (!launched.ok()) {
        if (launched.error().code != ErrorCode::Internal) {
            folder.remove();  // there is no run yet; otherwise recovery sees to it
        }
        return launched.error();
    }
    return folder.id();
}

std::vector<std::string> startProblems(const fs::path& project, const RunId& id) {
    const auto kept = readEntry(RunFolder(project, id));
    if (kept) {
        return kept->problems;
    }
    auto database = store::Database::open(project, store::OpenMode::ReadOnly);
    const auto detail = database ? store::RunReader(*database).detail(id) : database.error();
    return detail ? detail->problems : std::vector<std::string>();
}

fs::path supervisorProgram() {
    if (const char* given = std::getenv("RUNGLASS_BIN");
        given != nullptr && *given != '\0') {  // NOLINT(concurrency-mt-unsafe)
        return given;
    }
    std::error_code error;
    const auto self = fs::read_symlink("/proc/self/exe", error);
    if (!error) {
        if (self.filename() == "runglass") {
            return self;
        }
        // In the build tree the programs lie in folders of their own.
        for (const char* beside : {"runglass", "../cli/runglass"}) {
            const auto candidate = (self.parent_path() / beside).lexically_normal();
            if (::access(candidate.c_str(), X_OK) == 0) {
                return candidate;
            }
        }
    }
    return "runglass";  // spawnProcess looks through PATH
}

Result<void> requestStop(const fs::path& project, const RunId& id, StopKind kind) {
    const RunFolder folder(fs::absolute(project).lexically_normal(), id);
    std::error_code error;
    if (!fs::exists(folder.marker(), error)) {
        return Error{ErrorCode::NotFound, tr("Run {} is not running.", id.shortHex()), {}};
    }
    const auto processes = readProcesses(folder);
    const auto& owner = processes.owner();
    if (owner && owner->isAlive()) {
        return writeStopRequest(folder, kind);
    }
    if (!processes.command || !processes.command->isAlive()) {
        return Error{ErrorCode::NotFound, tr("Run {} is not running any more.", id.shortHex()), {}};
    }
    const int signal = kind == StopKind::Kill ? SIGKILL : kind == StopKind::Interrupt ? SIGINT : SIGTERM;
    for (const auto& process : processTree(processes.command->pid, Orphans::Strangers)) {
        signalProcess(process, signal);
    }
    return {};
}

bool wasLaunched(const fs::path& project, const RunId& id) {
    return ::access(RunFolder(project, id).marker().c_str(), F_OK) == 0;
}

bool hasCommandFromHere(const fs::path& project, const RunId& id) {
    return wasLaunched(project, id) || ::access(RunFolder(project, id).end().c_str(), F_OK) == 0;
}

std::string recordingTrouble(const fs::path& project, const RunId& id) {
    const auto notice = readFile(RunFolder(project, id).notice(), 64U << 10U).valueOr({});
    return toValidUtf8(notice.substr(0, notice.find('\0')));
}

}  // namespace runglass::launch
