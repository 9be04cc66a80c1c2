// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "runglass/model/status.h"
#include "runglass/ui/theme/paint.h"

namespace runglass::ui {

StatusGlyph statusGlyph(model::RunStatus status);
/// The state in the person's language: `finished`, `running` …
QString statusText(model::RunStatus status);

}  // namespace runglass::ui
