// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runglass/base/run_id.h"
#include "runglass/base/symbol.h"
#include "runglass/model/run_list.h"
#include "runglass/model/series.h"
#include "runglass/model/status.h"

namespace runglass::model {

/// Where a run's source code stood. Object names are full lowercase hex, empty where there is none.
struct GitState {
    std::string commit;    ///< HEAD when the run started
    std::string branch;    ///< short name; empty when HEAD was detached
    std::string snapshot;  ///< commit object under refs/runglass/runs/<id>, see DESIGN §7
    std::string remote;    ///< URL of the branch's remote, credentials removed
    bool dirty = false;    ///< whether the snapshot differs from `commit`

    friend bool operator==(const GitState&, const GitState&) = default;
};

struct KeyValue {
    Symbol key;
    Symbol value;
    friend bool operator==(const KeyValue&, const KeyValue&) = default;
};

struct Metric {
    Symbol key;
    MetricSummary summary;
    /// The metric of the same run that it is to be drawn over, where the script said so (W&B's
    /// define_metric); empty: over the step.
    Symbol stepMetric = {};
};

/// Everything about a run that the run table, the filter and grouping need: one row. Immutable once published
/// and shared between threads; a change publishes a new record. `params`, `tags` and `metrics` are sorted by
/// Symbol (not alphabetically) for the look-ups below.
struct RunRecord {
    RunId id;
    std::int64_t number =
        0;  ///< 1, 2, 3 … in the order of creation within a source; also fixes the series colour
    std::string name;
    Symbol experiment;
    Symbol source;         ///< `runglass`, `mlflow`, `tensorboard` …
    std::string location;  ///< path of the origin, relative to the project; bytes
    RunStatus status = RunStatus::Scheduled;
    /// What the tool of a foreign run says, where `status` knows better: `running` for one that is lost.
    std::optional<RunStatus> toldStatus = {};
    std::optional<int> exitCode;
    std::optional<int> signal;
    std::optional<std::int64_t> startTimeMs;
    std::optional<std::int64_t> endTimeMs;
    GitState git;
    std::optional<RunId> parent;
    bool archived = false;
    bool starred = false;
    bool hasNote = false;
    /// Records of a foreign run that could not be read; RunDetail::problems says which, and why.
    std::uint64_t leftOut = 0;
    std::optional<std::uint32_t> color;  ///< 0xRRGGBB picked by hand
    std::vector<KeyValue> params;
    std::vector<KeyValue> tags;
    std::vector<Metric> metrics;

    [[nodiscard]] const MetricSummary* metric(Symbol key) const;
    /// Metric::stepMetric of that metric; empty for one that the run does not have.
    [[nodiscard]] Symbol stepMetric(Symbol key) const;
    [[nodiscard]] std::optional<std::string_view> param(Symbol key) const;
    [[nodiscard]] std::optional<std::string_view> tag(Symbol key) const;
    /// End minus start; for a run that goes on, `nowMs` minus start.
    [[nodiscard]] std::optional<std::int64_t> durationMs(std::int64_t nowMs) const;
    /// Restores the order by Symbol after filling the vectors.
    void sortKeys();
};

/// All runs of a project at one moment, newest last, and every key that occurs. Immutable and shared.
struct RunTable {
    std::int64_t revision = 0;  ///< of the run database; grows with every change
    RunList runs;
    std::vector<Symbol> paramKeys;   ///< alphabetical
    std::vector<Symbol> tagKeys;     ///< alphabetical
    std::vector<Symbol> metricKeys;  ///< alphabetical

    /// In constant time.
    [[nodiscard]] const RunRecord* find(const RunId& id) const;
};

using SharedRunTable = std::shared_ptr<const RunTable>;

}  // namespace runglass::model
