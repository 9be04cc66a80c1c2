// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDateTime>
#include <QScrollBar>

#include "runglass/ui/launch/console_view.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

/// xterm's 256 colours: 16 of the theme, a cube of 6 × 6 × 6, 24 greys.
QColor paletteColor(std::uint32_t index) {
    if (index < 16) {
        return Theme::current().ansiColor(static_cast<int>(index));
    }
    if (index >= 232) {
        const int grey = 8 + 10 * static_cast<int>(index - 232);
        return {grey, grey, grey};
    }
    const auto level = [](std::uint32_t step) { return step == 0 ? 0 : 55 + 40 * static_cast<int>(step); };
    const auto cube = index - 16;
    return {level(cube / 36), level(cube / 6 % 6), level(cube % 6)};
}

QColor colorOf(const AnsiColor& color, const QColor& fallback) {
    switch (color.kind) {
        case AnsiColor::Kind::Palette:
            return paletteColor(color.value);
        case AnsiColor::Kind::Rgb:
            return QColor::fromRgb(color.value | 0xFF000000U);
        case AnsiColor::Kind::Default:
            break;
    }
    return fallback;
}

/// Lines that a Python traceback consists of.
bool startsTraceback(const QString& text) {
    return text.startsWith(QLatin1String("Traceback (most recent call last)"));
}
bool continuesTraceback(const QString& text) {
    return text.startsWith(QLatin1Char(' ')) || text.isEmpty();
}

/// Whether a line belongs to a traceback: looks back to its start, not further than a traceback is long.
bool isInTraceback(const ConsoleBuffer& buffer, std::size_t number) {
    constexpr std::size_t kFurthest = 60;
    for (std::size_t back = 0; back <= std::min(number, kFurthest); ++back) {
        const auto& text = buffer.line(number - back).text;
        if (startsTraceback(text)) {
            return true;
        }
        // The last line of a traceback names the exception and is not indented.
        if (back > 0 && !continuesTraceback(text)) {
            return false;
        }
    }
    return false;
}

}  // namespace

void ConsoleView::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), Theme::current().color(Token::SurfaceBase));
    if (!m_buffer) {
        return;
    }
    const auto first = topLine();
    const auto last = std::min(first + static_cast<std::size_t>(visibleLines()) + 1, m_buffer->lineCount());
    for (auto number = first; number < last; ++number) {
        paintLine(painter, number, kTopMargin + static_cast<qreal>(number - first) * lineHeight());
    }
}

void ConsoleView::paintLine(QPainter& painter, std::size_t number, qreal top) const {
    const auto& theme = Theme::current();
    const auto& line = m_buffer->line(number);
    const qreal gutter = gutterWidth();
    const QRectF body(gutter - 4, top, viewport()->width() - gutter + 4, lineHeight());
    if (isInTraceback(*m_buffer, number)) {
        painter.fillRect(body, theme.color(Token::DiffRemovedBg));
    }
    painter.save();
    painter.setClipRect(body);
    paintMarks(painter, number, line.text, top);
    paintText(painter, line, top);
    painter.restore();
    painter.setFont(theme.font(TextRole::CodeSmall));
    painter.setPen(theme.color(Token::TextTertiary));
    qreal x = kMargin;
    if (m_numbers) {
        painter.drawText(QRectF(x, top, numberWidth() - kNumberGap, lineHeight()),
                         Qt::AlignRight | Qt::AlignVCenter, QString::number(number + 1));
        x += numberWidth();
    }
    if (m_times && line.timeMs > 0) {
        painter.drawText(QRectF(x, top, kTimeWidth, lineHeight()), Qt::AlignLeft | Qt::AlignVCenter,
                         QDateTime::fromMSecsSinceEpoch(line.timeMs).toString(QStringLiteral("HH:mm:ss")));
    }
}

/// Selection and hits, behind the text.
void ConsoleView::paintMarks(QPainter& painter, std::size_t number, const QString& text, qreal top) const {
    const auto& theme = Theme::current();
    const QFontMetricsF metrics(Theme::verbatim(theme.font(TextRole::Code), text));
    const auto mark = [&](int begin, int end, const QColor& color) {
        const qreal left = textLeft() + metrics.horizontalAdvance(text.left(begin));
        painter.fillRect(
            QRectF(left, top, metrics.horizontalAdvance(text.mid(begin, end - begin)), lineHeight()), color);
    };
    const auto hit = std::lower_bound(m_hits.begin(), m_hits.end(), number,
                                      [](const ConsoleHit& a, std::size_t line) { return a.line < line; });
    for (auto it = hit; it != m_hits.end() && it->line == number; ++it) {
        mark(it->column, it->column + static_cast<int>(m_needle.size()), theme.color(Token::DiffChangedWord));
        if (m_currentHit && it - m_hits.begin() == static_cast<std::ptrdiff_t>(*m_currentHit)) {
            const qreal left = textLeft() + metrics.horizontalAdvance(text.left(it->column));
            painter.setPen(QPen(theme.color(Token::AccentFocus), 1));
            painter.drawRect(
                QRectF(left - 0.5, top + 0.5, metrics.horizontalAdvance(m_needle), lineHeight() - 1));
        }
    }
    const auto [from, to] = selection();
    if (from != to && number >= from.line && number <= to.line) {
        const int begin = number == from.line ? from.column : 0;
        const int end = number == to.line ? to.column : static_cast<int>(text.size()) + 1;
        mark(begin, end, theme.color(hasFocus() ? Token::SelectionBg : Token::SelectionInactive));
    }
}

void ConsoleView::paintText(QPainter& painter, const ConsoleLine& line, qreal top) const {
    const auto& theme = Theme::current();
    const QFont font = Theme::verbatim(theme.font(TextRole::Code), line.text);
    const QFontMetricsF metrics(font);
    const qreal baseline = top + (lineHeight() - metrics.height()) / 2 + metrics.ascent();
    qreal x = textLeft();
    for (std::size_t i = 0; i <= line.runs.size(); ++i) {
        const int begin = i == 0 ? 0 : line.runs[i - 1].begin;
        const int end = i < line.runs.size() ? line.runs[i].begin : static_cast<int>(line.text.size());
        if (begin >= end) {
            continue;
        }
        const AnsiStyle style = i == 0 ? AnsiStyle{} : m_buffer->style(line.runs[i - 1].style);
        QColor ink =
            colorOf(style.foreground, theme.color(line.isError ? Token::SemanticWarn : Token::TextPrimary));
        QColor ground = colorOf(style.background, QColor());
        if (style.inverse) {
            const QColor old = ink;
            ink = ground.isValid() ? ground : theme.color(Token::SurfaceBase);
            ground = old;
        }
        if (style.faint) {
            ink = theme.color(Token::TextTertiary);
        }
        const QString piece = line.text.mid(begin, end - begin);
        const qreal width = metrics.horizontalAdvance(piece);
        if (ground.isValid()) {
            painter.fillRect(QRectF(x, top, width, lineHeight()), ground);
        }
        QFont pieceFont = font;
        pieceFont.setWeight(style.bold ? QFont::DemiBold : QFont::Normal);
        pieceFont.setUnderline(style.underline);
        painter.setFont(pieceFont);
        painter.setPen(ink);
        if (x < viewport()->width() && x + width > 0) {
            painter.drawText(QPointF(x, baseline), piece);
        }
        x += width;
    }
}

}  // namespace runglass::ui
