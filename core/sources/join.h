// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "origin.h"
#include "runglass/model/run.h"

namespace runglass::sources {

/// A metric that another member of the run has under the same key: shown under a name of its own.
struct RenamedMetric {
    Symbol shown;
    Symbol own;
    std::size_t member = 0;
};

/// A run as the table shows it, with all parts that it is made of, the highest rank first. Immutable.
struct JoinedRun {
    model::SharedRun record;
    std::vector<Member> members;
    std::vector<RenamedMetric> renamed;
    /// Members that tell one run after the other, the oldest first: a run that was resumed. Empty for others.
    std::vector<std::size_t> resumed;
    bool attached = false;  ///< files of a launched run, whose id the record has
};
using SharedJoinedRun = std::shared_ptr<const JoinedRun>;

struct JoinContext {
    std::filesystem::path project;
    std::int64_t nowMs = 0;
    /// When the files under an origin last changed, in Unix milliseconds: for runs of tools that leave no
    /// word on the status.
    std::function<std::int64_t(const Origin&)> changedMs;
};

/// How long after the last change of its files a run whose tool says nothing counts as running. TensorBoard
/// writers flush every two minutes.
inline constexpr std::int64_t kQuietMs = 180'000;

/// Puts together what is one run, by start time. Which parts those are depends on ranks and folders alone, so
/// the result is the same whatever the order of `members`. Runs of `previous` that are made of the same parts
/// keep their objects.
std::vector<SharedJoinedRun> join(std::vector<Member> members, const JoinContext& context,
                                  std::span<const SharedJoinedRun> previous);

}  // namespace runglass::sources
