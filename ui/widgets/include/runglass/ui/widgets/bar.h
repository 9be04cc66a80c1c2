// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QBoxLayout>
#include <QWidget>

#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

/// A flat area of one surface colour with a hair line at some of its edges.
class Surface : public QWidget {
    Q_OBJECT
public:
    explicit Surface(Token color, Qt::Edges lines = {}, QWidget* parent = nullptr);
    void setColor(Token color);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Token m_color;
    Qt::Edges m_lines;
};

/// Toolbar or filter bar of a pane: surface.panel, a line below, content in a row. 36 high, or 32 in a pane.
class Bar : public Surface {
    Q_OBJECT
public:
    explicit Bar(QWidget* parent = nullptr, int height = 36);
    [[nodiscard]] QHBoxLayout* row() const { return m_row; }
    /// A vertical hair line between groups.
    void addSeparator();

private:
    QHBoxLayout* m_row;
};

/// 1 px line.
class Hairline : public QWidget {
    Q_OBJECT
public:
    explicit Hairline(Qt::Orientation orientation, QWidget* parent = nullptr,
                      Token color = Token::BorderDefault);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Token m_color;
};

}  // namespace runglass::ui
