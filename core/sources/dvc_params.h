// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dvc_state.h"

namespace runglass::sources {

/// `dvc params`: all of params.yaml, of the files that DVCLive wrote and of those listed at the top of
/// dvc.yaml; the listed keys of the files that stages name. A file that is not there, and code, which is not
/// executed, is told by dvc.lock. A key that a file before it has with another value is called `file:key`.
void addDvcParams(DvcState& state, const DvcFiles& files, const std::vector<std::string>& liveFolders);

}  // namespace runglass::sources
