// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "console_writer.h"
#include "run_folder.h"
#include "runglass/base/clock.h"
#include "runglass/base/file_descriptor.h"
#include "runglass/base/translate.h"
#include "runglass/launch/launcher.h"
#include "runglass/launch/script_flags.h"
#include "runglass/launch/spool.h"
#include "runglass/model/experiment_name.h"
#include "runglass/model/silence.h"
#include "runglass/store/aside_log.h"
#include "runglass/store/database.h"
#include "runglass/store/kept_run.h"
#include "runglass/store/patience.h"
#include "runglass/store/restore_aside.h"
#include "runglass/store/run_reader.h"
#include "spool_ingest.h"

namespace runglass::launch {

namespace {

namespace fs = std::filesystem;

/// While another program holds the database, people see the runs as they are known.
constexpr std::int64_t kPatienceMs = 500;

/// A folder whose name is a run id, still waiting for its end to be recorded. Held by one recovery at a time.
class Claim {
public:
    explicit Claim(const RunFolder& folder)
        : m_marker(::open(folder.marker().c_str(), O_RDONLY | O_CLOEXEC)) {
        m_held = m_marker.valid() && ::flock(m_marker.get(), LOCK_EX | LOCK_NB) == 0 &&
                 ::access(folder.marker().c_str(), F_OK) == 0;  // not settled by another one meanwhile
    }
    [[nodiscard]] bool held() const { return m_held; }

private:
    FileDescriptor m_marker;
    bool m_held = false;
};

bool isAlive(const std::optional<ProcessIdentity>& process) {
    return process && process->isAlive();
}

/// When the run's own process last gave a sign of life: nobody was there to write down when it ended.
std::int64_t lastWrittenMs(const RunFolder& folder) {
    std::int64_t last = 0;
    for (const auto& file : {folder.spool(), folder.path() / "console.idx", folder.path() / "processes"}) {
        struct stat status {};
        if (::stat(file.c_str(), &status) == 0) {
            last = std::max(last,
                            std::int64_t{status.st_mtim.tv_sec} * 1000 + status.st_mtim.tv_nsec / 1'000'000);
        }
    }
    return last == 0 ? nowMs() : last;
}

class Recovery {
public:
    Recovery(store::Database& database, RunFolder folder)
        : m_database(database)
        , m_writer(database)
        , m_folder(std::move(folder))
        , m_processes(readProcesses(m_folder)) {}

    /// True when the run changed.
    Result<bool> recover() {
        RUNGLASS_TRY(makeKept());
        auto detail = store::RunReader(m_database).detail(m_folder.id());
        if (!detail.ok()) {
            if (detail.error().code != ErrorCode::NotFound) {
                return detail.error();
            }
            return adopt();
        }
        repairConsole(m_folder.path());
        RUNGLASS_ASSIGN(const auto spool, takeSpool(detail->workingDirectory));
        if (model::isTerminal(detail->record.status)) {
            settle();
            return true;
        }
        RUNGLASS_TRY(recordEnd(spool, detail->record.status));
        settle();
        return true;
    }

private:
    /// Another program held the database when the run was launched, and until nobody was left to make it.
    Result<void> makeKept() {
        const auto entry = readEntry(m_folder);
        if (!entry) {
            return {};
        }
        RUNGLASS_TRY(store::makeKeptRun(m_writer, m_database, *entry));
        removeEntry(m_folder);
        return {};
    }

    /// A script that used runglass.py where there was no `runglass` left a folder, but no run.
    Result<bool> adopt() {
        RUNGLASS_ASSIGN(auto first, firstSpoolRecord(m_folder));
        if (!first.start) {
            m_folder.remove();  // a launch that died before there was anything to record
            return false;
        }
        model::RunDetail detail;
        detail.record.id = m_folder.id();
        detail.record.name = first.name.value_or(joinCommand(first.start->command));
        detail.record.experiment =
            Symbol(model::experimentName(first.experiment.value_or(std::string(model::kDefaultExperiment))));
        detail.record.source = Symbol("runglass");
        detail.record.status = model::RunStatus::Running;
        detail.record.startTimeMs = first.start->startTimeMs;
        detail.command = first.start->command;
        detail.workingDirectory = first.start->workingDirectory;
        detail.problems.push_back(tr(
            "Recorded by runglass.py without the program `runglass`: there is no snapshot and no console."));
        model::Environment environment;
        environment.pythonExecutable = first.start->pythonExecutable;
        environment.pythonVersion = first.start->pythonVersion;
        detail.environment = std::move(environment);
        const auto created = m_writer.createRun(detail);
        if (!created.ok()) {
            return created.error();
        }
        RUNGLASS_ASSIGN(const auto spool, takeSpool(detail.workingDirectory));
        if (isAlive(m_processes.command) && !spool.end()) {
            return true;  // goes on; the rest is taken in another time
        }
        RUNGLASS_TRY(recordEnd(spool, model::RunStatus::Running));
        settle();
        return true;
    }

    Result<SpoolIngest> takeSpool(const fs::path& workingDirectory) {
        SpoolIngest spool(m_folder.spool(), m_folder.id(), {workingDirectory, m_folder.project()});
        DatabaseSink sink(m_database);
        RUNGLASS_TRY(isAlive(m_processes.command) ? spool.takeIn(sink) : spool.finish(sink));
        return Result<SpoolIngest>(std::move(spool));
    }

    Result<void> recordEnd(const SpoolIngest& spool, model::RunStatus before) {
        if (const auto end = readEnd(m_folder)) {
            return m_writer.endRun(m_folder.id(), *end);
        }
        store::RunEnd end;
        RUNGLASS_ASSIGN(const auto script, lookAtScript());
        end.timeMs = script.lastSignMs;
        if (spool.end()) {  // a script that was not started by Runglass told its end itself
            end.exitCode = spool.end()->exitCode;
            end.status =
                end.exitCode.value_or(1) == 0 ? model::RunStatus::Finished : model::RunStatus::Failed;
            return m_writer.endRun(m_folder.id(), end);
        }
        end.status = model::RunStatus::Lost;
        RUNGLASS_TRY(m_writer.addProblem(m_folder.id(), whyLost(before)));
        for (const auto& begun : script.open) {
            RUNGLASS_TRY(m_writer.endRun(begun, end));
        }
        return m_writer.endRun(m_folder.id(), end);
    }

    struct Script {
        /// The run, and those below it, ended together: when the last of them gave a sign.
        std::int64_t lastSignMs = 0;
        std::vector<RunId> open;
    };

    /// Runs that the script began through the run's endpoint, which is gone with the supervisor: nobody can
    /// end them any more. Those that were launched themselves have their own supervisors.
    Result<Script> lookAtScript() {
        RUNGLASS_ASSIGN(const auto table, store::RunReader(m_database).runTable());
        const auto now = nowMs();
        Script script{lastWrittenMs(m_folder), {}};
        if (const auto* own = table->find(m_folder.id())) {
            script.lastSignMs = std::max(script.lastSignMs, model::lastSignMs(*own, now));
        }
        std::vector<RunId> parents{m_folder.id()};
        for (std::size_t i = 0; i < parents.size(); ++i) {
            for (const auto& run : table->runs) {
                if (run->parent != parents[i] ||
                    std::find(parents.begin(), parents.end(), run->id) != parents.end() ||
                    ::access(RunFolder(m_folder.project(), run->id).marker().c_str(), F_OK) == 0) {
                    continue;
                }
                script.lastSignMs = std::max(script.lastSignMs, model::lastSignMs(*run, now));
                if (const auto end = run->endTimeMs.value_or(0); end < now) {
                    script.lastSignMs = std::max(script.lastSignMs, end);
                }
                if (!model::isTerminal(run->status)) {
                    script.open.push_back(run->id);
                    parents.push_back(run->id);
                }
            }
        }
        return script;
    }

    [[nodiscard]] std::string whyLost(model::RunStatus before) const {
        const auto& owner = m_processes.owner();
        if (isAlive(m_processes.command)) {
            return tr(
                "Its supervisor died. The command itself still runs, as process {}; nothing watches it.",
                m_processes.command->pid);
        }
        if (owner && owner->bootId != ProcessIdentity::self().bootId) {
            return tr("The machine was restarted while the run went on.");
        }
        if (before == model::RunStatus::Scheduled) {
            return tr("Its launch was interrupted before the command started.");
        }
        return tr("Its supervisor died, so nobody knows how the command ended.");
    }

    void settle() const {
        if (!isAlive(m_processes.command)) {  // an orphan may still log
            m_folder.removeSpool();
            m_folder.removeMarker();
        }
    }

    store::Database& m_database;
    store::RunWriter m_writer;
    RunFolder m_folder;
    Processes m_processes;
};

/// Runs that wait for their end and that nobody looks after.
std::vector<RunFolder> abandonedRuns(const fs::path& project) {
    std::vector<RunFolder> runs;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(RunFolder::markers(project), error)) {
        const auto id = RunId::fromHex(entry.path().filename().native());
        if (!id) {
            continue;
        }
        RunFolder folder(project, *id);
        if (!isAlive(readProcesses(folder).owner())) {
            runs.push_back(std::move(folder));
        }
    }
    return runs;
}

Result<std::vector<RunId>> recoverNow(const fs::path& project) {
    std::vector<RunId> changed;
    const auto abandoned = abandonedRuns(fs::absolute(project).lexically_normal());
    if (abandoned.empty() || store::isAnythingAside(project)) {
        return changed;  // runs that lie aside end with those that began them, so they come first
    }
    RUNGLASS_ASSIGN(auto database, store::Database::open(project, store::OpenMode::ReadWrite));
    if (!database.report().writable) {
        return Error{ErrorCode::ReadOnly, database.report().whyNotWritable, {}};
    }
    std::optional<Error> trouble;
    for (const auto& folder : abandoned) {
        const Claim claim(folder);
        if (!claim.held()) {
            continue;
        }
        const auto recovered = Recovery(database, folder).recover();
        if (!recovered.ok()) {
            trouble = recovered.error();  // one run's trouble does not keep the others from being recovered
        } else if (*recovered) {
            changed.push_back(folder.id());
        }
    }
    if (trouble && changed.empty()) {
        return *trouble;
    }
    return changed;
}

}  // namespace

bool isAnyUnsettled(const fs::path& project) {
    std::error_code error;
    return !fs::is_empty(RunFolder::markers(project), error) && !error;
}

Result<std::vector<RunId>> recover(const fs::path& project) {
    const store::Patience patience(kPatienceMs);
    (void)store::restoreAside(project).ok();  // what cannot be written now stays for the next time
    auto recovered = recoverNow(project);
    const bool isBusy = !recovered.ok() && recovered.error().code == ErrorCode::Busy;
    return isBusy ? std::vector<RunId>() : std::move(recovered);
}

}  // namespace runglass::launch
