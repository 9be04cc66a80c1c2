// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dvc_cache.h"
#include "dvc_files.h"
#include "runglass/model/run_detail.h"
#include "runglass/sources/reader.h"

namespace runglass::sources {

struct DvcMetric {
    std::string key;
    model::Series points;
};

struct DvcOutput {
    std::string path;  ///< relative to the folder of dvc.yaml
    std::string md5;   ///< with `.dir` at its end for a folder
    std::int64_t size = 0;
};

/// What DVC would show of a project at one moment: `dvc params`, `dvc metrics`, and the plots of DVCLive.
struct DvcState {
    std::vector<model::Variable> params;
    /// Series of DVCLive, then single values of metrics files. Where two files have the same key, the later
    /// one is called `file:key`.
    std::vector<DvcMetric> metrics;
    std::vector<DvcOutput> outputs;        ///< that dvc.lock knows
    std::vector<model::Dataset> datasets;  ///< dependencies that no stage makes
    std::vector<std::string> commands;     ///< of the stages, in order
    std::string lock;                      ///< dvc.lock as it is: what was run
    bool missesCache = false;              ///< a metrics file is neither in git nor in the cache
    std::vector<Damage> damage;            ///< files are relative to the folder of dvc.yaml

    /// Something has been run.
    [[nodiscard]] bool hasRun() const { return !lock.empty() || !metrics.empty(); }
    /// Equal for states that nobody could tell apart in a table.
    [[nodiscard]] std::string fingerprint() const;
};

/// Metrics that git does not have are looked for in the cache.
DvcState readDvcState(const DvcFiles& files, const DvcCache& cache);

/// The state of a folder of DVCLive alone: `metrics.json`, `params.yaml`, `plots/metrics/`.
DvcState readDvcLiveFolder(const DvcFiles& files);

/// A TSV file of DVCLive: `[timestamp] step name`, times in milliseconds. Lines that are not of that form are
/// left out, and so is the last one while it has no end.
model::Series readDvcLiveTable(std::string_view text);

}  // namespace runglass::sources
