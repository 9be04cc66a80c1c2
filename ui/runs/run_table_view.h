// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTreeView>

#include "runglass/ui/runs/run_table_model.h"

namespace runglass::ui {

class ProjectSession;
class RunHeader;
class RunRowPainter;
struct RowState;

/// The rows of the run table: paints them itself, toggles swatches under the mouse, folds groups, keeps the
/// first columns in place.
class RunTableView final : public QTreeView {
    Q_OBJECT
public:
    explicit RunTableView(RunTableModel* model, QWidget* parent = nullptr);

    void setSession(ProjectSession* session) { m_session = session; }
    [[nodiscard]] RunTableModel& runs() const { return *m_model; }
    [[nodiscard]] RunHeader& columns() const { return *m_header; }

    /// The columns in the order of display, without those that there is no room for.
    [[nodiscard]] std::vector<RunColumn> shownColumns() const;
    /// Paints the durations of the runs that go on anew, as far as they are seen. To be called each second.
    /// Returns how many those are.
    int tick();
    /// To be told after the header was changed with its signals blocked.
    void columnsResized();

    /// Runs of the selected rows, from top to bottom.
    [[nodiscard]] std::vector<RunId> selectedRuns() const;
    void selectRuns(const std::vector<RunId>& runs);
    [[nodiscard]] const model::RunRecord* currentRun() const;

    [[nodiscard]] QModelIndex indexAt(const QPoint& point) const override;
    [[nodiscard]] QRect visualRect(const QModelIndex& index) const override;
    void scrollTo(const QModelIndex& index, ScrollHint hint = EnsureVisible) override;
    void dataChanged(const QModelIndex& topLeft, const QModelIndex& bottomRight,
                     const QList<int>& roles = {}) override;

Q_SIGNALS:
    void visibilityRequested(const std::vector<runglass::RunId>& runs, bool visible);
    /// The mouse is on the row of this run, which is shown in charts, or on none.
    void runHovered(std::optional<runglass::RunId> run);
    void openRequested(const runglass::RunId& run);
    /// Of the part that shows rows.
    void widthChanged();

protected:
    void selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void drawRow(QPainter* painter, const QStyleOptionViewItem& option,
                 const QModelIndex& index) const override;
    void drawBranches(QPainter* painter, const QRect& rect, const QModelIndex& index) const override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void paintCells(const RunRowPainter& cells, QPainter* painter, const QRect& row, int number,
                    const RowState& state) const;
    [[nodiscard]] bool onSwatch(const QModelIndex& index) const;
    void toggleFold(int row);
    void paintVisibility(int row);
    void hover(const QModelIndex& index);

    RunTableModel* m_model;
    RunHeader* m_header;
    ProjectSession* m_session = nullptr;
    int m_hoveredRow = -1;
    int m_lastPaintedRow = -1;          ///< while dragging over swatches
    std::optional<bool> m_dragVisible;  ///< what the drag makes of the runs it crosses
};

}  // namespace runglass::ui
