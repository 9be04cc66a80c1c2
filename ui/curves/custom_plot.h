// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The only way to QCustomPlot. Its header uses the keywords of moc and Qt's foreach, which our own code is
// compiled without.
#define signals Q_SIGNALS
#define slots Q_SLOTS
#define foreach Q_FOREACH
#include <qcustomplot.h>
#undef signals
#undef slots
#undef foreach
