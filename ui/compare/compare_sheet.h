// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHeaderView>
#include <QSet>
#include <QStyledItemDelegate>
#include <QTreeView>

#include "code_panel.h"
#include "compare_model.h"

namespace runglass::ui {

/// Header with the swatch of each run.
class CompareHeader final : public QHeaderView {
    Q_OBJECT
public:
    explicit CompareHeader(QWidget* parent = nullptr);
    /// Colours of the runs' curves, in order.
    void setColors(QList<QColor> colors);

protected:
    void paintSection(QPainter* painter, const QRect& rect, int logicalIndex) const override;

private:
    QList<QColor> m_colors;
};

/// Paints values that differ on the ground of removed and added text.
class CompareDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    CompareDelegate(const CompareModel* model, const CodePanel* code, QTreeView* view);
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    static int rowHeight();
    static int partHeight();

private:
    void paintValue(QPainter& painter, const QRect& rect, const compare::Row& row, int run) const;

    const CompareModel* m_model;
    const CodePanel* m_code;
    QTreeView* m_view;
};

/// The middle of the page: parts that fold, their rows, and the code in its place among them.
class CompareSheet final : public QTreeView {
    Q_OBJECT
public:
    explicit CompareSheet(CompareModel* model, QWidget* parent = nullptr);

    [[nodiscard]] CodePanel* code() const { return m_code; }
    void setColors(const QList<QColor>& colors);
    /// Moves to the next row or change in the code; false after the last.
    bool goToDifference(bool forward);
    void goToPart(ComparePart part);
    /// The rows shown as text, tab separated with a line a row.
    void copySelected() const;

protected:
    void drawRow(QPainter* painter, const QStyleOptionViewItem& option,
                 const QModelIndex& index) const override;
    void updateGeometries() override;
    void scrollContentsBy(int dx, int dy) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void beforeReset();
    void afterReset();
    void placeCode();
    void fitColumns();
    [[nodiscard]] std::vector<QModelIndex> stops() const;

    CompareModel* m_model;
    CodePanel* m_code;
    CompareHeader* m_header;
    QSet<int> m_folded;  ///< parts that the person folded
    bool m_restoring = false;
    // the place to come back to when a live run is compared again
    std::pair<int, QString> m_keptRow{-1, {}};  ///< part and key
    int m_keptScroll = 0;
};

}  // namespace runglass::ui
