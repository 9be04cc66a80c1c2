// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare_sheet.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

#include "runglass/ui/theme/icons.h"
#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

CompareSheet::CompareSheet(CompareModel* model, QWidget* parent)
    : QTreeView(parent)
    , m_model(model)
    , m_code(new CodePanel(viewport()))
    , m_header(new CompareHeader(this)) {
    setHeader(m_header);
    setFrameShape(QFrame::NoFrame);
    setRootIsDecorated(false);
    setIndentation(0);
    setExpandsOnDoubleClick(false);
    setSelectionBehavior(SelectRows);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollMode(ScrollPerPixel);
    setMouseTracking(true);
    setAccessibleName(tr("Comparison"));
    setItemDelegate(new CompareDelegate(model, m_code, this));
    m_code->hide();
    setModel(model);
    connect(model, &QAbstractItemModel::modelAboutToBeReset, this, &CompareSheet::beforeReset);
    connect(model, &QAbstractItemModel::modelReset, this, &CompareSheet::afterReset);
    connect(m_code, &CodePanel::heightChanged, this, [this] {
        if (const auto code = m_model->codeIndex(); code.isValid()) {
            Q_EMIT itemDelegate()->sizeHintChanged(code);
            scheduleDelayedItemsLayout();
        }
    });
    const auto remember = [this](const QModelIndex& index, bool folded) {
        if (m_restoring || !m_model->isPart(index)) {
            return;
        }
        const int part = static_cast<int>(m_model->partOf(index));
        folded ? void(m_folded.insert(part)) : void(m_folded.remove(part));
        placeCode();
    };
    connect(this, &QTreeView::expanded, this,
            [remember](const QModelIndex& index) { remember(index, false); });
    connect(this, &QTreeView::collapsed, this,
            [remember](const QModelIndex& index) { remember(index, true); });
    const auto fit = [this] {
        m_header->setFixedHeight(std::max(24, Theme::current().lineHeight(TextRole::Caption) + 10));
        scheduleDelayedItemsLayout();
    };
    connect(&Theme::current(), &Theme::changed, this, fit);
    fit();
}

void CompareSheet::setColors(const QList<QColor>& colors) {
    m_header->setColors(colors);
}

void CompareSheet::beforeReset() {
    const auto current = currentIndex();
    const auto* row = m_model->rowOf(current);
    m_keptRow = {current.isValid() ? static_cast<int>(m_model->partOf(current)) : -1,
                 row == nullptr ? QString() : QString::fromStdString(row->key)};
    m_keptScroll = verticalScrollBar()->value();
}

void CompareSheet::afterReset() {
    m_restoring = true;
    for (int i = 0; i < m_model->rowCount(); ++i) {
        const auto part = m_model->index(i, 0);
        setFirstColumnSpanned(i, {}, true);
        setExpanded(part, !m_folded.contains(static_cast<int>(m_model->partOf(part))));
        if (m_model->partOf(part) == ComparePart::Code) {
            setFirstColumnSpanned(0, part, true);
        }
    }
    m_restoring = false;
    fitColumns();
    if (m_keptRow.first >= 0) {
        const auto part = m_model->partIndex(static_cast<ComparePart>(m_keptRow.first));
        for (int i = 0; part.isValid() && i < m_model->rowCount(part); ++i) {
            const auto index = m_model->index(i, 0, part);
            const auto* row = m_model->rowOf(index);
            if ((row == nullptr ? QString() : QString::fromStdString(row->key)) == m_keptRow.second) {
                setCurrentIndex(index);
                break;
            }
        }
    }
    executeDelayedItemsLayout();
    verticalScrollBar()->setValue(m_keptScroll);
    placeCode();
}

void CompareSheet::fitColumns() {
    const int runs = m_model->runCount();
    if (runs == 0) {
        return;
    }
    const int width = viewport()->width();
    const int key = std::clamp(width * 18 / 100, 120, 220);
    const int change = m_model->hasChangeColumn() ? std::clamp(width * 15 / 100, 90, 160) : 0;
    const int each = std::max(120, (width - key - change) / runs);
    m_header->resizeSection(0, key);
    for (int i = 1; i <= runs; ++i) {
        m_header->resizeSection(i, each);
    }
    if (change > 0) {
        m_header->resizeSection(runs + 1, std::max(change, width - key - runs * each));
    }
}

void CompareSheet::resizeEvent(QResizeEvent* event) {
    QTreeView::resizeEvent(event);
    fitColumns();
    if (const auto code = m_model->codeIndex(); code.isValid()) {
        Q_EMIT itemDelegate()->sizeHintChanged(code);  // its height follows the viewport's
        scheduleDelayedItemsLayout();
    }
}

void CompareSheet::updateGeometries() {
    QTreeView::updateGeometries();
    placeCode();
}

void CompareSheet::scrollContentsBy(int dx, int dy) {
    QTreeView::scrollContentsBy(dx, dy);
    placeCode();
}

/// The code is a child of the viewport and not an index widget, because those are deleted when the model is
/// reset.
void CompareSheet::placeCode() {
    const auto code = m_model->codeIndex();
    const bool shown = code.isValid() && isExpanded(code.parent());
    if (shown) {
        const QRect rect = visualRect(code);
        m_code->setGeometry(0, rect.top(), viewport()->width(), rect.height());
    }
    m_code->setVisible(shown);
}

void CompareSheet::drawRow(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const {
    if (!m_model->isPart(index)) {
        QTreeView::drawRow(painter, option, index);
        return;
    }
    const QRect rect(0, option.rect.top(), viewport()->width(), option.rect.height());
    const bool current = index.row() == currentIndex().row() && m_model->isPart(currentIndex());
    painter->fillRect(rect, themeColor(current && hasFocus() ? Token::SelectionBg : Token::SurfacePanel));
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), themeColor(Token::BorderDefault));
    if (current) {
        painter->fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), themeColor(Token::AccentBase));
    }
    const QString chevron = isExpanded(index) ? QStringLiteral("chev-d") : QStringLiteral("chev-r");
    paintIcon(painter, QRectF(rect.left() + 8, rect.top(), 14, rect.height()), chevron,
              themeColor(Token::TextSecondary), 14);
    painter->setFont(Theme::current().font(TextRole::Body, 600));
    painter->setPen(themeColor(Token::TextPrimary));
    const QString title = partTitle(m_model->partOf(index));
    painter->drawText(rect.adjusted(28, 0, 0, 0), Qt::AlignVCenter, title);
    const int x = 28 + painter->fontMetrics().horizontalAdvance(title) + 8;
    painter->setFont(Theme::current().font(TextRole::Caption));
    painter->setPen(themeColor(Token::TextTertiary));
    painter->drawText(rect.adjusted(x, 0, 0, 0), Qt::AlignVCenter, m_model->remark(m_model->partOf(index)));
}

void CompareSheet::mousePressEvent(QMouseEvent* event) {
    const auto index = indexAt(event->position().toPoint());
    QTreeView::mousePressEvent(event);
    if (event->button() == Qt::LeftButton && m_model->isPart(index)) {
        setExpanded(index.siblingAtColumn(0), !isExpanded(index.siblingAtColumn(0)));
    }
}

void CompareSheet::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) {
        copySelected();
        event->accept();
        return;
    }
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && m_model->isPart(currentIndex())) {
        const auto part = currentIndex().siblingAtColumn(0);
        setExpanded(part, !isExpanded(part));
        event->accept();
        return;
    }
    if (enter && m_model->isCode(currentIndex())) {
        m_code->diff()->setFocus(Qt::ShortcutFocusReason);
        event->accept();
        return;
    }
    QTreeView::keyPressEvent(event);
}

void CompareSheet::copySelected() const {
    if (!currentIndex().isValid()) {
        return;
    }
    QStringList cells;
    for (int column = 0; column < m_model->columnCount(); ++column) {
        cells << currentIndex().siblingAtColumn(column).data().toString();
    }
    QGuiApplication::clipboard()->setText(cells.join(QLatin1Char('\t')));
}

std::vector<QModelIndex> CompareSheet::stops() const {
    std::vector<QModelIndex> stops;
    for (int i = 0; i < m_model->rowCount(); ++i) {
        const auto part = m_model->index(i, 0);
        for (int j = 0; j < m_model->rowCount(part); ++j) {
            const auto index = m_model->index(j, 0, part);
            const auto* row = m_model->rowOf(index);
            if (row == nullptr || row->differs) {
                stops.push_back(index);
            }
        }
    }
    return stops;
}

bool CompareSheet::goToDifference(bool forward) {
    const auto all = stops();
    if (all.empty()) {
        return false;
    }
    const auto current = currentIndex().siblingAtColumn(0);
    if (m_model->isCode(current) && m_code->goToDifference(forward)) {
        return true;
    }
    // Where nothing is current, the walk starts at its beginning or end; a part stands before its rows.
    const auto place = [&](const QModelIndex& index) {
        return !index.isValid()         ? std::pair(forward ? -1 : 1 << 20, 0)
               : m_model->isPart(index) ? std::pair(index.row(), -1)
                                        : std::pair(index.parent().row(), index.row());
    };
    const auto here = place(current);
    QModelIndex next;
    for (const auto& stop : all) {
        const auto there = place(stop);
        if (forward ? there > here : there < here) {
            next = stop;
            if (forward) {
                break;
            }
        }
    }
    if (!next.isValid()) {
        return false;
    }
    setExpanded(next.parent(), true);
    setCurrentIndex(next);
    scrollTo(next, m_model->isCode(next) ? PositionAtTop : EnsureVisible);
    if (m_model->isCode(next)) {
        m_code->resetDifference(forward);
        m_code->goToDifference(forward);
    }
    return true;
}

void CompareSheet::goToPart(ComparePart part) {
    const auto index = m_model->partIndex(part);
    if (index.isValid()) {
        setExpanded(index, true);
        setCurrentIndex(index);
        scrollTo(index, PositionAtTop);
    }
}

}  // namespace runglass::ui
