// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "open_files.h"
#include "process_tree.h"
#include "recorder.h"
#include "run_folder.h"
#include "runglass/base/file_descriptor.h"
#include "runglass/launch/resources.h"
#include "runglass/launch/script_endpoint.h"

namespace runglass::launch {

/// Owns one run from its start to its end: its processes, its console, its recording. One thread waits for
/// signals, requests and timers; OutputPump and Recorder have their own, so that neither a slow disk nor a
/// busy database holds up a stop request or the command's output.
class Supervisor {
public:
    /// Opens the run database in the background; nothing of the run is touched yet.
    Supervisor(RunFolder folder, RunSpec spec, std::unique_ptr<ScriptEndpoint> endpoint = nullptr);

    /// Starts the command, with `input` as its standard input (/dev/null without one), and sees it to its
    /// end.
    void run(FileDescriptor input);
    /// Sees a process to its end that somebody else started.
    void attach(const ProcessIdentity& process, std::int64_t startTimeMs);

    /// Blocks the signals that a supervisor waits for; to be called before any thread is started.
    static void blockSignals();

private:
    void watchFolder();
    void startCommand(FileDescriptor input);
    void noteFailedStart(int errorNumber, const struct SpawnSpec& spawn);
    void superviseUntilEnd();
    void finishRecording();
    void hearLeftBehind(std::int64_t untilMs);
    void finishEndpoint();
    [[nodiscard]] store::RunEnd makeEnd(const std::optional<SpoolEnd>& told) const;
    [[nodiscard]] bool ended() const;
    void addProblem(std::string message);

    // events
    void waitForEvent(std::int64_t mostMs);
    void readSignals();
    void readFolderEvents();
    void reap();
    void sampleIfDue();

    // stopping
    void checkStopRequest();
    void stop(StopKind kind);
    void signalTree(int signal);
    void pursueStop();
    void settleLeftBehind();
    [[nodiscard]] std::vector<ProcStat> livingTree() const;

    RunFolder m_folder;
    RunSpec m_spec;
    std::unique_ptr<ScriptEndpoint> m_endpoint;
    ProcessIdentity m_command;
    bool m_attached = false;
    FileDescriptor m_signals;
    FileDescriptor m_folderEvents;
    FileDescriptor m_process;  ///< pidfd of an attached process
    int m_spoolWatch = -1;
    std::optional<OutputPump> m_pump;
    std::optional<Recorder> m_recorder;
    std::optional<ResourceSampler> m_sampler;
    store::WrittenFilesLog m_written;
    OpenFiles m_openFiles;
    double m_peakMemory = 0;
    std::int64_t m_startMs = 0;  ///< monotonic
    std::int64_t m_nextSampleMs = 0;
    std::optional<StopKind> m_stopKind;
    std::int64_t m_killAtMs = 0;  ///< monotonic; 0: not set
    std::optional<int> m_waitStatus;
    std::optional<model::RunStatus> m_toldFailure;  ///< by the script, through the endpoint
    std::optional<int> m_startFailure;              ///< exit code of a command that could not be started
    bool m_processGone = false;
    std::int64_t m_endTimeMs = 0;
};

}  // namespace runglass::launch
