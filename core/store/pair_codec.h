// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "runglass/base/bytes.h"
#include "runglass/model/run_detail.h"

namespace runglass::store {

/// Keys and values in turn, as encodeTexts() stores texts: for lists too short to number their keys.
Bytes encodePairTexts(const std::vector<model::Variable>& pairs);
/// Empty when damaged.
std::vector<model::Variable> decodePairTexts(ByteView stored);

}  // namespace runglass::store
