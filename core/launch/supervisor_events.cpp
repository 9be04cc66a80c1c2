// SPDX-License-Identifier: GPL-3.0-or-later
// What a supervisor reacts to: signals, changes in the run folder, time, and requests to stop.
#include <poll.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include "runglass/base/clock.h"
#include "supervisor.h"

namespace runglass::launch {

namespace {

constexpr std::int64_t kKillRepeatMs = 100;     // processes may fork while they are being killed
constexpr std::int64_t kKillPatienceMs = 5000;  // then they hang in the kernel

sigset_t supervisorSignals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGCHLD, SIGTERM, SIGINT, SIGHUP}) {
        sigaddset(&signals, signal);
    }
    return signals;
}

/// Curves of minutes need points every half second; those of days do not.
std::int64_t samplePeriodMs(std::int64_t ageMs) {
    if (ageMs < 2 * 60 * 1000) {
        return 500;
    }
    if (ageMs < 20 * 60 * 1000) {
        return 2000;
    }
    return ageMs < 4 * 60 * 60 * 1000 ? 5000 : 15000;
}

}  // namespace

void Supervisor::blockSignals() {
    const sigset_t signals = supervisorSignals();
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGXFSZ, SIG_IGN);  // a limit on the size of files is a full disk, and no reason to end
}

void Supervisor::watchFolder() {
    const sigset_t signals = supervisorSignals();
    m_signals.reset(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
    m_folderEvents.reset(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    // Without inotify (limits, some network file systems) the spool and the folder are looked at every
    // second.
    ::inotify_add_watch(m_folderEvents.get(), m_folder.path().c_str(), IN_MOVED_TO | IN_ONLYDIR);
    m_spoolWatch = ::inotify_add_watch(m_folderEvents.get(), m_folder.spool().c_str(), IN_MODIFY);
}

void Supervisor::waitForEvent(std::int64_t mostMs) {
    const std::int64_t now = monotonicMs();
    std::int64_t wait = mostMs;
    if (m_sampler && !ended()) {
        wait = std::min(wait, m_nextSampleMs - now);
    }
    if (m_killAtMs != 0) {
        wait = std::min(wait, m_killAtMs - now);
    }
    std::array<pollfd, 3> polled{{{m_signals.get(), POLLIN, 0},
                                  {m_folderEvents.get(), POLLIN, 0},
                                  {m_processGone ? -1 : m_process.get(), POLLIN, 0}}};
    const int ready =
        ::poll(polled.data(), polled.size(), static_cast<int>(std::clamp<std::int64_t>(wait, 0, mostMs)));
    if (ready == 0 && wait == mostMs) {
        checkStopRequest();
    }
    if (ready > 0 && polled[0].revents != 0) {
        readSignals();
    }
    if (ready > 0 && polled[1].revents != 0) {
        readFolderEvents();
    }
    if (ready > 0 && polled[2].revents != 0) {
        m_processGone = true;
    }
}

void Supervisor::readSignals() {
    std::array<signalfd_siginfo, 16> signals{};
    ssize_t size = 0;
    while ((size = ::read(m_signals.get(), signals.data(), sizeof signals)) > 0) {
        for (std::size_t i = 0; i < static_cast<std::size_t>(size) / sizeof signals[0]; ++i) {
            if (signals[i].ssi_signo == SIGTERM) {  // the system shuts down, or somebody means the run
                stop(StopKind::Terminate);
            }
        }
    }
    reap();
}

void Supervisor::readFolderEvents() {
    alignas(inotify_event) std::array<char, 4096> buffer{};
    bool spool = false;
    bool folder = false;
    ssize_t size = 0;
    while ((size = ::read(m_folderEvents.get(), buffer.data(), buffer.size())) > 0) {
        for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
            const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
            (event->wd == m_spoolWatch ? spool : folder) = true;
            at += sizeof(inotify_event) + event->len;
        }
    }
    if (spool && m_recorder) {
        m_recorder->wake();
    }
    if (folder) {
        checkStopRequest();
    }
}

void Supervisor::reap() {
    int status = 0;
    pid_t pid = 0;
    while ((pid = ::waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid == m_command.pid && !m_waitStatus) {
            m_waitStatus = status;
        }
    }
}

void Supervisor::sampleIfDue() {
    const std::int64_t now = monotonicMs();
    if (!m_sampler || ended()) {
        return;
    }
    if (m_nextSampleMs == 0) {
        m_nextSampleMs = now + samplePeriodMs(0);
    }
    if (now < m_nextSampleMs) {
        return;
    }
    m_nextSampleMs = now + samplePeriodMs(now - m_startMs);
    auto sample = m_sampler->sample();
    m_openFiles.look(m_sampler->processes());
    for (const auto& [key, value] : sample.values) {
        if (key == kProcesses && value == 0) {
            return;  // the command has just ended: zeros would be drawn as a fall that never was
        }
        if (key == kMemoryBytes) {
            m_peakMemory = std::max(m_peakMemory, value);
        }
    }
    m_recorder->addSample(std::move(sample));
}

void Supervisor::checkStopRequest() {
    if (const auto kind = readStopRequest(m_folder); kind && kind != m_stopKind) {
        stop(*kind);
    }
}

void Supervisor::stop(StopKind kind) {
    m_stopKind = kind;
    switch (kind) {
        case StopKind::Interrupt:
            signalTree(SIGINT);
            break;
        case StopKind::Terminate:
            signalTree(SIGTERM);
            m_killAtMs = monotonicMs() + std::max<std::int64_t>(0, m_spec.graceMs);
            break;
        case StopKind::Kill:
            m_killAtMs = monotonicMs();
            pursueStop();
            break;
    }
}

std::vector<ProcStat> Supervisor::livingTree() const {
    if (m_command.pid == 0) {
        return {};
    }
    auto tree = processTree(m_command.pid, m_attached ? Orphans::Strangers : Orphans::Ours);
    std::erase_if(tree, [](const ProcStat& process) { return process.isZombie(); });
    return tree;
}

void Supervisor::signalTree(int signal) {
    // The group gets it at one moment, as from a terminal. Once its leader is waited for, the number of the
    // group may belong to somebody else.
    const bool toGroup = !m_attached && m_command.pid > 0 && !m_waitStatus;
    if (toGroup) {
        ::kill(-m_command.pid, signal);
    }
    for (const auto& process : livingTree()) {
        if (!toGroup || process.group != m_command.pid) {
            signalProcess(process, signal);
        }
    }
}

void Supervisor::pursueStop() {
    if (m_killAtMs != 0 && monotonicMs() >= m_killAtMs) {
        signalTree(SIGKILL);
        m_killAtMs = monotonicMs() + kKillRepeatMs;
    }
}

/// A run that was stopped leaves nothing behind; one that ended by itself may.
void Supervisor::settleLeftBehind() {
    if (!m_stopKind) {
        return;
    }
    const std::int64_t begin = monotonicMs();
    const std::int64_t giveUp = begin + std::max<std::int64_t>(0, m_spec.graceMs) + kKillPatienceMs;
    if (m_killAtMs == 0) {
        m_killAtMs = begin + std::max<std::int64_t>(0, m_spec.graceMs);
    }
    while (!livingTree().empty() && monotonicMs() < giveUp) {
        waitForEvent(kKillRepeatMs);
        pursueStop();
    }
    reap();
}

}  // namespace runglass::launch
