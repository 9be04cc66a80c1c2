// SPDX-License-Identifier: GPL-3.0-or-later
#include "output_pump.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "runglass/base/clock.h"

namespace runglass::launch {

namespace {

constexpr std::size_t kReadBytes = 256U << 10U;
constexpr int kPipeBytes = 1 << 20;
constexpr std::size_t kMaxLine = 4096;     // longer ones hold no scalars (console_scalars.h)
constexpr std::size_t kMaxLines = 20'000;  // waiting to be searched
constexpr int kRetryMs = 500;
constexpr int kFollowerMs = 1;  // between two looks at how far a slow terminal is

}  // namespace

OutputPump::OutputPump(ConsoleWriter writer, FileDescriptor out, FileDescriptor err,
                       std::function<void()> onLines)
    : m_writer(std::move(writer))
    , m_onLines(std::move(onLines))
    , m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
    , m_buffer(kReadBytes) {
    m_pipes[0].descriptor = std::move(out);
    m_pipes[1].descriptor = std::move(err);
    m_pipes[1].stream = Stream::Err;
    for (const auto& pipe : m_pipes) {
        if (pipe.descriptor.valid()) {
            ::fcntl(pipe.descriptor.get(), F_SETFL, O_NONBLOCK);
            ::fcntl(pipe.descriptor.get(), F_SETPIPE_SZ, kPipeBytes);  // a wish: there is a limit per user
        }
    }
    m_thread = std::thread([this] { run(); });
}

OutputPump::~OutputPump() {
    finish(0);
}

bool OutputPump::finish(std::int64_t patienceMs) {
    if (m_thread.joinable()) {
        m_deadline = monotonicMs() + patienceMs;
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(m_wake.get(), &one, sizeof one);
        m_thread.join();
    }
    return m_reachedEnd;
}

void OutputPump::addNote(std::string_view text) {
    m_writer.append(Stream::Err, text, nowMs());
    publishTrouble();
}

bool OutputPump::flushHeld() {
    const bool flushed = m_writer.flush();
    publishTrouble();
    return flushed;
}

std::vector<OutputPump::Line> OutputPump::takeLines() {
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_lines, {});
}

void OutputPump::run() {
    for (;;) {
        std::array<pollfd, 3> polled{};
        const bool held = m_writer.waitsForFollower();
        for (std::size_t i = 0; i < m_pipes.size(); ++i) {
            // poll skips negative descriptors
            polled[i] = {held ? -1 : m_pipes[i].descriptor.get(), POLLIN, 0};
        }
        polled[2] = {m_wake.get(), POLLIN, 0};
        const bool open = m_pipes[0].descriptor.valid() || m_pipes[1].descriptor.valid();
        const std::int64_t deadline = m_deadline;
        const std::int64_t left = deadline == 0 ? kRetryMs : deadline - monotonicMs();
        if (!open) {
            m_reachedEnd = true;
            if (deadline != 0) {
                break;  // also for what is held back: finish() is the last to try
            }
        }
        const bool timed = deadline != 0 || m_writer.trouble() != 0;
        const int patience = timed ? static_cast<int>(std::clamp<std::int64_t>(left, 0, kRetryMs)) : -1;
        const int timeout = held && (patience < 0 || patience > kFollowerMs) ? kFollowerMs : patience;
        const int ready = ::poll(polled.data(), polled.size(), timeout);
        if (ready < 0 && errno != EINTR) {
            break;
        }
        bool moved = false;
        for (std::size_t i = 0; ready > 0 && i < m_pipes.size(); ++i) {
            if (polled[i].revents != 0) {
                moved = readPipe(m_pipes[i]) || moved;
            }
        }
        if (ready > 0 && polled[2].revents != 0) {
            std::uint64_t count = 0;
            [[maybe_unused]] const auto got = ::read(m_wake.get(), &count, sizeof count);
        }
        if (!moved && m_writer.trouble() != 0) {
            m_writer.flush();
        }
        publishTrouble();
        // What lies in the pipes at the deadline is still taken, but not what an endless printer adds.
        const std::int64_t late = m_deadline == 0 ? -1 : monotonicMs() - m_deadline;
        if (late >= kRetryMs || (late >= 0 && !moved)) {
            break;
        }
    }
    for (auto& pipe : m_pipes) {
        takeRest(pipe);
        pipe.descriptor.reset();
        collectLines(pipe, "\n", nowMs());
    }
    m_writer.flush();
    publishTrouble();
}

/// What a command printed last before its end must not be lost because its terminal is slow.
void OutputPump::takeRest(Pipe& pipe) {
    int waiting = 0;
    if (!m_writer.waitsForFollower() || !pipe.descriptor.valid() ||
        ::ioctl(pipe.descriptor.get(), FIONREAD, &waiting) != 0) {
        return;
    }
    for (std::size_t left = static_cast<std::size_t>(waiting); left > 0;) {
        const std::uint64_t before = m_writer.printedBytes();
        if (!readPipe(pipe) || m_writer.printedBytes() - before >= left) {
            return;
        }
        left -= m_writer.printedBytes() - before;
    }
}

bool OutputPump::readPipe(Pipe& pipe) {
    const ssize_t count = ::read(pipe.descriptor.get(), m_buffer.data(), m_buffer.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
        return false;
    }
    if (count <= 0) {
        pipe.descriptor.reset();
        return true;
    }
    const std::string_view bytes(m_buffer.data(), static_cast<std::size_t>(count));
    const std::int64_t timeMs = nowMs();
    m_writer.append(pipe.stream, bytes, timeMs);
    collectLines(pipe, bytes, timeMs);
    return true;
}

void OutputPump::collectLines(Pipe& pipe, std::string_view bytes, std::int64_t timeMs) {
    const std::lock_guard lock(m_mutex);
    const std::size_t before = m_lines.size();
    if (before >= kMaxLines) {
        m_unsearched += bytes.size();
        pipe.partial.clear();
        const std::size_t end = bytes.find_last_of("\n\r");
        pipe.skipping = end == std::string_view::npos ? true : end + 1 < bytes.size();
        return;
    }
    while (!bytes.empty()) {
        // A carriage return redraws a line (progress bars), so it ends one.
        const std::size_t end = bytes.find_first_of("\n\r");
        const std::string_view part = bytes.substr(0, end);
        if (!pipe.skipping && pipe.partial.size() + part.size() <= kMaxLine) {
            pipe.partial += part;
        } else {
            pipe.skipping = true;
            pipe.partial.clear();
        }
        if (end == std::string_view::npos) {
            break;
        }
        if (!pipe.partial.empty()) {
            m_lines.push_back({timeMs, std::exchange(pipe.partial, {})});
        }
        pipe.skipping = false;
        bytes.remove_prefix(end + 1);
    }
    if (m_lines.size() > before) {
        m_onLines();
    }
}

void OutputPump::publishTrouble() {
    m_trouble = m_writer.trouble();
    m_held = m_writer.heldBytes();
}

}  // namespace runglass::launch
