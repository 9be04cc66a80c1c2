// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractScrollArea>
#include <memory>

#include "runglass/ui/widgets/diff_document.h"
#include "runglass/ui/widgets/line_text.h"

namespace runglass::ui {

class DiffLineCache;

/// Shows a DiffDocument, unified or side by side (VISUAL.md §7 "diff"). Paints only what is visible. Text can
/// be selected on either side, copied and searched; folded equal lines open on a click or Enter. GUI thread.
class DiffView final : public QAbstractScrollArea, public LineText {
    Q_OBJECT
public:
    explicit DiffView(QWidget* parent = nullptr);
    ~DiffView() override;

    void setDocument(SharedDiffDocument document);
    [[nodiscard]] const SharedDiffDocument& document() const { return m_document; }
    void setMode(DiffMode mode);
    [[nodiscard]] DiffMode mode() const { return m_options.mode; }
    /// Shows one file without its heading; −1: all files.
    void setOnlyFile(int file);
    [[nodiscard]] int onlyFile() const { return m_options.onlyFile; }
    /// Whether runs of equal lines are folded.
    void setOnlyChanges(bool only);
    /// Opens every fold.
    void showAllLines();

    [[nodiscard]] const std::vector<DiffRow>& rows() const { return m_rows; }
    /// Of all rows, in pixels.
    [[nodiscard]] int contentHeight() const { return m_tops.back(); }

    /// Moves to the next change; false when there is none (and nothing moves).
    bool goToDifference(bool forward);
    /// Forgets the current change, so that the next step begins at the first (or, backward, at the last).
    void resetDifference();

    /// Marks all places of `text` in sight; empty clears.
    void setFindText(const QString& text);
    /// Goes to the next place of the find text, opening a fold where it lies in one; wraps around.
    bool findNext(bool forward);

    [[nodiscard]] QString selectedText() const;
    void selectAll();
    void copy() const;

    // --- for assistive technology: a line a row ---
    [[nodiscard]] QAccessible::Role textRole() const override { return QAccessible::Document; }
    [[nodiscard]] int textLines() const override { return static_cast<int>(m_rows.size()); }
    /// `removed 12: code`; of two sides `removed 12: code, added 13: code`.
    [[nodiscard]] QString lineText(int line) const override;
    [[nodiscard]] quint64 textRevision() const override { return m_revision; }
    [[nodiscard]] int currentTextLine() const override;
    [[nodiscard]] std::optional<Selection> textSelection() const override;
    [[nodiscard]] QRect textLineRect(int line) const override;
    void scrollToTextLine(int line) override { scrollToRow(line); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    /// A place in the text: a row and a UTF-16 offset in its line on `m_side`.
    struct Place {
        int row = -1;
        int offset = 0;
        friend auto operator<=>(const Place&, const Place&) = default;
    };
    struct Side {
        int left = 0;  ///< of the column, in the viewport
        int width = 0;
        int text = 0;  ///< where code begins, before horizontal scrolling
        bool isNew = false;
    };

    void relayout();
    void updateScrollBars();
    void updateFonts();
    [[nodiscard]] Side side(bool newSide) const;
    [[nodiscard]] int rowAt(int y) const;
    [[nodiscard]] int lineIndex(const DiffRow& row, bool newSide) const;
    [[nodiscard]] int rowHeight(const DiffRow& row) const;
    [[nodiscard]] int rowTop(int row) const;
    void scrollToRow(int row);
    void openFold(int row);
    [[nodiscard]] Place placeAt(const QPoint& at);
    [[nodiscard]] QString codeOf(int file, int line) const;
    [[nodiscard]] QString fileTitle(int file) const;
    [[nodiscard]] QString foldText(const DiffRow& row) const;
    [[nodiscard]] QString messageText(const DiffRow& row) const;
    /// What is read before the code of one side of a row: `removed 12: `.
    [[nodiscard]] QString sideTitle(const DiffRow& row, bool newSide) const;
    void setSelection(Place anchor, Place cursor);
    [[nodiscard]] std::vector<int> changeStarts() const;

    void paintRow(QPainter& painter, int row, int top);
    void paintFileRow(QPainter& painter, const DiffRow& row, const QRect& rect) const;
    void paintFold(QPainter& painter, const DiffRow& row, const QRect& rect) const;
    void paintMessage(QPainter& painter, const DiffRow& row, const QRect& rect) const;
    void paintSide(QPainter& painter, int row, const Side& at, const QRect& rect);
    void paintText(QPainter& painter, int row, int line, const Side& at, const QRect& rect);

    SharedDiffDocument m_document;
    DiffLayoutOptions m_options;
    OpenedFolds m_opened;
    std::vector<DiffRow> m_rows;
    std::vector<int> m_tops{0};  ///< y of each row, and of the end
    std::unique_ptr<DiffLineCache> m_lines;
    QString m_find;
    int m_findRow = -1;
    int m_current = -1;  ///< first row of the change that F7 is at
    bool m_sideNew = true;
    bool m_selecting = false;
    Place m_anchor;
    Place m_cursor;
    int m_longest = 0;       ///< columns of the longest line that is not folded
    quint64 m_revision = 0;  ///< of m_rows
    int m_lineHeight = 18;
    int m_numberWidth = 38;
    double m_charWidth = 7;
};

}  // namespace runglass::ui
