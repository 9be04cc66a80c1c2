// SPDX-License-Identifier: GPL-3.0-or-later
#include "history_table.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

#include "history_delegate.h"
#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

namespace {

constexpr int kLeastMessage = 240;
constexpr int kLeastStrip = 90;

}  // namespace

HistoryTable::HistoryTable(HistoryModel* model, QWidget* parent)
    : QTableView(parent)
    , m_model(model) {
    setObjectName(QStringLiteral("historyTable"));
    setFrameShape(QFrame::NoFrame);
    setShowGrid(false);
    setWordWrap(false);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setTabKeyNavigation(false);
    setCornerButtonEnabled(false);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMouseTracking(true);
    setAccessibleName(tr("Commits"));
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    setHorizontalHeader(new HistoryHeader(model, this));
    setItemDelegate(new HistoryDelegate(this, model));
    setModel(model);
    updateRowHeight();
    connect(&Theme::current(), &Theme::changed, this, &HistoryTable::updateRowHeight);
    connect(model, &HistoryModel::aboutToReplace, this, &HistoryTable::keepPlace);
    connect(model, &HistoryModel::replaced, this, &HistoryTable::restorePlace);
    connect(model, &HistoryModel::numbersChanged, this, [this] {
        fitColumns();
        viewport()->update();
        horizontalHeader()->viewport()->update();
    });
    connect(model, &QAbstractItemModel::rowsInserted, this, &HistoryTable::fitColumns);
}

void HistoryTable::updateRowHeight() {
    const auto& theme = Theme::current();
    const int height = std::max(theme.rowHeight() + 2, theme.lineHeight(TextRole::Body) + 8);
    m_graph.rowHeight = height;
    verticalHeader()->setMinimumSectionSize(height);
    verticalHeader()->setDefaultSectionSize(height);
    fitColumns();
    viewport()->update();
}

void HistoryTable::fitColumns() {
    // The commit takes what is left; author and hash give way first, as in history-1280x720.png.
    const int width = viewport()->width();
    const bool wide = width >= 1000;
    const auto set = [this](int column, int columnWidth) {
        setColumnHidden(column, columnWidth == 0);
        if (columnWidth > 0 && this->columnWidth(column) != columnWidth) {
            setColumnWidth(column, columnWidth);
        }
        return columnWidth;
    };
    const int lanes = std::min(m_model->lastLane(), m_graph.maxLanes - 1);
    int taken = set(HistoryModel::Graph, std::max(64, static_cast<int>(m_graph.width(lanes))));
    taken += set(HistoryModel::Hash, wide ? 64 : 0);
    taken += set(HistoryModel::Runs, wide ? 118 : 92);
    taken += set(HistoryModel::Best, m_model->metric().key.empty() ? 0 : 62);
    taken += set(HistoryModel::Author, wide ? 88 : 0);
    taken += set(HistoryModel::Date, 84);
    // The strip shows a course and can be narrow; a commit without its words is nothing.
    const int room = std::min(width - taken - kLeastMessage, wide ? 236 : 190);
    taken += set(HistoryModel::Strip, m_model->strip().empty() || room < kLeastStrip ? 0 : room);
    set(HistoryModel::Message, std::max(120, width - taken));
}

void HistoryTable::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    fitColumns();
}

void HistoryTable::changeEvent(QEvent* event) {
    QTableView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        viewport()->update();
    }
}

git::ObjectId HistoryTable::currentCommit() const {
    const auto* row = m_model->historyRow(currentIndex().row());
    return row == nullptr ? git::ObjectId{} : row->commit.id;
}

void HistoryTable::goToCommit(const git::ObjectId& commit) {
    if (const int row = m_model->rowOf(commit); row >= 0) {
        setCurrentIndex(m_model->index(row, HistoryModel::Message));
        scrollTo(currentIndex(), EnsureVisible);
    }
}

void HistoryTable::keepPlace() {
    m_keptCommit = currentCommit();
    m_keptUncommitted = currentIndex().isValid() && m_model->isUncommitted(currentIndex().row());
    const int value = verticalScrollBar()->value();
    m_atTop = value == 0;
    const int row = rowAt(0);
    const auto* top = m_model->historyRow(row);
    m_keptTop = top == nullptr ? git::ObjectId{} : top->commit.id;
    m_keptOffset = row < 0 ? 0 : rowViewportPosition(row);
}

void HistoryTable::restorePlace() {
    fitColumns();
    const int row = m_keptUncommitted && m_model->isUncommitted(0) ? 0 : m_model->rowOf(m_keptCommit);
    if (row >= 0) {
        setCurrentIndex(m_model->index(row, HistoryModel::Message));
    }
    // Who stands at the top wants to see what is new; who stands further down keeps what is in sight.
    const int top = m_atTop ? 0 : std::max(0, m_model->rowOf(m_keptTop));
    verticalScrollBar()->setValue(top * static_cast<int>(m_graph.rowHeight) - (m_atTop ? 0 : m_keptOffset));
    if (row < 0 && !m_keptCommit.isNull()) {
        Q_EMIT rowChosen(-1);
    }
}

void HistoryTable::setHovered(int row) {
    if (row == m_hovered) {
        return;
    }
    m_hovered = row;
    viewport()->update();
}

void HistoryTable::mouseMoveEvent(QMouseEvent* event) {
    setHovered(rowAt(event->position().toPoint().y()));
    QTableView::mouseMoveEvent(event);
}

bool HistoryTable::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave) {
        setHovered(-1);
    }
    return QTableView::viewportEvent(event);
}

QModelIndex HistoryTable::moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) {
    const int last = m_model->rowCount() - 1;
    if (last < 0) {
        return {};
    }
    switch (action) {
        case MoveHome:
            return m_model->index(0, HistoryModel::Message);
        case MoveEnd:
            return m_model->index(last, HistoryModel::Message);
        case MoveLeft:
        case MoveRight:
            return currentIndex();  // a row is one thing
        default:
            break;
    }
    const QModelIndex next = QTableView::moveCursor(action, modifiers);
    return m_model->index(next.row(), HistoryModel::Message);
}

void HistoryTable::keyPressEvent(QKeyEvent* event) {
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && currentIndex().isValid()) {
        Q_EMIT rowActivated(currentIndex().row());
        event->accept();
        return;
    }
    if (event->matches(QKeySequence::Copy)) {
        Q_EMIT copyRequested();
        event->accept();
        return;
    }
    QTableView::keyPressEvent(event);
}

void HistoryTable::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    QTableView::currentChanged(current, previous);
    viewport()->update();
    if (current.isValid()) {
        Q_EMIT rowChosen(current.row());
    }
}

}  // namespace runglass::ui
