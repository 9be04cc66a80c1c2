// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/model/run_detail.h"
#include "runglass/sources/artifact_file.h"
#include "runglass/sources/growing_file.h"

namespace runglass::sources {

/// How much an origin knows of a run. Where several origins turn out to be the same run, the highest one
/// gives the name, status and times, and wins where params or metrics collide.
enum class Rank : std::uint8_t {
    Log,        ///< metrics only: event files, a CSV
    Framework,  ///< Lightning, Keras, Hugging Face Trainer, Ultralytics, DVCLive
    Launcher,   ///< Hydra: configuration and working folder
    Tracker,    ///< MLflow, W&B, Guild, Sacred, Optuna …: the run as such
};

/// Something of an origin that could not be read and was left out; the rest stands. A `count` of 0 is a
/// remark on something that was read.
struct Damage {
    std::filesystem::path file;  ///< absolute
    std::uint64_t offset = 0;    ///< of the first one, in bytes
    std::uint64_t count = 1;     ///< how many records, lines, files for this reason
    std::string reason;          ///< one sentence for people
    bool droppedByTool = false;  ///< no fault: the tool that wrote it leaves it out, too
    bool maybeToCome = false;    ///< half of a record at the end: no fault while the run goes on
    friend bool operator==(const Damage&, const Damage&) = default;
};

/// One run as one origin tells it, before those that belong together are joined. Immutable once published.
struct Part {
    /// Stable within the origin, whatever else appears there: the tool's own run id, a trial number; empty
    /// where an origin is one run.
    std::string key;
    /// The tool's id, where it is one of ours by form (32 hex digits: MLflow, Guild).
    std::optional<RunId> id;
    Rank rank = Rank::Log;
    /// Where the run lives. Parts of lower rank that lie in it belong to this run when `ownsFolder`.
    std::filesystem::path folder;
    bool ownsFolder = false;
    /// Of the same origin.
    std::string parentKey;
    /// `id`, `number`, `source`, `parent` and an empty `location` are set by the catalogue. Keys are sorted
    /// (RunRecord::sortKeys). Deleted runs of the tool are `archived`. An empty `name` asks for that of
    /// `folder` (as much of its path as tells it from the others, as TensorBoard shows runs).
    model::RunRecord record;
    /// False where the tool leaves no word on how the run goes or went (event files, a CSV). `record.status`
    /// is Finished then (Lost where the tool would have left a word at the end), and the catalogue shows
    /// Running while the files have changed a short time ago.
    bool tellsStatus = true;
    std::vector<Damage> damage;
};
using SharedPart = std::shared_ptr<const Part>;

/// Files of one origin that are runs of their own, by the key of the part that they make.
using FileGroups = std::map<std::string, std::vector<std::filesystem::path>>;

/// Reads one origin in place: a file, or a folder that is one thing to its tool. Never writes, never locks,
/// never executes, and keeps every number as the tool would show it. Used by one thread at a time. detail()
/// and series() work without a read() before them (the table may have come out of the cached index).
///
/// Memory: a reader keeps what read() needs to go on from where it stopped, not the points.
class Reader {
public:
    Reader() = default;
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    virtual ~Reader() = default;

    /// All runs of the origin as they are now. Costs what has changed since the last call; parts that have
    /// not changed are the same objects as last time. A last record that is only half there is waited for. An
    /// error means that nothing can be said at all; what can be said is returned, with the rest as Damage.
    virtual Result<std::vector<SharedPart>> read(std::stop_token stop) = 0;

    /// The files (and folders, whose time changes when names come and go) that the last read() rested on:
    /// while their stamps are equal, read() would find nothing new.
    [[nodiscard]] virtual std::vector<FileStamp> stamps() const = 0;

    /// Grows when read() finds that points have been taken back which series() may have given before.
    [[nodiscard]] virtual std::uint64_t retractions() const { return 0; }

    /// Makes parts of their own of some of the origin's files, which turned out to be different runs': event
    /// files of two runs in one folder. The next read() tells them apart. False where the files of this
    /// format belong together whoever wrote them.
    virtual bool separate(const FileGroups& groups);

    /// Everything about one run but its points: `record` as in the part, with datasets, artifacts,
    /// environment, command, note and what else the tool has kept.
    virtual Result<model::RunDetail> detail(std::string_view key) = 0;

    /// The points of one metric from the `from`-th on, in the order that the tool shows them. NotFound when
    /// there is no such metric.
    virtual Result<model::Series> series(std::string_view key, std::string_view metric, std::size_t from,
                                         std::stop_token stop) = 0;

    /// An artifact that is a file of its own, by its name in RunDetail::artifacts: looked for in the run's
    /// artifactFolders(). NotFound for all others.
    virtual Result<ArtifactFile> openArtifact(std::string_view key, std::string_view path);

    /// The bytes of an artifact that is no file of its own (an image within an event file), by its name in
    /// RunDetail::artifacts. NotFound for all others; TooLarge beyond `limit` bytes.
    virtual Result<std::string> artifact(std::string_view key, std::string_view path, std::uint64_t limit);

    /// What the run printed, as far as the tool kept it; empty where it does not.
    virtual Result<std::string> console(std::string_view key);

protected:
    /// The folders whose files are the run's artifacts; none by default.
    virtual Result<std::vector<ArtifactFolder>> artifactFolders(std::string_view key);
};

}  // namespace runglass::sources
