// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "runglass/store/run_change.h"

namespace runglass::tracking {

/// Sets a tag of a run. The tags that name a run, describe it or say whose child it is are those things here;
/// those of a new run say its git state and its script, too.
void addTag(store::RunChange& change, std::string_view key, std::string_view value);
void removeTag(store::RunChange& change, std::string_view key);

}  // namespace runglass::tracking
