// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "run_folder.h"
#include "runglass/model/run_detail.h"

namespace runglass::launch {

/// The environment of this process with what a run's command gets besides, as `NAME=value`:
///
/// - RUNGLASS_RUN_ID, RUNGLASS_PROJECT, RUNGLASS_SPOOL (spool.h) and RUNGLASS_BIN, the `runglass` program;
/// - PYTHONUNBUFFERED=1, unless the variable exists (also when empty, which switches it off): with a pipe for
///   its output Python would hold back lines until it has 8 KiB of them, and lose them when killed;
/// - PYTHONPATH with the folder of runglass.py at its end, so that `import runglass` works without installing
///   anything and hides nothing that is installed before it in that variable. RUNGLASS_PYTHON names another
///   folder, and when empty leaves PYTHONPATH alone.
/// - `more`.
std::vector<std::string> commandEnvironment(const RunFolder& folder,
                                            const std::vector<model::Variable>& more = {});

}  // namespace runglass::launch
