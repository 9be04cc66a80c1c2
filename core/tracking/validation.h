// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "fields.h"
#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/model/run_detail.h"
#include "runglass/store/run_change.h"

namespace runglass::tracking {

// The limits of the protocol (MLflow 3.11); lengths are in characters.
inline constexpr std::size_t kMaxKey = 250;
inline constexpr std::size_t kMaxParamValue = 6000;
inline constexpr std::size_t kMaxTagValue = 8000;
inline constexpr std::size_t kMaxExperimentName = 500;
inline constexpr std::size_t kMaxExperimentTagValue = 5000;
inline constexpr std::size_t kMaxArtifactLocation = 2048;
inline constexpr std::size_t kMaxBatchMetrics = 1000;
inline constexpr std::size_t kMaxBatchParams = 100;
inline constexpr std::size_t kMaxBatchTags = 100;
inline constexpr std::size_t kMaxBatch = 1000;
inline constexpr std::int64_t kMaxSearchResults = 50'000;

/// Number of code points.
std::size_t lengthOf(std::string_view text);
/// The first `count` characters: what a server does with values that are too long.
std::string_view cutTo(std::string_view text, std::size_t count);

/// The key of a metric, param or tag: it could be a file name, and never leaves its folder.
Result<void> checkKey(std::string_view key, std::string_view parameter);

/// `run_id`, else `run_uuid`. NotFound for what is no id of ours.
Result<RunId> runIdOf(const Fields& fields);
Error noSuchRun(std::string_view id);
/// A change of the run that the call names, now.
Result<store::RunChange> changeOf(const Fields& fields);

Result<std::int64_t> experimentIdOf(std::string_view text);
Error noSuchExperiment(std::string_view id);

/// `[{"key": …, "value": …}]`
Result<std::vector<model::Variable>> pairsOf(const Fields& fields, std::string_view name,
                                             std::size_t maxValue);
/// max_results: absent is `standard`; under 1 or over `most` is Invalid.
Result<std::size_t> maxResultsOf(const Fields& fields, std::int64_t standard, std::int64_t most);

/// Which lifecycle stages a search is about.
enum class Stage { Active, Deleted, All };
/// `view_type` or `run_view_type`; active where nothing is said.
Result<Stage> stageOf(const Fields& fields, std::string_view parameter = "view_type");
constexpr bool isIn(Stage stage, bool deleted) {
    return stage == Stage::All || (stage == Stage::Deleted) == deleted;
}

/// A page token is where the next page begins. Invalid for what is none.
std::string pageTokenOf(std::size_t offset);
Result<std::size_t> offsetOf(std::string_view pageToken);

}  // namespace runglass::tracking
