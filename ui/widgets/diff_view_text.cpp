// SPDX-License-Identifier: GPL-3.0-or-later
// What a DiffView says in words: headings, folds, and its lines for assistive technology.
#include <QScrollBar>
#include <algorithm>

#include "diff_line_cache.h"
#include "runglass/ui/widgets/diff_view.h"

namespace runglass::ui {

QString DiffView::codeOf(int file, int line) const {
    return visibleText(
        m_document->files()[static_cast<std::size_t>(file)].lines[static_cast<std::size_t>(line)].text);
}

QString DiffView::fileTitle(int index) const {
    const auto& file = m_document->files()[static_cast<std::size_t>(index)].info;
    const QString path = visibleText(file.path());
    if (file.kind == git::ChangeKind::Renamed && file.oldPath != file.newPath) {
        return tr("%1, was %2").arg(path, visibleText(file.oldPath));
    }
    if (file.kind == git::ChangeKind::Added || file.kind == git::ChangeKind::Untracked) {
        return tr("%1, new").arg(path);
    }
    return file.kind == git::ChangeKind::Deleted ? tr("%1, removed").arg(path) : path;
}

QString DiffView::foldText(const DiffRow& row) const {
    return row.count == 1 ? tr("1 equal line") : tr("%1 equal lines").arg(row.count);
}

QString DiffView::messageText(const DiffRow& row) const {
    const auto& file = m_document->files()[static_cast<std::size_t>(row.file)].info;
    if (file.binary) {
        return tr("Binary file, %L1 B before, %L2 B after. It is not compared line by line.")
            .arg(file.oldSize)
            .arg(file.newSize);
    }
    if (file.tooLarge) {
        return tr("Too large to compare line by line: %L1 B before, %L2 B after.")
            .arg(file.oldSize)
            .arg(file.newSize);
    }
    if (file.kind == git::ChangeKind::Added || file.kind == git::ChangeKind::Untracked ||
        file.kind == git::ChangeKind::Deleted) {
        return tr("The file is empty.");
    }
    return file.kind == git::ChangeKind::TypeChanged || file.oldPath == file.newPath
               ? tr("Only the mode of the file differs.")
               : tr("Only the name differs.");
}

QString DiffView::sideTitle(const DiffRow& row, bool newSide) const {
    const int index = newSide ? row.right : row.left;
    const auto& line =
        m_document->files()[static_cast<std::size_t>(row.file)].lines[static_cast<std::size_t>(index)];
    switch (line.kind) {
        case git::DiffLine::Kind::Added:
            return tr("added %1: ").arg(line.newLine);
        case git::DiffLine::Kind::Removed:
            return tr("removed %1: ").arg(line.oldLine);
        default:
            return QStringLiteral("%1: ").arg(std::max(line.newLine, line.oldLine));
    }
}

QString DiffView::lineText(int index) const {
    const auto& row = m_rows[static_cast<std::size_t>(index)];
    switch (row.kind) {
        case DiffRow::Kind::File: {
            const auto& file = m_document->files()[static_cast<std::size_t>(row.file)];
            return QStringLiteral("%1, +%2 −%3")
                .arg(fileTitle(row.file))
                .arg(file.info.added)
                .arg(file.info.removed);
        }
        case DiffRow::Kind::Fold:
            return foldText(row);
        case DiffRow::Kind::Message:
            return messageText(row);
        case DiffRow::Kind::Line:
            break;
    }
    QString text;
    if (row.left >= 0) {
        text = sideTitle(row, false) + codeOf(row.file, row.left);
    }
    if (row.right >= 0 && row.right != row.left) {
        text += text.isEmpty() ? QString() : QStringLiteral(", ");
        text += sideTitle(row, true) + codeOf(row.file, row.right);
    }
    return text;
}

int DiffView::currentTextLine() const {
    if (m_anchor != m_cursor) {
        return m_cursor.row;
    }
    return m_current >= 0   ? m_current
           : m_findRow >= 0 ? m_findRow
                            : std::max(0, rowAt(verticalScrollBar()->value()));
}

std::optional<LineText::Selection> DiffView::textSelection() const {
    const auto [from, to] = std::minmax(m_anchor, m_cursor);
    if (from == to || from.row < 0 || to.row >= static_cast<int>(m_rows.size())) {
        return std::nullopt;
    }
    const auto column = [this](const Place& place) {
        const auto& row = m_rows[static_cast<std::size_t>(place.row)];
        const int line = row.kind == DiffRow::Kind::Line ? lineIndex(row, m_sideNew) : -1;
        if (line < 0) {
            return 0;
        }
        const bool second = line == row.right && row.left >= 0 && row.left != row.right;
        const auto before =
            second ? (sideTitle(row, false) + codeOf(row.file, row.left)).size() + 2 : qsizetype{0};
        const auto inCode = std::min<qsizetype>(place.offset, codeOf(row.file, line).size());
        return static_cast<int>(before + sideTitle(row, line == row.right).size() + inCode);
    };
    return Selection{from.row, column(from), to.row, column(to)};
}

QRect DiffView::textLineRect(int line) const {
    const int top = rowTop(line) - verticalScrollBar()->value();
    return {0, top, viewport()->width(), rowHeight(m_rows[static_cast<std::size_t>(line)])};
}

}  // namespace runglass::ui
