// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

#include "tooltip_rows.h"

class QToolButton;

namespace runglass::ui {

/// The card beside the crosshair with the values of every run under it. Lets the mouse through until it is
/// pinned; then it can be copied, sorted by its headings, and closed.
class ChartTooltip final : public QWidget {
    Q_OBJECT
public:
    explicit ChartTooltip(QWidget* parent);

    void setContent(const QString& title, std::vector<TooltipRow> rows, bool smoothing);
    [[nodiscard]] const std::vector<TooltipRow>& rows() const { return m_rows; }
    [[nodiscard]] bool smoothing() const { return m_smoothing; }
    void setPinned(bool pinned);
    [[nodiscard]] bool isPinned() const { return m_pinned; }
    /// Which heading the rows are sorted by.
    void setOrder(TooltipOrder order);
    /// Beside `anchor` (in the parent's coordinates), 12 px off, on the side where there is room.
    void place(const QPoint& anchor, const QRect& within);

    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void copyRequested();
    void orderRequested(runglass::ui::TooltipOrder order);
    void closed();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    [[nodiscard]] int nameWidth() const;
    [[nodiscard]] int numberWidth() const;
    [[nodiscard]] int swatchWidth() const;
    [[nodiscard]] std::size_t shownRows() const;
    [[nodiscard]] QRect valueHead() const;
    void paintHead(QPainter* painter) const;
    void paintRow(QPainter* painter, const TooltipRow& row, int y) const;
    [[nodiscard]] QString valueOf(const TooltipRow& row) const;

    QString m_title;
    std::vector<TooltipRow> m_rows;
    bool m_smoothing = false;
    bool m_pinned = false;
    TooltipOrder m_order = TooltipOrder::Best;
    QToolButton* m_copy;
    QToolButton* m_close;
    QPoint m_grabbedAt;
};

}  // namespace runglass::ui
