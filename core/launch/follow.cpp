// SPDX-License-Identifier: GPL-3.0-or-later
#include <poll.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include "follow_mark.h"
#include "run_folder.h"
#include "runglass/base/clock.h"
#include "runglass/base/file_descriptor.h"
#include "runglass/base/translate.h"
#include "runglass/launch/console_log.h"
#include "runglass/launch/launcher.h"

namespace runglass::launch {

namespace {

using Output = std::function<void(int, std::string_view)>;

constexpr int kLookMs = 500;  // without any event: inotify may be missing, and supervisors may be killed
/// A run that is over sooner is looked at again and again instead of being watched: closing an inotify
/// descriptor, also by exiting, makes the kernel wait for up to 16 ms.
constexpr std::int64_t kWatchAfterMs = 300;

/// Waits for a run to end, copying its console.
class Follower {
public:
    /// With `mark` the command waits when its output is not taken as fast as it prints.
    Follower(RunFolder folder, const Output& onOutput, std::optional<FollowMark> mark = {})
        : m_folder(std::move(folder))
        , m_onOutput(onOutput)
        , m_mark(std::move(mark))
        , m_console(m_folder.path()) {}

    /// `interrupts` is a signalfd, or −1.
    Result<WaitOutcome> wait(int interrupts, const std::function<void()>& onInterrupt) {
        for (;;) {
            const bool over = isOver();  // asked first, so that all output is there when it says yes
            RUNGLASS_TRY(copyOutput());
            sayTrouble(over);
            if (over) {
                return outcome();
            }
            std::array<pollfd, 3> polled{
                {{m_events.get(), POLLIN, 0}, {interrupts, POLLIN, 0}, {m_supervisor.get(), POLLIN, 0}}};
            ::poll(polled.data(), polled.size(), patienceMs());
            if (polled[0].revents != 0) {
                drain(m_events.get());
            }
            if (polled[1].revents != 0) {
                drain(interrupts);
                onInterrupt();
            }
        }
    }

private:
    int patienceMs() {
        const std::int64_t ageMs = monotonicMs() - m_beginMs;
        if (ageMs < kWatchAfterMs) {
            return static_cast<int>(1 + ageMs / 20);
        }
        if (!m_events.valid()) {
            m_events.reset(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
            const std::uint32_t changes = m_onOutput ? IN_MODIFY | IN_MOVED_TO : IN_MOVED_TO;
            ::inotify_add_watch(m_events.get(), m_folder.path().c_str(), changes | IN_CREATE);
            ::inotify_add_watch(m_events.get(), m_folder.marker().c_str(), IN_ATTRIB | IN_DELETE_SELF);
            return 0;  // what came before the watch is looked at once more
        }
        return m_events.valid() ? kLookMs : 50;
    }

    static void drain(int descriptor) {
        alignas(inotify_event) std::array<char, 4096> buffer{};
        while (::read(descriptor, buffer.data(), buffer.size()) > 0) {
        }
    }

    Result<void> copyOutput() {
        if (!m_onOutput) {
            return {};
        }
        for (;;) {
            RUNGLASS_ASSIGN(const auto chunks, m_console.poll());
            if (chunks.empty()) {
                return {};
            }
            for (const auto& chunk : chunks) {
                if (chunk.offset > m_shown) {
                    m_onOutput(STDERR_FILENO, tr("\nrunglass: {} bytes of output came too fast to be shown\n",
                                                 chunk.offset - m_shown));
                }
                m_onOutput(chunk.stream == Stream::Err ? STDERR_FILENO : STDOUT_FILENO, chunk.bytes);
                m_shown = chunk.offset + chunk.bytes.size();
                if (m_mark) {
                    m_mark->moveTo(m_shown);
                }
            }
        }
    }

    /// The terminal of `runglass run` is told when what it shows and what is recorded fall behind.
    void sayTrouble(bool over) {
        if (!m_mark || (!over && monotonicMs() - m_beginMs < kWatchAfterMs)) {
            return;
        }
        const auto trouble = recordingTrouble(m_folder.project(), m_folder.id());
        if (trouble.empty() != m_trouble.empty()) {
            say(trouble.empty() ? tr("Logging goes on again.") : trouble);
        }
        m_trouble = trouble;
    }

    void say(const std::string& message) { m_onOutput(STDERR_FILENO, "runglass: " + message + "\n"); }

    /// Over when the end is in the database, or when nobody is left who would write it there.
    bool isOver() {
        if (::access(m_folder.marker().c_str(), F_OK) != 0) {
            return true;
        }
        const auto processes = readProcesses(m_folder);
        const auto& owner = processes.owner();
        if (!owner || !owner->isAlive()) {
            return true;
        }
        if (!m_supervisor.valid() && processes.supervisor) {
            m_supervisor.reset(static_cast<int>(::syscall(SYS_pidfd_open, processes.supervisor->pid, 0)));
        }
        // A full disk or a damaged database keeps the end from being recorded; that is not worth waiting for.
        return readEnd(m_folder).has_value() && !recordingTrouble(m_folder.project(), m_folder.id()).empty();
    }

    [[nodiscard]] WaitOutcome outcome() {
        const auto end = readEnd(m_folder);
        if (!end) {
            return {1, true};
        }
        const int code = end->signal ? 128 + *end->signal : end->exitCode.value_or(1);
        if (const auto supervisor = readProcesses(m_folder).supervisor; !m_trouble.empty() && supervisor) {
            say(
                tr("The command has ended (exit code {}), which is kept. Process {} records the "
                   "rest as soon as that can be.",
                   code, supervisor->pid));
        }
        return {code, end->status == model::RunStatus::Lost};
    }

    RunFolder m_folder;
    const Output& m_onOutput;
    std::optional<FollowMark> m_mark;
    ConsoleReader m_console;
    FileDescriptor m_events;
    FileDescriptor m_supervisor;
    std::int64_t m_beginMs = monotonicMs();
    std::uint64_t m_shown = 0;
    std::string m_trouble;  ///< what the terminal was told
};

/// Turns SIGINT into something to read, for as long as it lives.
class Interrupts {
public:
    Interrupts() {
        sigemptyset(&m_signals);
        sigaddset(&m_signals, SIGINT);
        ::pthread_sigmask(SIG_BLOCK, &m_signals, &m_before);
        m_descriptor.reset(::signalfd(-1, &m_signals, SFD_CLOEXEC | SFD_NONBLOCK));
    }
    Interrupts(const Interrupts&) = delete;
    Interrupts& operator=(const Interrupts&) = delete;
    ~Interrupts() { ::pthread_sigmask(SIG_SETMASK, &m_before, nullptr); }
    [[nodiscard]] int descriptor() const { return m_descriptor.get(); }

private:
    sigset_t m_signals{};
    sigset_t m_before{};
    FileDescriptor m_descriptor;
};

void writeAll(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return;  // nobody reads any more; the run and its console go on
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

Result<RunFolder> existingFolder(const std::filesystem::path& project, const RunId& id) {
    RunFolder folder(std::filesystem::absolute(project).lexically_normal(), id);
    std::error_code ignored;
    if (!std::filesystem::is_directory(folder.path(), ignored)) {
        return Error{ErrorCode::NotFound, tr("Run {} was not launched here.", id.shortHex()), {}};
    }
    return folder;
}

}  // namespace

Result<WaitOutcome> waitForEnd(const std::filesystem::path& project, const RunId& id,
                               const std::function<void(int fd, std::string_view bytes)>& onOutput) {
    RUNGLASS_ASSIGN(RunFolder folder, existingFolder(project, id));
    return Follower(std::move(folder), onOutput).wait(-1, {});
}

Result<WaitOutcome> followInForeground(const std::filesystem::path& project, const RunId& id) {
    RUNGLASS_ASSIGN(RunFolder folder, existingFolder(project, id));
    const Interrupts interrupts;
    bool interrupted = false;
    const Output output = writeAll;
    FollowMark mark(folder);
    return Follower(std::move(folder), output, std::move(mark)).wait(interrupts.descriptor(), [&] {
        const auto kind = interrupted ? StopKind::Kill : StopKind::Interrupt;
        interrupted = true;
        // When the run has just ended by itself there is nothing left to stop.
        [[maybe_unused]] const auto asked = requestStop(project, id, kind);
    });
}

}  // namespace runglass::launch
