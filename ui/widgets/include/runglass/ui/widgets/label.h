// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

/// One line of plain text in a role and colour of the theme, which it follows. Elided (in the middle unless
/// told) when there is no room; then the tool tip has the whole text.
class Label : public QWidget {
    Q_OBJECT
public:
    explicit Label(const QString& text = {}, TextRole role = TextRole::Body, int weight = 400,
                   Token color = Token::TextPrimary, QWidget* parent = nullptr);

    [[nodiscard]] QString text() const { return m_text; }
    void setText(const QString& text);
    void setColor(Token color);
    void setElideMode(Qt::TextElideMode mode);
    void setAlignment(Qt::Alignment alignment);
    /// For text of a project: shown without ligatures.
    void setVerbatim(bool verbatim);
    /// Figures of equal width, for numbers that change in place.
    void setTabular(bool tabular);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] QFont currentFont() const;

    QString m_text;
    TextRole m_role;
    int m_weight;
    Token m_color;
    Qt::TextElideMode m_elide = Qt::ElideMiddle;
    Qt::Alignment m_alignment = Qt::AlignLeft | Qt::AlignVCenter;
    bool m_verbatim = false;
    bool m_tabular = false;
};

}  // namespace runglass::ui
