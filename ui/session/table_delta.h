// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "runglass/model/run.h"
#include "runglass/ui/session/project_session.h"

namespace runglass::ui {

RunsDelta everything();

/// How `next` differs from `last`, when the runs of `last` come first in it.
RunsDelta between(const model::RunTable& last, const model::RunTable& next);

bool isNothing(const RunsDelta& delta);

}  // namespace runglass::ui
