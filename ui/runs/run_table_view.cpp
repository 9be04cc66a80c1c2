// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_table_view.h"

#include <QAccessible>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

#include "run_header.h"
#include "run_row_painter.h"
#include "runglass/ui/session/project_session.h"
#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

namespace {

/// Rows are painted by the view; the delegate gives them their height and makes the editor of a name.
class RowDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        Q_UNUSED(option);
        Q_UNUSED(index);
        return {60, Theme::current().rowHeight()};
    }
    void updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                              const QModelIndex& index) const override {
        Q_UNUSED(index);
        editor->setGeometry(option.rect.adjusted(0, 0, 0, -1));
    }
};

}  // namespace

RunTableView::RunTableView(RunTableModel* model, QWidget* parent)
    : QTreeView(parent)
    , m_model(model)
    , m_header(new RunHeader(this)) {
    setHeader(m_header);
    m_header->setSectionsClickable(true);
    m_header->setSortIndicatorShown(true);  // the tree view turns it off: it does not sort, the pane does
    setModel(model);
    setItemDelegate(new RowDelegate(this));
    setRootIsDecorated(false);
    setItemsExpandable(false);
    setExpandsOnDoubleClick(false);
    setUniformRowHeights(true);
    setIndentation(0);
    setAllColumnsShowFocus(true);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setHorizontalScrollMode(ScrollPerPixel);
    setVerticalScrollMode(ScrollPerPixel);
    setFrameShape(NoFrame);
    setMouseTracking(true);
    setObjectName(QStringLiteral("runTable"));
    setAccessibleName(tr("Runs"));
    connect(&Theme::current(), &Theme::changed, this, [this] {
        m_header->setFont(Theme::current().font(TextRole::Caption, 500));
        doItemsLayout();
    });
}

std::vector<RunColumn> RunTableView::shownColumns() const {
    std::vector<RunColumn> shown;
    for (int visual = 0; visual < m_header->count(); ++visual) {
        const int column = m_header->logicalIndex(visual);
        if (!m_header->isSectionHidden(column)) {
            shown.push_back(m_model->columns()[static_cast<std::size_t>(column)]);
        }
    }
    return shown;
}

void RunTableView::columnsResized() {
    updateGeometries();
    viewport()->update();
    m_header->viewport()->update();
}

std::vector<RunId> RunTableView::selectedRuns() const {
    std::vector<std::pair<int, int>> ranges;
    for (const auto& range : selectionModel()->selection()) {
        ranges.emplace_back(range.top(), range.bottom());
    }
    std::sort(ranges.begin(), ranges.end());
    if (ranges.size() == 1 && ranges.front() == std::pair(0, m_model->rowCount() - 1) &&
        !m_model->anyFolded()) {
        return m_model->arrangement().shown;  // of 100,000 runs without a look at each
    }
    std::vector<RunId> ids;
    int next = 0;
    for (const auto& [top, bottom] : ranges) {
        for (int row = std::max(top, next); row <= bottom; ++row) {
            if (const auto* run = m_model->run(row)) {
                ids.push_back(run->id);
            }
        }
        next = std::max(next, bottom + 1);
    }
    return ids;
}

void RunTableView::selectRuns(const std::vector<RunId>& runs) {
    std::vector<int> rows;
    for (const auto& id : runs) {
        if (const int row = m_model->rowOf(id); row >= 0) {
            rows.push_back(row);
        }
    }
    const int first = rows.empty() ? -1 : rows.front();
    std::sort(rows.begin(), rows.end());
    QItemSelection selection;
    const int lastColumn = m_model->columnCount() - 1;
    for (std::size_t i = 0; i < rows.size();) {
        auto end = i + 1;
        while (end < rows.size() && rows[end] == rows[end - 1] + 1) {
            ++end;
        }
        selection.append(
            QItemSelectionRange(m_model->index(rows[i], 0), m_model->index(rows[end - 1], lastColumn)));
        i = end;
    }
    selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    const bool keepsCurrent = std::binary_search(rows.begin(), rows.end(), currentIndex().row());
    if (first >= 0 && !keepsCurrent) {
        const int column = std::max(0, m_model->columnOf(RunColumn::Kind::Name));
        selectionModel()->setCurrentIndex(m_model->index(first, column), QItemSelectionModel::NoUpdate);
        scrollTo(m_model->index(first, column));
    }
}

const model::RunRecord* RunTableView::currentRun() const {
    const auto index = currentIndex();
    return index.isValid() ? m_model->run(index.row()) : nullptr;
}

int RunTableView::tick() {
    const int column = m_model->columnOf(RunColumn::Kind::Duration);
    if (column < 0 || isColumnHidden(column) || !isVisible()) {
        return 0;
    }
    int painted = 0;
    const auto top = indexAt({0, 0});
    for (int row = std::max(0, top.row()); row < m_model->rowCount(); ++row) {
        const auto rect = visualRect(m_model->index(row, column));
        if (rect.top() > viewport()->height()) {
            break;
        }
        const auto* run = m_model->run(row);
        if (run != nullptr && run->status == model::RunStatus::Running) {
            viewport()->update(rect);
            ++painted;
        }
    }
    return painted;
}

QModelIndex RunTableView::indexAt(const QPoint& point) const {
    const auto index = QTreeView::indexAt(point);
    const int column = index.isValid() ? m_header->sectionAt(point.x()) : -1;
    return column < 0 ? index : index.siblingAtColumn(column);
}

QRect RunTableView::visualRect(const QModelIndex& index) const {
    auto rect = QTreeView::visualRect(index);
    if (index.isValid() && rect.isValid()) {
        rect.moveLeft(m_header->sectionLeft(index.column()));
    }
    return rect;
}

// The base class would scroll sideways to reveal a column that lies under the pinned ones, or is pinned
// itself.
void RunTableView::scrollTo(const QModelIndex& index, ScrollHint hint) {
    const int x = horizontalScrollBar()->value();
    QTreeView::scrollTo(index, hint);
    if (m_header->visualIndex(index.column()) < m_header->pinnedCount()) {
        horizontalScrollBar()->setValue(x);
    }
}

// The base class computes the rectangle of every cell that changed, on screen or not.
void RunTableView::dataChanged(const QModelIndex& topLeft, const QModelIndex& bottomRight,
                               const QList<int>& roles) {
    if (topLeft.row() == bottomRight.row()) {
        QTreeView::dataChanged(topLeft, bottomRight, roles);
        return;
    }
    viewport()->update();
    if (QAccessible::isActive()) {
        QAccessibleTableModelChangeEvent event(this, QAccessibleTableModelChangeEvent::DataChanged);
        event.setFirstRow(topLeft.row());
        event.setLastRow(bottomRight.row());
        event.setFirstColumn(topLeft.column());
        event.setLastColumn(bottomRight.column());
        QAccessible::updateAccessibility(&event);
    }
}

// The base class repaints the cells alone; a row goes on to the right of the last column.
void RunTableView::selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) {
    QTreeView::selectionChanged(selected, deselected);
    viewport()->update();
}

void RunTableView::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    QTreeView::currentChanged(current, previous);
    viewport()->update();
}

void RunTableView::drawBranches(QPainter*, const QRect&, const QModelIndex&) const {}

void RunTableView::paintEvent(QPaintEvent* event) {
    QTreeView::paintEvent(event);
    if (m_header->pinnedCount() > 0 && m_model->rowCount() > 0) {
        QPainter painter(viewport());
        const int bottom =
            std::min(viewport()->height(), visualRect(m_model->index(m_model->rowCount() - 1, 0)).bottom());
        painter.fillRect(QRect(m_header->pinnedWidth() - 1, 0, horizontalScrollBar()->value() > 0 ? 1 : 0,
                               bottom < 0 ? viewport()->height() : bottom),
                         themeColor(Token::BorderStrong));
    }
}

void RunTableView::drawRow(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const {
    const int row = index.row();
    const RunRowPainter cells(painter, *m_model, m_session);
    RowState state;
    state.selected = selectionModel()->isRowSelected(row, {});
    state.current = currentIndex().row() == row;
    const auto* run = m_model->run(row);
    const bool isHighlighted = run && m_session && m_session->highlighted() == run->id;
    state.hovered = row == m_hoveredRow || isHighlighted;
    state.active = hasFocus();
    const QRect rect(0, option.rect.top(), viewport()->width(), option.rect.height());
    const bool group = m_model->isGroupRow(row);
    cells.paintBackground(rect, state, group);
    if (group) {
        cells.paintGroup(rect, row);
    } else {
        paintCells(cells, painter, rect, row, state);
    }
}

void RunTableView::paintCells(const RunRowPainter& cells, QPainter* painter, const QRect& row, int number,
                              const RowState& state) const {
    const int pinnedWidth = m_header->pinnedWidth();
    const auto paint = [&](int visual) {
        const int column = m_header->logicalIndex(visual);
        const QRect cell(m_header->sectionLeft(column), row.top(), m_header->sectionSize(column),
                         row.height());
        if (cell.right() >= 0 && cell.left() < row.right()) {
            cells.paintCell(cell, number, column, state);
        }
    };
    painter->save();
    painter->setClipRect(QRect(pinnedWidth, row.top(), row.width() - pinnedWidth, row.height()));
    for (int visual = m_header->pinnedCount(); visual < m_header->count(); ++visual) {
        paint(visual);
    }
    painter->restore();
    for (int visual = 0; visual < std::min(m_header->pinnedCount(), m_header->count()); ++visual) {
        paint(visual);
    }
}

bool RunTableView::onSwatch(const QModelIndex& index) const {
    return index.isValid() && !m_model->isGroupRow(index.row()) &&
           m_model->columns()[static_cast<std::size_t>(index.column())].kind == RunColumn::Kind::Visibility;
}

void RunTableView::toggleFold(int row) {
    m_model->setFolded(row, !m_model->isFolded(row));
}

void RunTableView::paintVisibility(int row) {
    const int from = m_lastPaintedRow < 0 ? row : m_lastPaintedRow;
    std::vector<RunId> ids;
    for (int i = std::min(from, row); i <= std::max(from, row); ++i) {
        if (const auto* run = m_model->run(i)) {
            ids.push_back(run->id);
        }
    }
    m_lastPaintedRow = row;
    Q_EMIT visibilityRequested(ids, *m_dragVisible);
}

void RunTableView::mousePressEvent(QMouseEvent* event) {
    const auto index = indexAt(event->pos());
    if (event->button() == Qt::LeftButton && onSwatch(index) && m_session) {
        m_dragVisible = !m_session->isVisible(m_model->run(index.row())->id);
        m_lastPaintedRow = -1;
        paintVisibility(index.row());
        return;
    }
    if (event->button() == Qt::LeftButton && index.isValid() && m_model->isGroupRow(index.row())) {
        setFocus(Qt::MouseFocusReason);
        selectionModel()->setCurrentIndex(index, QItemSelectionModel::NoUpdate);
        toggleFold(index.row());
        return;
    }
    QTreeView::mousePressEvent(event);
}

void RunTableView::mouseMoveEvent(QMouseEvent* event) {
    const auto index = indexAt(event->pos());
    hover(index);
    if (m_dragVisible) {
        if (index.isValid() && index.row() != m_lastPaintedRow) {
            paintVisibility(index.row());
        }
        return;
    }
    QTreeView::mouseMoveEvent(event);
}

void RunTableView::mouseReleaseEvent(QMouseEvent* event) {
    if (m_dragVisible) {
        m_dragVisible.reset();
        return;
    }
    QTreeView::mouseReleaseEvent(event);
}

void RunTableView::mouseDoubleClickEvent(QMouseEvent* event) {
    const auto index = indexAt(event->pos());
    const auto* run = index.isValid() ? m_model->run(index.row()) : nullptr;
    if (!run || onSwatch(index)) {
        mousePressEvent(event);  // the second click of two quick ones is a click
        return;
    }
    Q_EMIT openRequested(run->id);
}

void RunTableView::hover(const QModelIndex& index) {
    const int row = index.isValid() ? index.row() : -1;
    if (row != m_hoveredRow) {
        m_hoveredRow = row;
        viewport()->update();
    }
    const auto* run = row >= 0 ? m_model->run(row) : nullptr;
    const bool inCharts = run && m_session && m_session->isVisible(run->id);
    Q_EMIT runHovered(inCharts ? std::optional(run->id) : std::nullopt);
}

void RunTableView::leaveEvent(QEvent* event) {
    hover({});
    QTreeView::leaveEvent(event);
}

void RunTableView::keyPressEvent(QKeyEvent* event) {
    const int row = currentIndex().isValid() ? currentIndex().row() : -1;
    const bool plain = event->modifiers() == Qt::NoModifier || event->modifiers() == Qt::KeypadModifier;
    if (plain && row >= 0 && m_model->arrangement().grouped) {
        if (event->key() == Qt::Key_Left) {
            const int group = m_model->groupRow(row);
            selectionModel()->setCurrentIndex(m_model->index(group, 0), QItemSelectionModel::NoUpdate);
            m_model->setFolded(group, row == group || m_model->isFolded(row));
            return;
        }
        if (event->key() == Qt::Key_Right) {
            m_model->setFolded(row, false);
            return;
        }
    }
    if (plain && row >= 0 && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)) {
        if (const auto* run = m_model->run(row)) {
            Q_EMIT openRequested(run->id);
        } else {
            toggleFold(row);
        }
        return;
    }
    QTreeView::keyPressEvent(event);
}

void RunTableView::scrollContentsBy(int dx, int dy) {
    QTreeView::scrollContentsBy(dx, dy);
    if (dx != 0) {  // scrolling moved the pinned columns along
        viewport()->update();
        m_header->viewport()->update();
    }
}

void RunTableView::resizeEvent(QResizeEvent* event) {
    QTreeView::resizeEvent(event);
    if (event->size().width() != event->oldSize().width()) {
        Q_EMIT widthChanged();
    }
}

void RunTableView::changeEvent(QEvent* event) {
    QTreeView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        viewport()->update();
    }
}

}  // namespace runglass::ui
