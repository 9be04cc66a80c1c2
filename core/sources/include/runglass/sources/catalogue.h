// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/jobs/job.h"
#include "runglass/model/run_detail.h"
#include "runglass/sources/format.h"

namespace runglass::sources {

/// The runs that other tools have left in a project, at one moment. Immutable and shared.
struct ForeignRuns {
    std::vector<model::SharedRun> runs;  ///< oldest first; those without a start time before all others
    /// What launched runs have written with other tools: event files, tables, a tracker's run. The records
    /// have the ids of those runs, which they complete (RunTableBuilder).
    std::vector<model::SharedRun> attached;
    /// What could not be read at all (a folder without permission, a database that does not open) and what
    /// was passed over (links). What is wrong within a run is among the problems of that run's detail.
    std::vector<Damage> problems;
    bool complete = false;  ///< everything has been looked at
    bool held = false;      ///< another program is writing to a database: runs of it may be missing
    bool polling = false;   ///< changes are looked for every few seconds, because nobody announces them all
};
using SharedForeignRuns = std::shared_ptr<const ForeignRuns>;

struct CatalogueOptions {
    std::filesystem::path project;
    /// Walked as well as those of the project's settings. Relative ones are meant from the project.
    std::vector<std::filesystem::path> folders = {};
    std::span<const std::unique_ptr<const Format>> formats = sources::formats();
    /// Keeps what was read in `.runglass/cache/`, where there is a `.runglass` that can be written.
    bool cache = true;
    std::size_t threads = 0;  ///< 0: as many as there are processors, at most 8
    std::size_t watches = 0;  ///< folders that the kernel is asked to watch; 0: as many as it lets us
};

/// Finds and reads the runs of other tools in a project, in place: nothing is written outside of
/// `.runglass/`, nothing locked, nothing executed (DESIGN §6). load() and refresh() belong to one thread; the
/// look-ups are thread-safe.
class Catalogue {
public:
    /// Touches no file.
    explicit Catalogue(CatalogueOptions options);
    Catalogue(const Catalogue&) = delete;
    Catalogue& operator=(const Catalogue&) = delete;
    ~Catalogue();

    using Publish = std::function<void(SharedForeignRuns)>;

    /// Walks everything and reads what has changed, several files at a time. `publish` gets what is there so
    /// far, on the calling thread, as soon as there is something, again and again while more comes, and once
    /// with everything. Progress counts files and folders; its total is what is known so far.
    SharedForeignRuns load(const Publish& publish = {}, std::stop_token stop = {},
                           jobs::Progress* progress = nullptr);

    /// Looks for what has changed since: costs a look at each file and folder that announces nothing, and the
    /// reading of what was added. The same object as before when nothing has changed.
    SharedForeignRuns refresh(std::stop_token stop = {});

    /// As last published; never null.
    [[nodiscard]] SharedForeignRuns runs() const;
    [[nodiscard]] bool has(const RunId& id) const;
    /// What a launched run has written with other tools, by its id; the look-ups below then speak of that.
    /// Null where there is nothing.
    [[nodiscard]] model::SharedRun attached(const RunId& id) const;
    /// The files that launched runs have written, of those that are read here.
    [[nodiscard]] std::vector<FileStamp> filesOf(const RunId& launched) const;

    /// Of a joined run, with all its origins and what was left out of it.
    [[nodiscard]] Result<model::RunDetail> detail(const RunId& id) const;
    /// Where a run lies, the origin that names it first.
    [[nodiscard]] std::vector<model::Origin> origins(const RunId& id) const;
    /// NotFound when the run has no such metric.
    [[nodiscard]] Result<model::Series> series(const RunId& id, std::string_view key, std::size_t from = 0,
                                               std::stop_token stop = {}) const;
    /// Another number than before when points that series() gave before may be others now, since a file was
    /// replaced: what was kept of them is not to be continued then. 0 for runs that are not here.
    [[nodiscard]] std::uint64_t epoch(const RunId& id) const;
    /// The bytes of an artifact of the run, by its name in RunDetail::artifacts: a medium within an event
    /// file, or a file of the run's own folder. Nothing is opened that the tool has not put there: names that
    /// lead out of the folder and links are NotFound. TooLarge beyond `limit` bytes, of which none is read
    /// then; Cancelled on request. Reads a file: call it in a job.
    [[nodiscard]] Result<std::string> artifact(const RunId& id, std::string_view path, std::uint64_t limit,
                                               const std::stop_token& stop = {}) const;
    /// The same as an open file, for those who copy artifacts of any size. NotFound for what is no file of
    /// its own.
    [[nodiscard]] Result<ArtifactFile> openArtifact(const RunId& id, std::string_view path) const;
    /// What the run printed, as far as a tool has kept it (the first 64 MiB): W&B's console or `output.log`,
    /// Sacred's `cout.txt`, Guild's `output`, Hydra's log. Empty where none has. Reads a file: call it in a
    /// job.
    [[nodiscard]] Result<std::string> console(const RunId& id) const;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

/// `sources.folders` of the project's settings.json: folders outside of it that other tools left runs in.
std::vector<std::filesystem::path> furtherFolders(const std::filesystem::path& project);

/// Makes them these, relative to the project or absolute; the other settings stay as they are. Invalid when
/// settings.json is damaged or a name is not UTF-8.
Result<void> setFurtherFolders(const std::filesystem::path& project,
                               const std::vector<std::filesystem::path>& folders);

/// `runs/7/metrics.csv: 3 lines are not numbers, the first at byte 118.` for people.
std::string describe(const Damage& damage, const std::filesystem::path& project);

}  // namespace runglass::sources
