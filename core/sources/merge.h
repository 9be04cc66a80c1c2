// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <vector>

#include "join.h"

namespace runglass::sources {

/// The record of a run out of its members (the one that names it first): what the first does not say comes
/// from the next. A param, tag or metric that a later member has under the same key with another value keeps
/// its place under a key that names its source, `loss (tensorboard)`, so that nothing is lost. Sets all but
/// id, number and parent.
model::RunRecord mergeRecords(std::span<const Member> members, const JoinContext& context,
                              std::vector<RenamedMetric>& renamed);

/// The metric of which member is shown under `key`.
struct MetricPlace {
    std::size_t member = 0;
    Symbol own;
};
std::optional<MetricPlace> placeOf(const JoinedRun& run, Symbol key);

/// Gives each of `unnamed` as much of the end of its path (`paths`, relative, of the same length) as tells it
/// from the others.
std::vector<std::string> shortestNames(std::span<const std::string> paths);

}  // namespace runglass::sources
