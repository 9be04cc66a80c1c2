// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <optional>
#include <vector>

#include "runglass/ui/theme/paint.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/line_text.h"

class QMenu;

namespace runglass::ui {

/// A small label at the end of a line.
struct FactChip {
    QString text;
    Token ink = Token::TextPrimary;
    Token background = Token::SurfaceBase;
    friend bool operator==(const FactChip&, const FactChip&) = default;
};

/// One line of a FactList. Text is shown as it is.
struct Fact {
    QString key = {};
    QString value = {};
    QString remark = {};  ///< grey, after the value
    Token ink = Token::TextPrimary;
    bool mono = false;
    std::vector<double> sparkline = {};
    QColor sparklineColor = {};
    QString tooltip = {};                  ///< full value; the value itself when empty
    int item = -1;                         ///< what can be opened, as activated() names it; −1: nothing
    std::optional<StatusGlyph> mark = {};  ///< of Style::Models
    std::vector<FactChip> chips = {};      ///< of Style::Models, whose value says the same in words
};

/// A titled section of the inspector: keys at the left, values at the right. Paints only what is exposed, so
/// that thousands of lines cost nothing; hidden while it has none. Lines can be copied.
class FactList final : public QWidget, public LineText {
    Q_OBJECT
public:
    enum class Style {
        Facts,    ///< key and value
        Numbers,  ///< key, best, last and a curve
        Box,      ///< one value in a frame, wrapped
        Files,    ///< name and, at the right, size; those with an `item` can be opened
        Models,   ///< mark, name and chips
    };
    FactList(const QString& title, Style style, QWidget* parent = nullptr);

    void setFacts(std::vector<Fact> facts);
    [[nodiscard]] const std::vector<Fact>& facts() const { return m_facts; }
    void setSparkline(int row, std::vector<double> values);
    void setTitle(const QString& title);
    /// Grey, after the title.
    void setRemark(const QString& remark);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] bool hasHeightForWidth() const override { return m_style == Style::Box; }
    [[nodiscard]] int heightForWidth(int width) const override;

    // --- for assistive technology: a line a fact ---
    [[nodiscard]] int textLines() const override { return static_cast<int>(m_facts.size()); }
    [[nodiscard]] QString lineText(int line) const override;
    [[nodiscard]] quint64 textRevision() const override { return m_revision; }
    [[nodiscard]] QRect textLineRect(int line) const override;

Q_SIGNALS:
    /// A line was clicked, or Return pressed on it.
    void activated(int item);
    /// The context menu of a line is about to be shown.
    void menuRequested(int item, QMenu* menu);
    /// The keyboard has come to this part of the widget.
    void lineReached(const QRect& line);

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    [[nodiscard]] int headHeight() const;
    [[nodiscard]] int lineHeight() const;
    [[nodiscard]] int rowAt(int y) const;
    [[nodiscard]] QRect boxRect() const;
    void paintHead(QPainter* painter) const;
    void paintFact(QPainter* painter, const QRect& line, const Fact& fact) const;
    void paintNumbers(QPainter* painter, const QRect& line, const Fact& fact) const;
    void paintFile(QPainter* painter, const QRect& line, const Fact& fact) const;
    void paintModel(QPainter* painter, QRect line, const Fact& fact) const;
    /// What can be opened at this row; −1 for nothing.
    [[nodiscard]] int itemAt(int row) const;
    void moveTo(int from, int by);
    void showMenu(int row, const QPoint& globalPos);

    QString m_title;
    QString m_remark;
    Style m_style;
    std::vector<Fact> m_facts;
    quint64 m_revision = 0;  ///< of m_facts
    int m_current = -1;      ///< row that the keyboard is at; −1 until it comes here
};

}  // namespace runglass::ui
