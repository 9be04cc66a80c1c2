// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <vector>

#include "join.h"

namespace runglass::sources {

/// The record of a run out of its members (the one that names it first): what the first does not say comes
/// from the next. A param, tag or metric that a later member has under the same key with another value keeps
/// its place under a key that names its source, `loss (tensorboard)`, so that nothing is lost; the metrics of
/// the sides of a training are named with their folders, `validation/loss`. Parts of a run that was resumed
/// follow one another instead: what the later one says stands, and its points come behind those of the
/// earlier one. Sets all but id, number and parent; fills `renamed` and `resumed` of the run.
model::RunRecord mergeRecords(JoinedRun& run, const JoinContext& context);

/// The summary of the points of one series with those of another behind them.
model::MetricSummary followedBy(const model::MetricSummary& first, const model::MetricSummary& next);

/// Whether two values of a param are the same, though perhaps spelled in different ways: `1e-04` and
/// `0.0001`, `True` and `true`.
bool saysTheSame(Symbol a, Symbol b);

/// Completes the record of a launched run with what it has written with other tools. What it has itself
/// stands; a param, tag or metric of the other under the same key gets the name of its source behind it,
/// `loss (tensorboard)`.
model::RunRecord withAttached(model::RunRecord launched, const model::RunRecord& attached);

/// The metric of `attached` that withAttached() calls `key` in a run that has no such metric itself.
std::optional<Symbol> attachedMetric(const model::RunRecord& attached, std::string_view key);

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
