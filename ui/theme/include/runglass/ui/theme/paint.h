// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPainter>
#include <QRectF>
#include <QString>

#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

enum class StatusGlyph { Scheduled, Running, Finished, Failed, Killed, Lost };

/// The glyph of a run state in its colour (VISUAL.md §4), centred in `rect`.
void paintStatus(QPainter* painter, const QRectF& rect, StatusGlyph status, qreal size = 10);

/// Text with tabular figures: digits on the advance of "0", minus and point with their own. For columns of
/// numbers.
void drawTabular(QPainter* painter, const QRectF& rect, Qt::Alignment alignment, const QString& text);
qreal tabularWidth(const QFont& font, const QString& text);

/// Small rounded label (chip) or count (badge).
void paintChip(QPainter* painter, const QRectF& rect, const QString& text, Token text_, Token background);

}  // namespace runglass::ui
