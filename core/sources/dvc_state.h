// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dvc_cache.h"
#include "dvc_files.h"
#include "dvc_pipeline.h"
#include "runglass/model/run_detail.h"
#include "runglass/sources/reader.h"
#include "tfrecord.h"

namespace runglass::sources {

struct DvcMetric {
    std::string key;
    model::Series points;
};

/// What DVC would show of a project at one moment: `dvc params`, `dvc metrics`, `dvc plots`.
struct DvcState {
    std::vector<model::Variable> params;
    /// Series of DVCLive, single values of metrics files, series of plots. Where two files have the same
    /// key, see addDvcPlots(); a value of the later file of metrics is called `file:key`.
    std::vector<DvcMetric> metrics;
    std::vector<std::string> plotFiles;  ///< that are there, as data or as pictures
    DvcPipeline pipeline;
    bool missesCache = false;    ///< a file of metrics or plots is neither in git nor in the cache
    std::vector<Damage> damage;  ///< files are relative to the folder of dvc.yaml

    /// Something has been run.
    [[nodiscard]] bool hasRun() const { return !pipeline.lock.empty() || !metrics.empty(); }
    [[nodiscard]] bool hasMetric(std::string_view key) const;
    /// Equal for states that nobody could tell apart in a table.
    [[nodiscard]] std::string fingerprint() const;
};

/// Files that git does not have are looked for in the cache.
DvcState readDvcState(const DvcFiles& files, const DvcCache& cache);

/// The state of a folder of DVCLive alone: `metrics.json`, `params.yaml`, `plots/metrics/`.
DvcState readDvcLiveFolder(const DvcFiles& files);

/// A file out of git or the work tree, or out of the cache where dvc.lock has it.
std::optional<std::string> dvcContent(const DvcPipeline& pipeline, const DvcFiles& files,
                                      const DvcCache& cache, const std::string& path);
/// The MD5 of an output or of a file within one; nothing where dvc.lock and the cache do not tell.
std::optional<std::string> dvcDigest(const DvcPipeline& pipeline, const DvcCache& cache,
                                     const std::string& path);

/// A TSV file of DVCLive: `[timestamp] step name`, times in milliseconds. Lines that are not of that form are
/// damage; the last one is waited for while it has no end.
model::Series readDvcLiveTable(const std::string& path, std::string_view text, DamageList& damage);

}  // namespace runglass::sources
