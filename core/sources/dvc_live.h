// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>

#include "dvc_state.h"

namespace runglass::sources {

/// A folder of DVCLive on its own: `plots/metrics`, `metrics.json`, `params.yaml`.
std::unique_ptr<Reader> makeDvcLiveReader(std::filesystem::path folder);

/// Summaries and params of a state.
void fillDvcRecord(const DvcState& state, model::RunRecord& record);
void addDvcDamage(const DvcState& state, Part& part);
/// See Reader::series().
Result<model::Series> dvcSeries(const DvcState& state, std::string_view metric, std::size_t from);

}  // namespace runglass::sources
