// SPDX-License-Identifier: GPL-3.0-or-later
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>
#include <algorithm>

#include "diff_line_cache.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/diff_view.h"

namespace runglass::ui {

namespace {

QColor color(Token token) {
    return Theme::current().color(token);
}

/// Background, gutter colour and sign of a line on one side.
struct LineLook {
    Token background = Token::SurfaceBase;
    Token gutter = Token::TextTertiary;
    Token word = Token::SurfaceBase;
    QLatin1String sign;
};

LineLook lookOf(git::DiffLine::Kind kind) {
    switch (kind) {
        case git::DiffLine::Kind::Added:
            return {Token::DiffAddedBg, Token::DiffGutterAdded, Token::DiffAddedWord, QLatin1String("+")};
        case git::DiffLine::Kind::Removed:
            return {Token::DiffRemovedBg, Token::DiffGutterRemoved, Token::DiffRemovedWord,
                    QLatin1String("-")};
        case git::DiffLine::Kind::Context:
            break;
    }
    return {};
}

void markRange(QPainter& painter, const QTextLine& line, const QPointF& origin, int begin, int end,
               const QColor& fill, int height) {
    const qreal x0 = line.cursorToX(begin);
    const qreal x1 = line.cursorToX(end);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawRoundedRect(QRectF(origin.x() + x0, origin.y() + 1, x1 - x0, height - 2), 2, 2);
}

}  // namespace

void DiffView::paintEvent(QPaintEvent* event) {
    QPainter painter(viewport());
    painter.fillRect(event->rect(), color(Token::SurfaceBase));
    if (m_rows.empty()) {
        return;
    }
    const int offset = verticalScrollBar()->value();
    const int first = rowAt(event->rect().top() + offset);
    const int last = rowAt(event->rect().bottom() + offset);
    for (int row = first; row <= last; ++row) {
        paintRow(painter, row, rowTop(row) - offset);
    }
}

void DiffView::paintRow(QPainter& painter, int index, int top) {
    const auto& row = m_rows[static_cast<std::size_t>(index)];
    const QRect rect(0, top, viewport()->width(), rowHeight(row));
    switch (row.kind) {
        case DiffRow::Kind::File:
            paintFileRow(painter, row, rect);
            return;
        case DiffRow::Kind::Fold:
            paintFold(painter, row, rect);
            return;
        case DiffRow::Kind::Message:
            paintMessage(painter, row, rect);
            return;
        case DiffRow::Kind::Line:
            break;
    }
    if (m_options.mode == DiffMode::Unified) {
        paintSide(painter, index, side(row.left < 0), rect);
    } else {
        paintSide(painter, index, side(false), rect);
        paintSide(painter, index, side(true), rect);
        painter.fillRect(QRect(viewport()->width() / 2, top, 1, rect.height()), color(Token::BorderDefault));
    }
}

void DiffView::paintFileRow(QPainter& painter, const DiffRow& row, const QRect& rect) const {
    const auto& file = m_document->files()[static_cast<std::size_t>(row.file)];
    painter.fillRect(rect, color(Token::SurfacePanel));
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), color(Token::BorderSubtle));
    const QString removed = QStringLiteral("−%1").arg(file.info.removed);
    const QString added = QStringLiteral("+%1").arg(file.info.added);
    painter.setFont(Theme::current().font(TextRole::Caption));
    int right = rect.right() - 12;
    const auto count = [&](const QString& text, Token token) {
        const int width = painter.fontMetrics().horizontalAdvance(text);
        painter.setPen(color(token));
        painter.drawText(QRect(right - width, rect.top(), width, rect.height()), Qt::AlignVCenter, text);
        right -= width + 6;
    };
    if (!file.lines.empty()) {
        count(removed, Token::DiffGutterRemoved);
        count(added, Token::DiffGutterAdded);
    }
    const QString path = fileTitle(row.file);
    painter.setFont(m_lines->font());
    painter.setPen(color(Token::TextPrimary));
    const QRect nameRect = rect.adjusted(12, 0, -(rect.right() - right) - 6, 0);
    painter.drawText(nameRect, Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(path, Qt::ElideMiddle, nameRect.width()));
}

void DiffView::paintFold(QPainter& painter, const DiffRow& row, const QRect& rect) const {
    painter.fillRect(rect, color(Token::SurfacePanel));
    painter.setFont(Theme::current().font(TextRole::Caption));
    const int x = m_numberWidth + 20;
    QString text = foldText(row);
    if (row.first >= 0) {
        text += QStringLiteral(", ");
    }
    painter.setPen(color(Token::TextTertiary));
    painter.drawText(rect.adjusted(x, 0, 0, 0), Qt::AlignVCenter, text);
    if (row.first >= 0) {
        painter.setPen(color(Token::TextLink));
        painter.drawText(rect.adjusted(x + painter.fontMetrics().horizontalAdvance(text), 0, 0, 0),
                         Qt::AlignVCenter, tr("show"));
    }
}

void DiffView::paintMessage(QPainter& painter, const DiffRow& row, const QRect& rect) const {
    const QString text = messageText(row);
    painter.setFont(Theme::current().font(TextRole::Caption));
    painter.setPen(color(Token::TextTertiary));
    const QRect inner = rect.adjusted(12, 0, -12, 0);
    painter.drawText(inner, Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(text, Qt::ElideRight, inner.width()));
}

void DiffView::paintSide(QPainter& painter, int index, const Side& at, const QRect& rect) {
    const auto& row = m_rows[static_cast<std::size_t>(index)];
    const int line = lineIndex(row, at.isNew);
    const QRect column(at.left, rect.top(), at.width, rect.height());
    if (line < 0) {
        painter.fillRect(column, color(Token::DiffFiller));
        return;
    }
    const auto& source =
        m_document->files()[static_cast<std::size_t>(row.file)].lines[static_cast<std::size_t>(line)];
    const LineLook look = lookOf(source.kind);
    painter.fillRect(column, color(look.background));
    const int number = at.isNew || source.oldLine < 0 ? source.newLine : source.oldLine;
    painter.setFont(Theme::current().font(TextRole::CodeSmall));
    painter.setPen(color(Token::TextTertiary));
    painter.drawText(QRect(at.left, rect.top(), m_numberWidth - 8, rect.height()),
                     Qt::AlignRight | Qt::AlignVCenter, QString::number(number));
    painter.setFont(m_lines->font());
    painter.setPen(color(look.gutter));
    painter.drawText(QRect(at.left + m_numberWidth, rect.top(), 14, rect.height()),
                     Qt::AlignLeft | Qt::AlignVCenter, look.sign);
    if (m_current >= 0 && index >= m_current && source.kind != git::DiffLine::Kind::Context) {
        const auto& rows = m_rows;
        const bool connected =
            std::all_of(rows.begin() + m_current, rows.begin() + index,
                        [](const DiffRow& r) { return r.kind == DiffRow::Kind::Line && r.left != r.right; });
        if (connected) {
            painter.fillRect(QRect(at.left, rect.top(), 2, rect.height()), color(Token::AccentBase));
        }
    }
    paintText(painter, index, line, at, rect);
}

void DiffView::paintText(QPainter& painter, int index, int line, const Side& at, const QRect& rect) {
    const auto& row = m_rows[static_cast<std::size_t>(index)];
    auto& layout = m_lines->line(*m_document, row.file, line, at.isNew);
    if (layout.text.isEmpty()) {
        return;
    }
    const auto kind =
        m_document->files()[static_cast<std::size_t>(row.file)].lines[static_cast<std::size_t>(line)].kind;
    const QTextLine textLine = layout.layout.lineAt(0);
    const QPointF origin(at.text - horizontalScrollBar()->value(), rect.top());
    painter.save();
    painter.setClipRect(QRect(at.text - 2, rect.top(), at.left + at.width - at.text + 2, rect.height()));
    painter.setRenderHint(QPainter::Antialiasing);
    for (const auto& [begin, end] : layout.words) {
        markRange(painter, textLine, origin, begin, end, color(lookOf(kind).word), rect.height());
    }
    for (int hit = m_find.isEmpty() ? -1
                                    : static_cast<int>(layout.text.indexOf(m_find, 0, Qt::CaseInsensitive));
         hit >= 0;
         hit = static_cast<int>(layout.text.indexOf(m_find, hit + m_find.size(), Qt::CaseInsensitive))) {
        markRange(painter, textLine, origin, hit, hit + static_cast<int>(m_find.size()),
                  color(Token::DiffChangedWord), rect.height());
    }
    const Place begin = std::min(m_anchor, m_cursor);
    const Place end = std::max(m_anchor, m_cursor);
    const bool ownSide = m_options.mode == DiffMode::Unified || at.isNew == m_sideNew;
    if (begin.row >= 0 && begin != end && ownSide && index >= begin.row && index <= end.row) {
        const int length = static_cast<int>(layout.text.size());
        const qreal x0 = index == begin.row ? textLine.cursorToX(std::min(begin.offset, length)) : 0.0;
        const qreal x1 = index == end.row ? textLine.cursorToX(std::min(end.offset, length))
                                          : textLine.cursorToX(length) + m_charWidth / 2;
        const Token fill = hasFocus() ? Token::SelectionBg : Token::SelectionInactive;
        painter.fillRect(QRectF(origin.x() + x0, rect.top(), x1 - x0, rect.height()), color(fill));
    }
    painter.setPen(color(Token::TextPrimary));
    layout.layout.draw(&painter, origin + QPointF(0, (rect.height() - textLine.height()) / 2));
    painter.restore();
}

}  // namespace runglass::ui
