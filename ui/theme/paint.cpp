// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/theme/paint.h"

#include <QPainterPath>

namespace runglass::ui {
namespace {

Token statusToken(StatusGlyph status) {
    switch (status) {
        case StatusGlyph::Scheduled:
            return Token::StatusScheduled;
        case StatusGlyph::Running:
            return Token::StatusRunning;
        case StatusGlyph::Finished:
            return Token::StatusFinished;
        case StatusGlyph::Failed:
            return Token::StatusFailed;
        case StatusGlyph::Killed:
            return Token::StatusKilled;
        case StatusGlyph::Lost:
            return Token::StatusLost;
    }
    return Token::StatusLost;
}

}  // namespace

QColor statusColor(StatusGlyph status) {
    return themeColor(statusToken(status));
}

void paintStatus(QPainter* painter, const QRectF& rect, StatusGlyph status, qreal size) {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->translate(rect.center());
    painter->scale(size / 10, size / 10);
    const QColor color = statusColor(status);
    painter->setPen(Qt::NoPen);
    painter->setBrush(color);
    switch (status) {
        case StatusGlyph::Scheduled:
            painter->setPen(QPen(color, 1.5));
            painter->setBrush(Qt::NoBrush);
            painter->drawEllipse(QPointF(0, 0), 3.5, 3.5);
            break;
        case StatusGlyph::Running:
            painter->drawPolygon(QPolygonF({{-3, -4.5}, {4.5, 0}, {-3, 4.5}}));
            break;
        case StatusGlyph::Finished:
            painter->drawEllipse(QPointF(0, 0), 4.5, 4.5);
            break;
        case StatusGlyph::Failed:
            painter->setPen(QPen(color, 2.2, Qt::SolidLine, Qt::RoundCap));
            painter->drawLine(QPointF(-3.4, -3.4), QPointF(3.4, 3.4));
            painter->drawLine(QPointF(-3.4, 3.4), QPointF(3.4, -3.4));
            break;
        case StatusGlyph::Killed:
            painter->drawRoundedRect(QRectF(-4, -4, 8, 8), 1, 1);
            break;
        case StatusGlyph::Lost:
            painter->setPen(QPen(color, 1.5, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
            painter->setBrush(Qt::NoBrush);
            painter->drawPolygon(QPolygonF({{0, -4}, {4, 0}, {0, 4}, {-4, 0}}));
            break;
    }
    painter->restore();
}

void paintChip(QPainter* painter, const QRectF& rect, const QString& text, Token text_, Token background) {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool plain = background == Token::SurfaceBase || background == Token::SurfacePanel;
    painter->setPen(plain ? hairPen(Token::BorderDefault) : QPen(Qt::NoPen));
    painter->setBrush(themeColor(background));
    painter->drawRoundedRect(plain ? rect.adjusted(0.5, 0.5, -0.5, -0.5) : rect, 3, 3);
    painter->setFont(Theme::verbatim(Theme::current().font(TextRole::Caption), text));
    painter->setPen(themeColor(text_));
    painter->drawText(rect, Qt::AlignCenter | Qt::TextSingleLine, text);
    painter->restore();
}

void paintBadge(QPainter* painter, const QPointF& centre, const QString& text, Token background) {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QFont font = Theme::current().font(TextRole::Micro, 600);
    const qreal width = qMax(14.0, QFontMetricsF(font).horizontalAdvance(text) + 8);
    const QRectF rect(centre.x() - width / 2, centre.y() - 7, width, 14);
    painter->setPen(Qt::NoPen);
    painter->setBrush(themeColor(background));
    painter->drawRoundedRect(rect, 7, 7);
    painter->setFont(font);
    painter->setPen(themeColor(Token::SurfaceBase));
    painter->drawText(rect, Qt::AlignCenter | Qt::TextSingleLine, text);
    painter->restore();
}

void paintFocusRing(QPainter* painter, const QRectF& rect, qreal radius) {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(themeColor(Token::AccentFocus), 2));
    painter->setBrush(Qt::NoBrush);
    painter->drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius);
    painter->restore();
}

void paintBox(QPainter* painter, const QRectF& rect, const QColor& fill, const QColor& border, qreal radius) {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(border.isValid() ? QPen(border, 1) : QPen(Qt::NoPen));
    painter->setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    const qreal inset = border.isValid() ? 0.5 : 0;
    painter->drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius);
    painter->restore();
}

}  // namespace runglass::ui
