// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "decoded_series.h"
#include "runglass/base/bytes.h"
#include "runglass/model/run_detail.h"
#include "wire.h"

namespace runglass::sources {

/// One `key` (or `nested_key`, joined by dots) with its JSON, as in history, summary, config and statistics.
struct WandbItem {
    std::string key;
    std::string_view json;
};

/// What of the transaction log of one W&B run makes up its row in the table: everything but the points.
/// Fields and numbers are those of `wandb_internal.proto`.
class WandbRun {
public:
    /// Takes the next record of the log. False when it is malformed; a value that is not JSON is left out
    /// then, the others stand.
    bool add(ByteView record);

    /// Where the points go: set before add().
    void collect(SeriesSink* sink) { m_sink = sink; }
    /// Where the console goes, cut at the front when it gets too long.
    void wantConsole(std::string* console) { m_console = console; }

    using Values = std::map<std::string, std::string, std::less<>>;

    std::string id;
    std::string entity;
    std::string project;
    std::string group;
    std::string jobType;
    std::string displayName;
    std::string notes;
    std::string sweep;
    std::string host;
    std::string gitRemote;
    std::string gitCommit;
    std::vector<std::string> tags;
    std::vector<std::string> command;
    std::string workingDirectory;
    std::string python;
    std::string executable;
    std::string operatingSystem;
    int cpuCount = 0;     ///< logical processors
    std::string gpuType;  ///< as the driver names it
    int gpuCount = 0;
    std::vector<model::Dataset> datasets;
    Values config;
    std::map<std::string, double, std::less<>> summary;
    std::optional<std::int64_t> startTimeMs;
    std::int64_t lastTimeMs = 0;
    std::optional<int> exitCode;
    std::int64_t lastStep = -1;

    /// Summaries of history, and of system statistics under `system/`.
    [[nodiscard]] const std::unordered_map<std::string, model::MetricSummary>& metrics() const {
        return m_metrics;
    }

    /// The metric that a person wants `key` drawn over (`define_metric`); empty for W&B's own step.
    [[nodiscard]] std::string_view stepMetricOf(std::string_view key) const;

private:
    bool addMetric(ByteView message);
    bool addRun(ByteView message);
    bool addHistory(ByteView message);
    bool addSummary(ByteView message);
    bool addConfig(ByteView message);
    bool addStatistics(ByteView message);
    bool addOutput(ByteView message);
    bool addEnvironment(ByteView message);
    bool addUsedArtifact(ByteView message);
    bool addExit(ByteView message);
    bool addGit(ByteView message);
    void addPoint(const std::string& key, const model::Point& point);
    bool addValue(const WandbItem& item, std::int64_t step, std::int64_t timeMs);

    std::unordered_map<std::string, model::MetricSummary> m_metrics;
    Values m_stepMetrics;                                              ///< by metric
    std::vector<std::pair<std::string, std::string>> m_stepMetricsOf;  ///< by beginning, the latest last
    std::int64_t m_statisticsCount = 0;
    SeriesSink* m_sink = nullptr;
    std::string* m_console = nullptr;
};

/// Timestamp{seconds=1, nanos=2} in Unix milliseconds; 0 where that is no time.
std::int64_t wandbTimestamp(ByteView message);

/// The number that a W&B value is: a JSON number (NaN and infinities too, which W&B also writes as strings).
std::optional<double> wandbNumber(std::string_view json);

}  // namespace runglass::sources
