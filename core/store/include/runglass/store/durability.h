// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace runglass::store {

/// What must survive the loss of power. Both survive the death of the process.
enum class Durability {
    Points,    ///< written to disk within seconds (SQLite's synchronous=NORMAL)
    Decision,  ///< what a person decided: on the disk before the call returns (FULL)
};

}  // namespace runglass::store
