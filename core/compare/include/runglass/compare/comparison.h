// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/git/values.h"
#include "runglass/model/run_detail.h"

namespace runglass::compare {

/// One key over all compared runs; `values[i]` belongs to the i-th run, nothing where it is not set.
struct Row {
    std::string key;
    std::vector<std::optional<std::string>> values;
    bool differs = false;
    std::string change;  ///< for two runs, in words: `× 3`, `added`, `removed`, `minor` …; may be empty
};

struct MetricRow {
    std::string key;
    std::vector<std::optional<model::MetricSummary>> values;
    bool differs = false;
};

struct Section {
    enum class Kind { Params, Config, Packages, Environment, Hardware, Data, CommandLine, Tags };
    Kind kind = Kind::Params;
    std::vector<Row> rows;
    [[nodiscard]] std::size_t differing() const;
};

/// Differences between two or more runs, the first being the baseline.
struct Comparison {
    std::vector<model::RunDetail> runs;
    std::vector<Section> sections;
    std::vector<MetricRow> metrics;
    /// Code of the first against the second run (snapshots, else commits); nothing where either has none.
    std::optional<std::vector<git::FileDiff>> code;
    std::string codeProblem;  ///< why there is no code difference, for people
};

struct CompareOptions {
    bool code = true;
    bool ignoreWhitespace = false;
    int contextLines = 3;
};

/// Reads the runs and computes the above. Call on a worker thread.
Result<Comparison> compareRuns(const std::filesystem::path& project, const std::vector<RunId>& runs,
                               const CompareOptions& options = {}, std::stop_token stop = {});

/// The same of runs that have been read already, wherever they live.
Result<Comparison> compareDetails(const std::filesystem::path& project, std::vector<model::RunDetail> runs,
                                  const CompareOptions& options = {}, std::stop_token stop = {});

}  // namespace runglass::compare
