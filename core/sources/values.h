// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "runglass/model/run.h"
#include "runglass/model/run_detail.h"

namespace runglass::sources {

/// Where a key occurs more than once, only its last value stays. Sorts by Symbol.
void keepLastOfEach(std::vector<model::KeyValue>& values);

/// Adds configuration values under `prefix`.
void addValues(std::vector<model::KeyValue>& values, std::span<const model::Variable> more,
               std::string_view prefix = {});

}  // namespace runglass::sources
