// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "runglass/ui/theme/paint.h"
#include "runglass/ui/widgets/flat_button.h"

namespace runglass::ui {

/// Looks like an input, opens the command palette.
class CommandField final : public FlatButton {
    Q_OBJECT
public:
    explicit CommandField(QWidget* parent);
    [[nodiscard]] QSize sizeHint() const override { return {320, 26}; }

protected:
    void paintEvent(QPaintEvent* event) override;
};

/// `▶ 2 running`; hidden at zero.
class LiveState final : public FlatButton {
    Q_OBJECT
public:
    LiveState(StatusGlyph glyph, QWidget* parent);
    void setCount(int count, const QString& text);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    StatusGlyph m_glyph;
};

/// A fixed icon.
class IconLabel final : public QWidget {
    Q_OBJECT
public:
    IconLabel(QString icon, Token color, int size, QWidget* parent);
    [[nodiscard]] QSize sizeHint() const override { return {m_size, m_size}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_icon;
    Token m_color;
    int m_size;
};

}  // namespace runglass::ui
