// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/model/run_detail.h"
#include "write_session.h"

namespace runglass::tracking {

/// Sets a tag of a run. The tags that name a run, describe it or say whose child it is are those things here.
Result<void> applyTag(WriteSession& session, const RunId& run, std::string_view key, std::string_view value);
/// NotFound when there is no such tag.
Result<void> removeTag(WriteSession& session, const RunId& run, std::string_view key);

/// Fills in what the tags of a new run say of it: its note, its git state, its script.
void describeByTags(const std::vector<model::Variable>& tags, model::RunDetail& detail);

}  // namespace runglass::tracking
