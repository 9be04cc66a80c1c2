// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "grouping.h"

namespace runglass::sources {

/// Gives the groups whose members are files of launched runs (Member::owner) to those runs: what is only
/// metrics belongs to the run, and so do frameworks' logs, and a tracked run where it is the only one. Others
/// are the launched run's children: several tracked runs, the trials of a sweep, and logs of one framework
/// that have a metric in common, which are folds. What joins is put behind what was there first. A group with
/// members of two launched runs is left as it is.
void attachToLaunched(std::vector<Group>& groups, std::span<const Member> members);

}  // namespace runglass::sources
