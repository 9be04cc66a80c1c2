// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "output_pump.h"
#include "project_console.h"
#include "run_folder.h"
#include "run_sink.h"
#include "runglass/launch/console_scalars.h"
#include "runglass/launch/resources.h"
#include "runglass/launch/script_endpoint.h"
#include "spool_ingest.h"

namespace runglass::launch {

/// The one writer of a run to the run database, in a thread of its own. What it is given is put aside while
/// another program holds the database, and waits in memory (and the spool on disk) while that is damaged or
/// the disk is full; it tries again until it succeeds, and meanwhile tells people through the run's notice.
class Recorder {
public:
    /// Opens the database at once, and touches the run only after the first call of the others.
    Recorder(RunFolder folder, SpoolIngest::Options options);
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;
    /// Gives up what is not written yet, unless waitForEnd() was called.
    ~Recorder();

    /// Looks for scalars in the lines of `pump`, which has to outlive the recorder's work.
    void followConsole(OutputPump& pump);
    /// Where the script logs metrics itself, besides the spool; nullptr before it goes.
    void followEndpoint(const ScriptEndpoint* endpoint);
    /// There is something new in the spool or on the console. From any thread.
    void wake();
    /// The command has been started. From any thread.
    void noteStart(std::int64_t timeMs);
    /// Adds to what is wrong with the run. From any thread.
    void addProblem(std::string message);
    /// Dropped when too many wait: the only thing here that can be spared.
    void addSample(ResourceSample sample);

    /// Begins to take in what is left, and then to record the end that `makeEnd` tells (which can look at
    /// what the script said about its end). Gives up after `patienceMs`, and on a full disk not before the
    /// run's folder is gone: what is held here would be lost.
    using MakeEnd = std::function<store::RunEnd(const std::optional<SpoolEnd>&)>;
    void beginEnd(MakeEnd makeEnd, std::int64_t patienceMs);
    /// Whether all is in the database.
    bool waitForEnd();

    /// Whether the script has said that it is done. From any thread.
    [[nodiscard]] bool scriptEnded() const { return m_scriptEnded; }

private:
    struct Scalar {
        std::string key;
        model::Point point;
    };

    void run();
    enum class Next { Work, End, Leave };
    Next waitForWork(std::int64_t backoffMs);
    Result<void> writeAll(bool ending);
    void keepAside(bool ending);
    Result<void> workOnce(RunSink& sink);
    Result<void> openDatabase();
    Result<void> makeRun();
    [[nodiscard]] bool keepRun();
    void tell(store::RunChange change);
    Result<void> tellChanges(RunSink& sink);
    Result<void> writeScalars(RunSink& sink);
    void searchLines();
    [[nodiscard]] bool scriptLogs();
    Result<void> recordEnd(RunSink& sink);
    void readConsoleSettings();
    [[nodiscard]] bool givesUp(const Error& error);
    void tellTrouble(const Error& error);
    [[nodiscard]] std::string describe(const Error& error, std::uint64_t heldBytes, bool isEnding) const;
    void clearTrouble();

    RunFolder m_folder;
    SpoolIngest m_spool;
    ConsoleScalars m_scalars;
    ConsolePolicy m_consolePolicy = ConsolePolicy::UntilLogged;
    OutputPump* m_pump = nullptr;
    const ScriptEndpoint* m_endpoint = nullptr;
    bool m_endpointUsed = false;  ///< has been, while there was one
    std::optional<store::Database> m_database;
    std::vector<Scalar> m_points;  ///< not written yet; the recorder's thread only
    std::int64_t m_sampleStep = 0;
    std::int64_t m_troubleSinceMs = 0;
    std::string m_trouble;
    std::string m_firstTrouble;  ///< how it began, before somebody made room
    KeptAside m_aside;
    bool m_runMade = false;
    bool m_runKept = false;  ///< or is in the database
    bool m_endKept = false;
    bool m_isBusy = false;  ///< another program held the database in the last round
    bool m_endRecorded = false;
    std::chrono::steady_clock::time_point m_lastRound{};

    std::mutex m_mutex;
    std::condition_variable m_condition;
    bool m_woken = false;                   // guarded by m_mutex
    bool m_begun = false;                   // guarded by m_mutex
    bool m_abandoned = false;               // guarded by m_mutex
    std::deque<store::RunChange> m_told;    // guarded by m_mutex
    std::vector<ResourceSample> m_samples;  // guarded by m_mutex
    MakeEnd m_makeEnd;                      // guarded by m_mutex
    std::int64_t m_deadlineMs = 0;          // guarded by m_mutex; monotonic
    std::atomic<bool> m_scriptEnded{false};
    std::thread m_thread;
};

}  // namespace runglass::launch
