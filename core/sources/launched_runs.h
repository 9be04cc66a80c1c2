// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "runglass/sources/growing_file.h"
#include "runglass/store/written_files.h"

namespace runglass::sources {

/// When the file was made, in Unix nanoseconds; nothing where the file system does not keep that.
std::optional<std::int64_t> birthOf(const std::filesystem::path& file);

/// Tells which launched run a tool's file is of, from what the runs' supervisors have noted
/// (store/written_files.h) and from the times of the file. Certain, or nothing:
///
/// - A run that had the file open for writing, or whose process is the one that an event file's name tells,
///   has written it; where nobody has noted that run's end, because its supervisor was killed, until another
///   run has written it. Without such a trace it is the run in whose working directory the file lies and in
///   whose time it was last changed, if there is exactly one such run.
/// - The whole of the file is that run's when it was made in the run's time, was opened without O_APPEND
///   (and so cut to nothing), or is a JSON document, which nobody can append to.
/// - Once a run is settled, exactly the files that it left then, for as long as they are as it left them.
class LaunchedRuns {
public:
    /// Whether anything may be answered in another way than before.
    bool refresh(const std::filesystem::path& project);

    [[nodiscard]] bool empty() const { return m_runs.empty(); }
    /// When a run that ownerOf() has named began, in Unix milliseconds.
    [[nodiscard]] std::int64_t startOf(const RunId& id) const;
    /// Whether nothing of such a run writes any more.
    [[nodiscard]] bool hasEnded(const RunId& id) const;
    /// Whether it is worth asking; touches no file.
    [[nodiscard]] bool mayOwn(const FileStamp& file) const;
    /// `file` exists. Looks at the file again only where its time is one in which some run was under way.
    [[nodiscard]] std::optional<RunId> ownerOf(const FileStamp& file) const;

private:
    struct Run {
        store::WrittenFiles written;
        FileStamp stamp;  ///< of the record
        std::string folder;
        std::map<std::string, bool> opened;  ///< path → whether it was only appended to
        std::int64_t endNs = 0;              ///< the greatest there is while it goes on
        bool hasLostEnd = false;  ///< nobody has noted it: its supervisor was killed, `endNs` is a guess
        [[nodiscard]] bool includes(std::int64_t timeNs) const;
        [[nodiscard]] bool hasTraceOf(const std::string& path, std::optional<std::int64_t> process) const;
        /// Whether a file that was last changed then may be of the run.
        [[nodiscard]] bool mayHave(std::int64_t timeNs, bool isTraced) const;
    };

    void take(const std::filesystem::path& project, const RunId& id, Run& run);
    [[nodiscard]] std::optional<RunId> settledOwnerOf(const FileStamp& file) const;

    FileStamp m_folder;
    std::map<RunId, Run> m_runs;
    std::unordered_multimap<std::string, RunId> m_kept;  ///< by path
    std::vector<RunId> m_unsettled;
};

}  // namespace runglass::sources
