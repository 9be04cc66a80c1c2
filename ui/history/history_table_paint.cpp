// SPDX-License-Identifier: GPL-3.0-or-later
#include <QPaintEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "history_table.h"
#include "runglass/ui/theme/paint.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

constexpr int kStripMargin = 14;  // so that a point at the edge is whole
constexpr int kTickDistance = 44;

QColor withAlpha(QColor color, double alpha) {
    color.setAlphaF(static_cast<float>(alpha));
    return color;
}

}  // namespace

std::vector<double> stripTicks(const MetricStrip& strip, int width) {
    return strip.empty() ? std::vector<double>{}
                         : niceTicks(strip.low(), strip.high(), std::max(1, width / kTickDistance));
}

HistoryHeader::HistoryHeader(HistoryModel* model, QWidget* parent)
    : QHeaderView(Qt::Horizontal, parent)
    , m_model(model) {
    setSectionResizeMode(QHeaderView::Fixed);
    setMinimumSectionSize(24);
    setHighlightSections(false);
    setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
}

void HistoryHeader::paintSection(QPainter* painter, const QRect& rect, int logicalIndex) const {
    painter->save();  // QCommonStyle "restores" an empty clip on a painter that had none
    QHeaderView::paintSection(painter, rect, logicalIndex);
    painter->restore();
    if (logicalIndex != HistoryModel::Strip) {
        return;
    }
    const auto& strip = m_model->strip();
    const auto ticks = stripTicks(strip, rect.width() - 2 * kStripMargin);
    const int decimals = ticks.size() > 1 ? tickDecimals(ticks[1] - ticks[0]) : m_model->decimals();
    painter->save();
    painter->setFont(Theme::current().font(TextRole::Caption));
    painter->setPen(themeColor(Token::ChartTick));
    for (const double tick : ticks) {
        const double x =
            rect.left() + kStripMargin + strip.position(tick) * (rect.width() - 2 * kStripMargin);
        drawTabular(painter, QRectF(x - 30, rect.top(), 60, rect.height()), Qt::AlignCenter,
                    formatMetric(tick, decimals));
    }
    painter->restore();
}

double HistoryTable::middleOf(int row) const {
    return rowViewportPosition(row) + m_graph.rowHeight / 2;
}

QRect HistoryTable::columnRect(int column) const {
    return {columnViewportPosition(column), 0, columnWidth(column), viewport()->height()};
}

void HistoryTable::paintEvent(QPaintEvent* event) {
    QTableView::paintEvent(event);
    if (m_model->rowCount() == 0) {
        return;
    }
    const int first = std::max(0, rowAt(event->rect().top()));
    const int bottom = rowAt(event->rect().bottom());
    const int last = bottom < 0 ? m_model->rowCount() - 1 : bottom;
    QPainter painter(viewport());
    painter.setRenderHint(QPainter::Antialiasing);
    paintGraph(painter, first, last);
    if (!isColumnHidden(HistoryModel::Strip)) {
        paintStrip(painter, first, last);
    }
}

void HistoryTable::paintGraph(QPainter& painter, int first, int last) const {
    const QRect column = columnRect(HistoryModel::Graph);
    painter.save();
    painter.setClipRect(column);
    painter.translate(column.left(), 0);
    const auto& theme = Theme::current();
    const auto& head = m_model->refs().head.commit;
    if (m_model->isUncommitted(0) && head) {
        const int headRow = m_model->rowOf(*head);
        const auto* row = m_model->historyRow(headRow);
        if (row != nullptr && row->lane == 0 && first <= headRow) {
            QPen pen(themeColor(Token::BorderStrong), 1.5, Qt::DotLine);
            painter.setPen(pen);
            painter.drawLine(QPointF(m_graph.laneX(0), middleOf(0) + 6),
                             QPointF(m_graph.laneX(0), middleOf(headRow)));
        }
    }
    for (int i = std::max(0, first - 1); i <= last; ++i) {
        const auto* upper = m_model->historyRow(i);
        const auto* lower = i + 1 < m_model->rowCount() ? m_model->historyRow(i + 1) : nullptr;
        if (upper == nullptr || lower == nullptr) {
            continue;
        }
        auto lines = linesBetween(*upper, *lower);
        // Lane 0 last, so that the main line lies on top.
        std::stable_sort(lines.begin(), lines.end(),
                         [](const auto& a, const auto& b) { return a.color > b.color; });
        for (const auto& line : lines) {
            painter.setPen(QPen(theme.laneColor(line.color), 1.5, Qt::SolidLine, Qt::FlatCap));
            painter.setBrush(Qt::NoBrush);
            painter.drawPath(pathOf(line, middleOf(i), m_graph));
        }
    }
    for (int i = first; i <= last; ++i) {
        paintNode(painter, i);
    }
    painter.restore();
}

void HistoryTable::paintNode(QPainter& painter, int row) const {
    const auto* history = m_model->historyRow(row);
    const bool selected = row == currentIndex().row();
    const QColor ground = selected ? themeColor(hasFocus() ? Token::SelectionBg : Token::SelectionInactive)
                          : row == m_hovered ? themeColor(Token::SurfaceHover)
                                             : themeColor(Token::SurfaceBase);
    const QPointF centre(m_graph.laneX(history == nullptr ? 0 : history->lane), middleOf(row));
    if (selected) {
        painter.setPen(QPen(themeColor(Token::AccentBase), 2));
        painter.setBrush(ground);
        painter.drawEllipse(centre, 6.5, 6.5);
    }
    if (history == nullptr) {
        QPen pen(themeColor(Token::SemanticWarn), 1.5);
        pen.setDashPattern({1.6, 1.4});
        painter.setPen(pen);
        painter.setBrush(ground);
        painter.drawEllipse(centre, 4, 4);
        return;
    }
    const QColor color = Theme::current().laneColor(history->lane);
    if (history->commit.parents.size() > 1) {
        painter.setPen(QPen(color, 1.5));
        painter.setBrush(ground);
        painter.drawEllipse(centre, 3, 3);
    } else {
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawEllipse(centre, 4, 4);
    }
}

double HistoryTable::stripX(double value, const QRect& column) const {
    return column.left() + kStripMargin +
           m_model->strip().position(value) * (column.width() - 2 * kStripMargin);
}

void HistoryTable::paintStrip(QPainter& painter, int first, int last) const {
    const QRect column = columnRect(HistoryModel::Strip);
    const auto& strip = m_model->strip();
    painter.save();
    painter.setClipRect(column);
    const double bottom = std::min<double>(column.bottom() + 1,
                                           rowViewportPosition(m_model->rowCount() - 1) + m_graph.rowHeight);
    painter.setPen(hairPen(Token::ChartGrid));
    for (const double tick : stripTicks(strip, column.width() - 2 * kStripMargin)) {
        const double x = std::floor(stripX(tick, column)) + 0.5;
        painter.drawLine(QPointF(x, 0), QPointF(x, bottom));
    }
    const auto shown = strip.around(first, last);
    QPolygonF line;
    QPolygonF left;
    QPolygonF right;
    for (const auto& point : shown) {
        if (point.mainLine) {
            const double y = middleOf(point.row);
            line << QPointF(stripX(point.mean, column), y);
            left << QPointF(stripX(point.mean - point.deviation, column), y);
            right << QPointF(stripX(point.mean + point.deviation, column), y);
        }
    }
    const QColor color = Theme::current().laneColor(0);
    std::reverse(right.begin(), right.end());
    painter.setPen(Qt::NoPen);
    painter.setBrush(withAlpha(color, 0.16));
    painter.drawPolygon(left + right);
    painter.setPen(QPen(color, 1.25));
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(line);
    for (const auto& point : shown) {
        paintStripPoint(painter, point, column);
    }
    painter.restore();
}

void HistoryTable::paintStripPoint(QPainter& painter, const StripPoint& point, const QRect& column) const {
    const QPointF centre(stripX(point.mean, column), middleOf(point.row));
    const bool selected = point.row == currentIndex().row();
    const QColor ground = themeColor(selected ? Token::SelectionBg : Token::SurfaceBase);
    if (!point.mainLine) {
        painter.setPen(QPen(themeColor(Token::BorderStrong), 1));
        painter.setBrush(ground);
        painter.drawEllipse(centre, 2.5, 2.5);
        return;
    }
    const QColor color = point.regression ? themeColor(Token::SemanticDanger) : Theme::current().laneColor(0);
    painter.setPen(QPen(ground, 1));
    painter.setBrush(color);
    painter.drawEllipse(centre, 3.5, 3.5);
    if (!point.regression) {
        return;
    }
    painter.setFont(Theme::current().font(TextRole::Caption, 600));
    painter.setPen(color);
    QString text = formatMetric(point.regression->change, m_model->decimals());
    if (point.regression->change > 0) {
        text.prepend(QLatin1Char('+'));
    }
    const double width = tabularWidth(painter.font(), text);
    const bool fitsRight = centre.x() + 20 + width < column.right();
    const double x = fitsRight ? centre.x() + 20 : centre.x() - 14 - width;
    drawTabular(&painter, QRectF(x, centre.y() - 9, width + 2, 18), Qt::AlignLeft | Qt::AlignVCenter, text);
}

}  // namespace runglass::ui
