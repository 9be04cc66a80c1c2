// SPDX-License-Identifier: GPL-3.0-or-later
#include "supervisor.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>
#include <utility>

#include "command_environment.h"
#include "follow_mark.h"
#include "process_spawn.h"
#include "runglass/base/clock.h"
#include "runglass/base/file.h"
#include "runglass/base/translate.h"

namespace runglass::launch {

namespace {

constexpr std::int64_t kLeftBehindPatienceMs = 2000;
constexpr std::chrono::milliseconds kLeftBehindLook{50};
constexpr std::int64_t kRecordPatienceMs = 10 * 60 * 1000;  // for a database that cannot be written

struct Pipe {
    FileDescriptor read;
    FileDescriptor write;
    static Pipe make() {
        std::array<int, 2> ends{-1, -1};
        [[maybe_unused]] const int made = ::pipe2(ends.data(), O_CLOEXEC);
        return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
    }
};

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

Supervisor::Supervisor(RunFolder folder, RunSpec spec, std::unique_ptr<ScriptEndpoint> endpoint)
    : m_folder(std::move(folder))
    , m_spec(std::move(spec))
    , m_endpoint(std::move(endpoint))
    , m_written(store::Layout(m_folder.project()), m_folder.id())
    , m_openFiles(m_written, m_folder.project(), m_spec.workingDirectory)
    , m_startMs(monotonicMs()) {
    m_recorder.emplace(m_folder, SpoolIngest::Options{m_spec.workingDirectory, {}});
}

void Supervisor::run(FileDescriptor input) {
    watchFolder();
    const std::int64_t startTimeMs = nowMs();
    m_written.start(startTimeMs, m_spec.workingDirectory);
    if (m_endpoint) {
        m_endpoint->setGivenParams(readGivenParams(m_folder.path()));
        if (const auto entry = readEntry(m_folder)) {
            m_endpoint->setKeptRun(*entry);
        }
    }
    startCommand(std::move(input));
    m_recorder->followConsole(*m_pump);
    if (m_endpoint) {
        m_recorder->followEndpoint(m_endpoint.get());
        if (auto problem = m_endpoint->problem(); !problem.empty()) {
            addProblem(std::move(problem));
        }
    }
    m_recorder->noteStart(startTimeMs);
    superviseUntilEnd();
    settleLeftBehind();
    finishRecording();
}

void Supervisor::attach(const ProcessIdentity& process, std::int64_t startTimeMs) {
    watchFolder();
    m_written.start(startTimeMs, m_spec.workingDirectory);
    m_written.addProcess(process.pid);
    m_attached = true;
    m_command = process;
    m_process.reset(static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0)));
    m_processGone = !m_process.valid() || !process.isAlive();
    if (!m_processGone) {
        m_sampler.emplace(process.pid);
    }
    m_recorder->wake();
    superviseUntilEnd();
    finishRecording();
}

void Supervisor::startCommand(FileDescriptor input) {
    Pipe out = Pipe::make();
    Pipe err = Pipe::make();
    if (!input.valid()) {
        input.reset(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    }
    const SpawnSpec spawn{
        m_spec.command,
        m_spec.workingDirectory,
        commandEnvironment(m_folder, m_endpoint ? m_endpoint->environment() : std::vector<model::Variable>()),
        {input.get(), out.write.get(), err.write.get()}};
    pid_t pid = 0;
    const int failed = spawnProcess(spawn, pid);
    out.write.reset();
    err.write.reset();
    ConsoleWriter console(m_folder.path());
    console.setFollower([folder = m_folder] { return followedTo(folder); });
    m_pump.emplace(std::move(console), std::move(out.read), std::move(err.read),
                   [this] { m_recorder->wake(); });
    if (failed != 0) {
        noteFailedStart(failed, spawn);
        return;
    }
    // A child that nobody has waited for yet keeps its pid, so this cannot name another process.
    m_command = ProcessIdentity::ofPid(pid).value_or(ProcessIdentity{pid, 0, {}});
    m_sampler.emplace(pid);
    m_written.addProcess(pid);
    if (const auto added = addProcess(m_folder, Role::Command, m_command); !added.ok()) {
        addProblem(added.error().message);
    }
}

void Supervisor::noteFailedStart(int errorNumber, const SpawnSpec& spawn) {
    const auto failure = explainSpawnFailure(errorNumber, spawn);
    m_startFailure = failure.exitCode;
    m_endTimeMs = nowMs();
    m_pump->finish(0);
    m_pump->addNote("runglass: " + failure.message + "\n");
    addProblem(tr("The run did not start. {}", failure.message));
}

void Supervisor::addProblem(std::string message) {
    m_recorder->addProblem(std::move(message));
}

bool Supervisor::ended() const {
    return m_waitStatus || m_startFailure || m_processGone || (m_attached && m_recorder->scriptEnded());
}

void Supervisor::superviseUntilEnd() {
    checkStopRequest();
    while (!ended()) {
        waitForEvent(1000);
        sampleIfDue();
        pursueStop();
    }
    m_endTimeMs = m_endTimeMs == 0 ? nowMs() : m_endTimeMs;
    m_written.end(m_endTimeMs);
}

void Supervisor::finishRecording() {
    const auto heardUntil = monotonicMs() + kLeftBehindPatienceMs;
    if (m_pump && !m_pump->finish(kLeftBehindPatienceMs)) {
        const auto left = livingTree();
        if (!left.empty()) {
            addProblem(
                left.size() == 1
                    ? tr("A process that the run started still goes on (pid {}). Nothing reads what it "
                         "prints.",
                         left.front().pid)
                    : tr("{} processes that the run started still go on (pid {} …). Nothing reads what "
                         "they print.",
                         left.size(), left.front().pid));
        }
    }
    hearLeftBehind(heardUntil);
    finishEndpoint();
    if (m_pump && m_pump->unsearchedBytes() > 0) {
        addProblem(tr("Values were not looked for in {} bytes of the console: it came too fast. It is kept.",
                      m_pump->unsearchedBytes()));
    }
    if (m_waitStatus && WIFSIGNALED(*m_waitStatus) && WTERMSIG(*m_waitStatus) == SIGKILL && !m_stopKind) {
        addProblem(
            tr("The command was killed from outside (SIGKILL). Often it is the kernel that does so, when "
               "memory runs out."));
    }
    if (!m_attached) {
        // Told to the folder first: whoever dies from here on, recovery finds it.
        [[maybe_unused]] const auto written = writeEnd(m_folder, makeEnd({}));
    }
    m_recorder->beginEnd([this](const std::optional<SpoolEnd>& told) { return makeEnd(told); },
                         kRecordPatienceMs);
    m_endpoint.reset();  // what it has taken in is in the database, or aside, perhaps only after seconds
    if (m_recorder->waitForEnd()) {
        m_folder.removeSpool();
        m_folder.removeMarker();
    }
}

/// A process that uploads in the background of a script which has just ended need not hold its console.
void Supervisor::hearLeftBehind(std::int64_t untilMs) {
    while (m_endpoint && m_endpoint->isUsed() && monotonicMs() < untilMs && !livingTree().empty()) {
        std::this_thread::sleep_for(kLeftBehindLook);
        reap();
    }
}

/// After the console, which may tell more for as long as it is read.
void Supervisor::finishEndpoint() {
    if (!m_endpoint) {
        return;
    }
    m_toldFailure = m_endpoint->toldFailure();
    m_endpoint->finish(makeEnd({}).status, m_endTimeMs);
    m_recorder->followEndpoint(nullptr);
}

store::RunEnd Supervisor::makeEnd(const std::optional<SpoolEnd>& told) const {
    store::RunEnd end;
    end.timeMs = m_endTimeMs;
    if (m_startFailure) {
        end.exitCode = m_startFailure;
    } else if (m_waitStatus && WIFSIGNALED(*m_waitStatus)) {
        end.signal = WTERMSIG(*m_waitStatus);
    } else if (m_waitStatus) {
        end.exitCode = WEXITSTATUS(*m_waitStatus);
    } else if (told) {
        end.exitCode = told->exitCode;
    }
    if (m_stopKind) {
        end.status = model::RunStatus::Killed;
    } else {
        end.status =
            end.exitCode == 0 ? m_toldFailure.value_or(model::RunStatus::Finished) : model::RunStatus::Failed;
    }
    std::int64_t peak = static_cast<std::int64_t>(m_peakMemory);
    if (m_waitStatus) {
        rusage usage{};
        ::getrusage(RUSAGE_CHILDREN, &usage);  // of everything that came of the command and has ended
        end.userSeconds = seconds(usage.ru_utime);
        end.systemSeconds = seconds(usage.ru_stime);
        peak = std::max(peak, std::int64_t{usage.ru_maxrss} * 1024);
    }
    if (peak > 0) {
        end.peakMemoryBytes = peak;
    }
    return end;
}

}  // namespace runglass::launch
