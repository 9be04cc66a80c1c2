// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHeaderView>
#include <QTableView>

#include "graph_geometry.h"
#include "history_model.h"

namespace runglass::ui {

/// Table header that draws the axis of the metric strip.
class HistoryHeader final : public QHeaderView {
    Q_OBJECT
public:
    explicit HistoryHeader(HistoryModel* model, QWidget* parent = nullptr);

protected:
    void paintSection(QPainter* painter, const QRect& rect, int logicalIndex) const override;

private:
    HistoryModel* m_model;
};

/// The painted commit table: text by its delegate, graph and metric strip over it across rows.
class HistoryTable final : public QTableView {
    Q_OBJECT
public:
    explicit HistoryTable(HistoryModel* model, QWidget* parent = nullptr);

    [[nodiscard]] int hoveredRow() const { return m_hovered; }
    /// The selected commit; null for none or the uncommitted changes.
    [[nodiscard]] git::ObjectId currentCommit() const;
    void goToCommit(const git::ObjectId& commit);

Q_SIGNALS:
    void rowChosen(int row);
    void rowActivated(int row);
    void copyRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    void keepPlace();
    void restorePlace();
    void updateRowHeight();
    void fitColumns();
    void setHovered(int row);
    [[nodiscard]] double middleOf(int row) const;
    [[nodiscard]] QRect columnRect(int column) const;
    void paintGraph(QPainter& painter, int first, int last) const;
    void paintNode(QPainter& painter, int row) const;
    void paintStrip(QPainter& painter, int first, int last) const;
    void paintStripPoint(QPainter& painter, const StripPoint& point, const QRect& column) const;
    [[nodiscard]] double stripX(double value, const QRect& column) const;

    HistoryModel* m_model;
    GraphMetrics m_graph;
    int m_hovered = -1;
    // the place to come back to when rows are replaced
    git::ObjectId m_keptCommit;
    bool m_keptUncommitted = false;
    git::ObjectId m_keptTop;
    int m_keptOffset = 0;
    bool m_atTop = true;
};

/// Places of the ticks of the strip in a column of this width.
std::vector<double> stripTicks(const MetricStrip& strip, int width);

}  // namespace runglass::ui
