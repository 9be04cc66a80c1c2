// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/launch/launcher.h"
#include "runglass/launch/process_identity.h"
#include "runglass/model/given_params.h"
#include "runglass/model/run_detail.h"
#include "runglass/store/run_writer.h"

namespace runglass::launch {

/// `.runglass/runs/<id>/`, where the processes of one run meet:
///
///   spec         what to run: NUL-separated `key=value`, so that argv and paths are exact bytes
///   entry        the run as it was captured (store/kept_run.h), until it is in the run database
///   given        the params that it has before the script says any: NUL-separated names and values
///   processes    lines `launcher|supervisor|command PID START_TICKS BOOT_ID`, in order of appearance
///   spool.jsonl  what the script logged (spool.h)
///   console.*    what it printed (console_segments.h)
///   follower     how far the terminal that shows it has come (follow_mark.h)
///   stop         a request: `terminate`, `interrupt` or `kill`
///   notice       what keeps the run from being recorded right now, for people; empty when nothing does
///   end          how the command ended: lines `key value`
///
/// and `.runglass/active/<id>`, an empty file that exists from before the run does until its end is in the
/// run database, so that recovery has a short list to look through.
class RunFolder {
public:
    RunFolder(std::filesystem::path project, const RunId& id);
    /// From the path of the folder itself; Invalid when it is not a run folder.
    static Result<RunFolder> at(const std::filesystem::path& folder);

    [[nodiscard]] const std::filesystem::path& project() const { return m_project; }
    [[nodiscard]] const RunId& id() const { return m_id; }
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    [[nodiscard]] std::filesystem::path spool() const { return m_path / "spool.jsonl"; }
    [[nodiscard]] std::filesystem::path follower() const { return m_path / "follower"; }
    [[nodiscard]] std::filesystem::path stop() const { return m_path / "stop"; }
    [[nodiscard]] std::filesystem::path end() const { return m_path / "end"; }
    [[nodiscard]] std::filesystem::path notice() const { return m_path / "notice"; }
    [[nodiscard]] std::filesystem::path marker() const;
    static std::filesystem::path markers(const std::filesystem::path& project);

    /// Makes the folder, the marker, an empty spool and room for a notice.
    [[nodiscard]] Result<void> create() const;
    /// For a launch that failed before there was a run.
    void remove() const;
    void removeMarker() const;
    /// What is in the run database now, or is of no use any more: the spool and the given params.
    void removeSpool() const;

private:
    std::filesystem::path m_project;
    RunId m_id;
    std::filesystem::path m_path;
};

/// What the supervisor needs to know of a LaunchSpec.
struct RunSpec {
    std::filesystem::path workingDirectory;
    std::vector<std::string> command;
    std::int64_t graceMs = 0;
    bool hasInput = false;  ///< the supervisor was given the command's standard input as descriptor 3
};
Result<void> writeSpec(const RunFolder& folder, const RunSpec& spec);
/// Takes the spec away as it reads it: its words may hold secrets, which are withheld everywhere else.
Result<RunSpec> takeSpec(const RunFolder& folder);

Result<void> writeGivenParams(const RunFolder& folder, const std::vector<model::KeyValue>& params);
/// From the folder of the run; none where there is no such file.
model::GivenParams readGivenParams(const std::filesystem::path& runFolder);

/// While another program holds the run database.
Result<void> writeEntry(const RunFolder& folder, const model::RunDetail& detail);
/// None when the run is in the run database already, or was never launched.
std::optional<model::RunDetail> readEntry(const RunFolder& folder);
void removeEntry(const RunFolder& folder);

enum class Role { Launcher, Supervisor, Command };
struct Processes {
    std::optional<ProcessIdentity> launcher;
    std::optional<ProcessIdentity> supervisor;
    std::optional<ProcessIdentity> command;

    /// Who looks after the run: the launcher until the supervisor has taken over.
    [[nodiscard]] const std::optional<ProcessIdentity>& owner() const {
        return supervisor ? supervisor : launcher;
    }
};
Result<void> addProcess(const RunFolder& folder, Role role, const ProcessIdentity& identity);
Processes readProcesses(const RunFolder& folder);

Result<void> writeEnd(const RunFolder& folder, const store::RunEnd& end);
std::optional<store::RunEnd> readEnd(const RunFolder& folder);

std::optional<StopKind> readStopRequest(const RunFolder& folder);
Result<void> writeStopRequest(const RunFolder& folder, StopKind kind);

/// Writes in place, into room that was reserved: it has to work on a full disk.
void writeNotice(const RunFolder& folder, std::string_view text);

}  // namespace runglass::launch
