// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "console_writer.h"
#include "runglass/base/file_descriptor.h"

namespace runglass::launch {

/// Moves what a command prints from its pipes to the console log, in a thread of its own: whatever the
/// database does, the command never waits for anything but the page cache, and for the terminal of
/// `runglass run` when that is more than the limit of the log behind. Whole lines are kept for the
/// search for scalars, as many as that can keep up with.
class OutputPump {
public:
    struct Line {
        std::int64_t timeMs = 0;
        std::string text;
    };

    /// `onLines` is called from the pump's thread when lines are ready.
    OutputPump(ConsoleWriter writer, FileDescriptor out, FileDescriptor err, std::function<void()> onLines);
    OutputPump(const OutputPump&) = delete;
    OutputPump& operator=(const OutputPump&) = delete;
    ~OutputPump();

    /// Reads what is left and ends: at the end of both pipes, or after `patienceMs` when a process that the
    /// command left behind keeps them open. True when it reached the end.
    bool finish(std::int64_t patienceMs);

    /// Adds text of the supervisor's own to the log, as standard error. After finish() only.
    void addNote(std::string_view text);

    /// Tries again to write what a full disk held back. True when nothing is left. After finish() only.
    bool flushHeld();

    std::vector<Line> takeLines();
    /// Bytes of output in which no scalars were looked for, because too much came too fast.
    [[nodiscard]] std::uint64_t unsearchedBytes() const { return m_unsearched; }
    /// errno of what keeps the console from being written; 0 when nothing does.
    [[nodiscard]] int trouble() const { return m_trouble; }
    [[nodiscard]] std::uint64_t heldBytes() const { return m_held; }

private:
    struct Pipe {
        FileDescriptor descriptor;
        Stream stream = Stream::Out;
        std::string partial;    ///< the line that has begun
        bool skipping = false;  ///< inside a line that is too long or was not kept
    };

    void run();
    bool readPipe(Pipe& pipe);
    void takeRest(Pipe& pipe);
    void collectLines(Pipe& pipe, std::string_view bytes, std::int64_t timeMs);
    void publishTrouble();

    ConsoleWriter m_writer;
    std::array<Pipe, 2> m_pipes;
    std::function<void()> m_onLines;
    FileDescriptor m_wake;
    std::atomic<std::int64_t> m_deadline{0};  ///< monotonic ms; 0: none yet
    std::atomic<bool> m_reachedEnd{false};
    std::atomic<std::uint64_t> m_unsearched{0};
    std::atomic<std::uint64_t> m_held{0};
    std::atomic<int> m_trouble{0};
    std::mutex m_mutex;
    std::vector<Line> m_lines;  // guarded by m_mutex
    std::vector<char> m_buffer;
    std::thread m_thread;
};

}  // namespace runglass::launch
