// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "run_folder.h"
#include "run_sink.h"
#include "runglass/base/file_descriptor.h"
#include "runglass/base/result.h"
#include "runglass/launch/spool.h"

namespace runglass::launch {

/// Takes a run's spool into the run database, or aside while another program holds that, exactly once: how
/// far it has come is committed together with what it took. Works the same while the script writes and years
/// later.
class SpoolIngest {
public:
    struct Options {
        std::filesystem::path workingDirectory;  ///< what paths in the spool are relative to
        /// Files outside of this folder are not copied. Empty: any file. Set where the spool was not written
        /// under our own eyes: a project from elsewhere must not fetch files of whoever opens it.
        std::filesystem::path onlyArtifactsBelow;
    };

    SpoolIngest(std::filesystem::path spool, const RunId& run, Options options);

    /// Takes in what has come since, in transactions of at most 500 rows. After an error nothing of the
    /// current transaction has happened, and the next call begins there again.
    Result<void> takeIn(RunSink& sink);
    /// After the last writer is gone: a last line without its end is read, too, and the bad lines are summed
    /// up.
    Result<void> finish(RunSink& sink);

    /// What the script said about its own end and beginning, where it has.
    [[nodiscard]] const std::optional<SpoolEnd>& end() const { return m_end; }
    [[nodiscard]] const std::optional<SpoolStart>& start() const { return m_start; }
    /// Whether a metric came through the spool since this object began to read.
    [[nodiscard]] bool hasMetrics() const { return !m_progress.nextStep.empty(); }
    [[nodiscard]] std::int64_t badLines() const { return m_progress.badLines; }

private:
    /// All that changes with a line; kept only when its transaction is committed.
    struct Progress {
        std::int64_t offset = 0;
        std::int64_t badLines = 0;
        bool insideLongLine = false;
        std::map<std::string, std::int64_t, std::less<>> nextStep;
        std::set<std::string> refusedParams;
        std::set<std::string, std::less<>> saidParams;  ///< of those that were given
    };
    struct Line {
        std::size_t bytes = 0;                      ///< with its end
        std::optional<Result<SpoolRecord>> record;  ///< nothing: to be skipped silently
    };

    Result<void> begin(store::Database& database);
    Result<void> readProgress(store::Database& database);
    Result<bool> readMore();
    std::vector<Line> nextLines(bool atEnd, std::size_t most);
    Line cutLine(std::string_view rest, bool atEnd);
    [[nodiscard]] bool endsChange(const SpoolRecord& record) const;
    Result<void> takeLines(RunSink& sink, bool atEnd);
    Result<void> commit(RunSink& sink, std::span<const Line> lines);
    store::RunChange changeOf(std::span<const Line> lines, Progress& progress) const;
    void collectPoints(const SpoolRecord& record, Progress& progress,
                       std::vector<store::MetricPoint>& points) const;
    static void collectRest(const SpoolRecord& record, store::RunChange& change);
    void collectParams(const std::vector<model::Variable>& logged, Progress& progress,
                       store::RunChange& change) const;
    static void refuse(const std::string& reason, Progress& progress, std::vector<std::string>& problems);

    Result<void> addArtifact(RunSink& sink, const SpoolArtifact& artifact);
    Result<void> addFile(RunSink& sink, const std::filesystem::path& file, const std::string& name);
    [[nodiscard]] std::filesystem::path resolve(const std::string& path) const;
    [[nodiscard]] bool mayRead(const std::filesystem::path& file) const;
    void completeDataset(model::Dataset& dataset) const;

    std::filesystem::path m_path;
    RunId m_run;
    Options m_options;
    SpoolParser m_parser;
    FileDescriptor m_file;
    bool m_begun = false;
    model::GivenParams m_given;
    Progress m_progress;
    std::string m_pending;  ///< bytes from m_progress.offset on that are not taken in yet
    std::optional<SpoolEnd> m_end;
    std::optional<SpoolStart> m_start;
};

/// What the first line of a run's spool says: runglass.py introduces itself there.
Result<SpoolRecord> firstSpoolRecord(const RunFolder& folder);

}  // namespace runglass::launch
