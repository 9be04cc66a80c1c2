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
QColor statusColor(StatusGlyph status);

/// Text with tabular figures: digits on the advance of "0", minus and point with their own. For columns of
/// numbers. Uses the painter's font and pen. Text with characters that the font lacks is drawn as usual.
void drawTabular(QPainter* painter, const QRectF& rect, Qt::Alignment alignment, const QString& text);
qreal tabularWidth(const QFont& font, const QString& text);

/// Small rounded label; on surface.base and surface.panel it gets a border.
void paintChip(QPainter* painter, const QRectF& rect, const QString& text, Token text_, Token background);
/// Count in a pill of 14 px.
void paintBadge(QPainter* painter, const QPointF& centre, const QString& text, Token background);

/// The 2 px ring of keyboard focus just inside `rect`.
void paintFocusRing(QPainter* painter, const QRectF& rect, qreal radius);
/// A rounded rectangle with a crisp 1 px border; an invalid colour leaves that part out.
void paintBox(QPainter* painter, const QRectF& rect, const QColor& fill, const QColor& border, qreal radius);

}  // namespace runglass::ui
