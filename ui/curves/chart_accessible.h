// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace runglass::ui {

/// Makes charts known to assistive technology as charts: their summary, their series as text, and an action
/// that opens their values as a table. Once a process; later calls do nothing.
void installChartAccessibility();

}  // namespace runglass::ui
