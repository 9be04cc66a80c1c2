// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "runglass/jobs/executor.h"

namespace runglass::ui {

/// Posts to the event loop of the calling thread (the GUI thread). Whatever still holds it when the loop has
/// ended posts into the void, which is harmless.
jobs::Executor makeGuiExecutor();

}  // namespace runglass::ui
