// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/line_text.h"

namespace runglass::ui {

/// One line of a FactList. Text is shown as it is.
struct Fact {
    QString key = {};
    QString value = {};
    QString remark = {};  ///< grey, after the value
    Token ink = Token::TextPrimary;
    bool mono = false;
    std::vector<double> sparkline = {};
    QColor sparklineColor = {};
    QString tooltip = {};  ///< full value; the value itself when empty
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
    };
    FactList(const QString& title, Style style, QWidget* parent = nullptr);

    void setFacts(std::vector<Fact> facts);
    [[nodiscard]] const std::vector<Fact>& facts() const { return m_facts; }
    void setSparkline(int row, std::vector<double> values);
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

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    [[nodiscard]] int headHeight() const;
    [[nodiscard]] int lineHeight() const;
    [[nodiscard]] int rowAt(int y) const;
    [[nodiscard]] QRect boxRect() const;
    void paintHead(QPainter* painter) const;
    void paintFact(QPainter* painter, const QRect& line, const Fact& fact) const;
    void paintNumbers(QPainter* painter, const QRect& line, const Fact& fact) const;

    QString m_title;
    QString m_remark;
    Style m_style;
    std::vector<Fact> m_facts;
    quint64 m_revision = 0;  ///< of m_facts
};

}  // namespace runglass::ui
