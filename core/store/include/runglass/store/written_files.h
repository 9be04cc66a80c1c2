// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/store/layout.h"

namespace runglass::store {

/// A file that a launched run had open for writing while somebody looked.
struct OpenedFile {
    std::filesystem::path path;  ///< absolute, without links
    bool appends = false;        ///< opened with O_APPEND: what was in it before may be another run's
    friend bool operator==(const OpenedFile&, const OpenedFile&) = default;
};

/// A file of a tool's that was found to be the run's, as the run left it.
struct KeptFile {
    std::filesystem::path path;
    std::uint64_t size = 0;
    std::int64_t modifiedNs = 0;
    friend bool operator==(const KeptFile&, const KeptFile&) = default;
};

/// What is known of the files that a launched run writes: `.runglass/written/<id>`, to which its supervisor
/// appends while it goes on, so that whoever reads the project can tell live which event files and tables are
/// this run's. Lines of a word and its values; paths are the last value, with `%` and two hex digits for
/// each byte that is no printable ASCII.
///
///   start MS CWD          before the command starts
///   pid N                 a process of the run
///   open w|a PATH         OpenedFile
///   end MS                the command has ended
///   kept SIZE MTIME PATH  KeptFile; only these count from then on
///   settled               no more is to come
struct WrittenFiles {
    RunId run;
    std::int64_t startMs = 0;
    std::filesystem::path workingDirectory;
    std::vector<int> processes;
    std::vector<OpenedFile> opened;
    std::optional<std::int64_t> endMs;
    std::vector<KeptFile> kept;
    bool settled = false;
};

std::filesystem::path writtenFolder(const Layout& layout);

/// Appends to the record of one run. What cannot be written is lost: it is never worth disturbing a run.
class WrittenFilesLog {
public:
    WrittenFilesLog(const Layout& layout, const RunId& run);
    void start(std::int64_t ms, const std::filesystem::path& workingDirectory);
    void addProcess(int pid);
    void addOpened(const OpenedFile& file);
    void end(std::int64_t ms);
    void settle(std::span<const KeptFile> kept);
    /// Forgets the run: it has left nothing that anybody reads.
    void remove();

private:
    void append(std::string_view lines) const;
    std::filesystem::path m_file;
};

/// Nothing when there is no record of the run, or it does not begin as one. A last line that is only half
/// there and lines that make no sense are left out.
std::optional<WrittenFiles> readWrittenFiles(const Layout& layout, const RunId& run);

}  // namespace runglass::store
