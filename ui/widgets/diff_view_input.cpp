// SPDX-License-Identifier: GPL-3.0-or-later
#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>
#include <algorithm>

#include "diff_line_cache.h"
#include "runglass/ui/widgets/diff_view.h"

namespace runglass::ui {

DiffView::Place DiffView::placeAt(const QPoint& at) {
    const int row = rowAt(at.y() + verticalScrollBar()->value());
    if (row < 0) {
        return {};
    }
    const auto& entry = m_rows[static_cast<std::size_t>(row)];
    const int line = entry.kind == DiffRow::Kind::Line ? lineIndex(entry, m_sideNew) : -1;
    if (line < 0) {
        return {row, 0};
    }
    auto& layout = m_lines->line(*m_document, entry.file, line, m_sideNew);
    const int x = at.x() - side(m_sideNew).text + horizontalScrollBar()->value();
    return {row, layout.text.isEmpty() ? 0 : layout.layout.lineAt(0).xToCursor(x)};
}

void DiffView::setSelection(Place anchor, Place cursor) {
    m_anchor = anchor;
    m_cursor = cursor;
    viewport()->update();
}

void DiffView::mousePressEvent(QMouseEvent* event) {
    event->accept();
    if (event->button() != Qt::LeftButton || m_rows.empty()) {
        return;
    }
    const QPoint at = event->position().toPoint();
    const int row = rowAt(at.y() + verticalScrollBar()->value());
    const auto kind = m_rows[static_cast<std::size_t>(row)].kind;
    if (kind == DiffRow::Kind::Fold && at.y() + verticalScrollBar()->value() < contentHeight()) {
        openFold(row);
        return;
    }
    if (!event->modifiers().testFlag(Qt::ShiftModifier)) {
        m_sideNew = m_options.mode == DiffMode::Unified || at.x() > viewport()->width() / 2;
        m_anchor = placeAt(at);
    }
    m_selecting = true;
    setSelection(m_anchor, placeAt(at));
}

void DiffView::mouseMoveEvent(QMouseEvent* event) {
    const QPoint at = event->position().toPoint();
    if (!m_selecting) {
        const int y = at.y() + verticalScrollBar()->value();
        const bool overFold =
            !m_rows.empty() && y < contentHeight() && m_rows[static_cast<std::size_t>(rowAt(y))].first >= 0;
        viewport()->setCursor(overFold ? Qt::PointingHandCursor : Qt::IBeamCursor);
        return;
    }
    if (at.y() < 0 || at.y() > viewport()->height()) {
        verticalScrollBar()->triggerAction(at.y() < 0 ? QAbstractSlider::SliderSingleStepSub
                                                      : QAbstractSlider::SliderSingleStepAdd);
    }
    setSelection(m_anchor, placeAt(at));
}

void DiffView::mouseReleaseEvent(QMouseEvent* event) {
    m_selecting = false;
    event->accept();
}

void DiffView::mouseDoubleClickEvent(QMouseEvent* event) {
    const Place at = placeAt(event->position().toPoint());
    if (at.row < 0) {
        return;
    }
    const auto& row = m_rows[static_cast<std::size_t>(at.row)];
    const int line = row.kind == DiffRow::Kind::Line ? lineIndex(row, m_sideNew) : -1;
    if (line < 0) {
        return;
    }
    const QString text = codeOf(row.file, line);
    const auto isWord = [&](int i) { return text[i].isLetterOrNumber() || text[i] == QLatin1Char('_'); };
    int begin = std::min(at.offset, static_cast<int>(text.size()));
    int end = begin;
    while (begin > 0 && isWord(begin - 1)) {
        --begin;
    }
    while (end < text.size() && isWord(end)) {
        ++end;
    }
    setSelection({at.row, begin}, {at.row, end});
}

QString DiffView::selectedText() const {
    const Place begin = std::min(m_anchor, m_cursor);
    const Place end = std::max(m_anchor, m_cursor);
    if (begin.row < 0 || begin == end || !m_document) {
        return {};
    }
    QStringList lines;
    for (int i = begin.row; i <= end.row; ++i) {
        const auto& row = m_rows[static_cast<std::size_t>(i)];
        if (row.kind == DiffRow::Kind::Fold && row.first >= 0) {
            for (int line = row.first; line < row.first + row.count; ++line) {
                lines << codeOf(row.file, line);  // what is folded belongs to what was selected
            }
        }
        const int line = row.kind == DiffRow::Kind::Line ? lineIndex(row, m_sideNew) : -1;
        if (line < 0) {
            continue;
        }
        QString text = codeOf(row.file, line);
        if (i == end.row) {
            text.truncate(end.offset);
        }
        if (i == begin.row) {
            text.remove(0, begin.offset);
        }
        lines << text;
    }
    return lines.join(QLatin1Char('\n'));
}

void DiffView::selectAll() {
    if (!m_rows.empty()) {
        setSelection({0, 0}, {static_cast<int>(m_rows.size()) - 1, DiffLineCache::kMaxShownChars});
    }
}

void DiffView::copy() const {
    if (const QString text = selectedText(); !text.isEmpty()) {
        QGuiApplication::clipboard()->setText(text);
    }
}

void DiffView::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) {
        copy();
    } else if (event->matches(QKeySequence::SelectAll)) {
        selectAll();
    } else if (event->key() == Qt::Key_Home) {
        verticalScrollBar()->setValue(0);
    } else if (event->key() == Qt::Key_End) {
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        const int first = std::max(0, rowAt(verticalScrollBar()->value()));
        for (int i = first; i < static_cast<int>(m_rows.size()) &&
                            rowTop(i) < verticalScrollBar()->value() + viewport()->height();
             ++i) {
            if (m_rows[static_cast<std::size_t>(i)].first >= 0) {
                openFold(i);
                break;
            }
        }
    } else {
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    event->accept();
}

void DiffView::contextMenuEvent(QContextMenuEvent* event) {
    QMenu menu(this);
    auto* copyAction = menu.addAction(tr("Copy"), QKeySequence::Copy, this, &DiffView::copy);
    copyAction->setEnabled(!selectedText().isEmpty());
    menu.addAction(tr("Select all"), QKeySequence::SelectAll, this, &DiffView::selectAll);
    menu.addSeparator();
    auto* showAll = menu.addAction(tr("Show all equal lines"), this, &DiffView::showAllLines);
    showAll->setEnabled(
        std::any_of(m_rows.begin(), m_rows.end(), [](const DiffRow& row) { return row.first >= 0; }));
    menu.exec(event->globalPos());
}

void DiffView::focusInEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void DiffView::focusOutEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

}  // namespace runglass::ui
