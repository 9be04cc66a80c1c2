// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "runglass/base/run_id.h"

namespace runglass::sources {

/// To be called when a launched run has ended and been recorded: writes down which of the files that tools
/// leave behind are the run's (store/written_files.h), so that this holds later, when other runs work in the
/// same folders. Looks through the project; never fails: what is not written down is judged by times until it
/// changes.
void settleWrittenFiles(const std::filesystem::path& project, const RunId& run);

}  // namespace runglass::sources
