// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "origin.h"

namespace runglass::sources {

/// Members that are one run, by index: the one that names it first.
struct Group {
    std::vector<std::size_t> members;
    std::optional<std::size_t> parent;  ///< index of a group
    std::optional<RunId> attachedTo;    ///< a launched run whose files these are
    std::optional<RunId> launchedBy;    ///< a launched run of which this is a child
};

/// Decides what is one run:
/// - parts of one format that have the same id and whose folders lie side by side are one run that was
///   resumed (W&B makes a new folder each time); elsewhere the same id means a copied store;
/// - a part in the folder that a part of higher rank owns belongs to that run; two or more that are runs in
///   their own right (Framework or higher) are its children instead, because nothing says which one it is;
/// - a launcher's folder around exactly one tracked run is that run; around several, it is their parent;
/// - a part whose tool names a parent is a child of that parent's run.
std::vector<Group> groupMembers(std::span<const Member> members);

}  // namespace runglass::sources
