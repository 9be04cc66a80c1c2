// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_tooltip.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "runglass/ui/theme/paint.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

constexpr std::size_t kMostRows = 12;
constexpr int kPadding = 8;
constexpr int kLine = 18;
constexpr int kHead = 24;
constexpr int kRank = 16;
constexpr int kSwatch = 14;
constexpr int kNumber = 62;
constexpr int kMostName = 220;
constexpr int kOffset = 12;

}  // namespace

std::vector<TooltipRow> tooltipRows(const std::vector<DrawnCurve>& curves, double x, model::Goal goal,
                                    const std::vector<RunId>& selected) {
    std::vector<TooltipRow> rows;
    for (const auto& drawn : curves) {
        if (const auto i = drawn.curve->nearest(x)) {
            const bool strong = std::find(selected.begin(), selected.end(), drawn.run) != selected.end();
            const auto& series = *drawn.curve->series;
            const double smoothed = drawn.curve->smoothed ? drawn.curve->smoothed->ys[*i] : series.values[*i];
            rows.push_back({drawn.name, drawn.color, smoothed, series.values[*i], strong});
        }
    }
    std::stable_sort(rows.begin(), rows.end(), [goal](const TooltipRow& a, const TooltipRow& b) {
        if (std::isnan(a.smoothed) || std::isnan(b.smoothed)) {
            return std::isnan(b.smoothed) && !std::isnan(a.smoothed);
        }
        return goal == model::Goal::Minimize ? a.smoothed < b.smoothed : a.smoothed > b.smoothed;
    });
    return rows;
}

ChartTooltip::ChartTooltip(QWidget* parent)
    : QWidget(parent) {
    setObjectName(QStringLiteral("chartTooltip"));
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    hide();
}

void ChartTooltip::setContent(const QString& title, std::vector<TooltipRow> rows, bool smoothing) {
    m_title = title;
    m_hidden = rows.size() > kMostRows ? rows.size() - kMostRows : 0;
    rows.resize(rows.size() - m_hidden);
    m_rows = std::move(rows);
    m_smoothing = smoothing;
    resize(sizeHint());
    update();
}

int ChartTooltip::nameWidth() const {
    const QFontMetrics metrics(Theme::current().font(TextRole::Caption, 600));
    int width = metrics.horizontalAdvance(m_title) - kRank - kSwatch;
    for (const auto& row : m_rows) {
        const QFontMetrics verbatim(Theme::verbatim(Theme::current().font(TextRole::Caption, 600), row.name));
        width = std::max(width, verbatim.horizontalAdvance(row.name) + 6);
    }
    return std::clamp(width, 60, kMostName);
}

QSize ChartTooltip::sizeHint() const {
    const int numbers = m_smoothing ? 2 * kNumber : kNumber;
    const int lines = static_cast<int>(m_rows.size()) + (m_hidden > 0 ? 1 : 0);
    return {2 * kPadding + kRank + kSwatch + nameWidth() + numbers, kHead + lines * kLine + 6};
}

void ChartTooltip::place(const QPoint& anchor, const QRect& within) {
    int x = anchor.x() + kOffset;
    if (x + width() > within.right()) {
        x = anchor.x() - kOffset - width();
    }
    x = std::max(within.left() + 2, x);
    const int y = std::clamp(anchor.y() - height() / 3, within.top() + 2,
                             std::max(within.top() + 2, within.bottom() - height() - 2));
    move(x, y);
    show();
    raise();
}

void ChartTooltip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    auto& theme = Theme::current();
    paintBox(&painter, QRectF(rect()), theme.color(Token::ChartTooltipBg),
             theme.color(Token::ChartTooltipBorder), 4);
    const auto plain = theme.font(TextRole::Caption);
    const auto strong = theme.font(TextRole::Caption, 600);
    const int right = width() - kPadding;
    painter.setFont(strong);
    painter.setPen(theme.color(Token::ChartTooltipText));
    painter.drawText(QRect(kPadding, 2, width() - 2 * kPadding, kHead - 4), Qt::AlignVCenter, m_title);
    painter.setFont(plain);
    painter.setPen(theme.color(Token::TextTertiary));
    if (m_smoothing) {
        painter.drawText(QRect(right - 2 * kNumber, 2, kNumber, kHead - 4), Qt::AlignVCenter | Qt::AlignRight,
                         tr("smoothed"));
    }
    painter.drawText(QRect(right - kNumber, 2, kNumber, kHead - 4), Qt::AlignVCenter | Qt::AlignRight,
                     m_smoothing ? tr("raw") : tr("value"));
    int y = kHead;
    int rank = 1;
    for (const auto& row : m_rows) {
        painter.setFont(plain);
        painter.setPen(theme.color(Token::TextTertiary));
        painter.drawText(QRect(kPadding, y, kRank - 6, kLine), Qt::AlignVCenter | Qt::AlignRight,
                         QString::number(rank++));
        paintBox(&painter, QRectF(kPadding + kRank, y + 5, 8, 8), row.color, QColor(), 2);
        painter.setFont(Theme::verbatim(row.strong ? strong : plain, row.name));
        painter.setPen(theme.color(Token::ChartTooltipText));
        const QRect name(kPadding + kRank + kSwatch, y, nameWidth(), kLine);
        painter.drawText(name, Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(row.name, Qt::ElideMiddle, name.width()));
        painter.setFont(row.strong ? strong : plain);
        const QRectF last(right - kNumber, y, kNumber, kLine);
        if (m_smoothing) {
            drawTabular(&painter, last.translated(-kNumber, 0), Qt::AlignRight | Qt::AlignVCenter,
                        formatMetric(row.smoothed));
            painter.setFont(plain);
            painter.setPen(theme.color(Token::TextTertiary));
        }
        drawTabular(&painter, last, Qt::AlignRight | Qt::AlignVCenter, formatMetric(row.raw));
        y += kLine;
    }
    if (m_hidden > 0) {
        painter.setFont(plain);
        painter.setPen(theme.color(Token::TextTertiary));
        painter.drawText(QRect(kPadding + kRank + kSwatch, y, width(), kLine), Qt::AlignVCenter,
                         tr("and %1 more").arg(m_hidden));
    }
}

}  // namespace runglass::ui
