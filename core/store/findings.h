// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "runglass/store/database.h"
#include "runglass/store/integrity.h"

namespace runglass::store {

/// What people are told of a run that cannot be read, or only in part.
IntegrityFinding findingOf(const DamagedRun& run);

}  // namespace runglass::store
