// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>
#include <QToolButton>

namespace runglass::ui {

/// Looks of VISUAL.md §7 for QPushButton, QToolButton and QComboBox; RunglassStyle paints them.
enum class ButtonKind {
    Primary = 1,  ///< accent; one a view
    Quiet = 2,    ///< no border
    Danger = 4,
    Small = 8,    ///< 22 px high
    Framed = 16,  ///< a tool button with border
    Form = 32,    ///< a combo box that is an input of a form (border.strong)
};
Q_DECLARE_FLAGS(ButtonKinds, ButtonKind)
Q_DECLARE_OPERATORS_FOR_FLAGS(ButtonKinds)

void setButtonKind(QWidget* button, ButtonKinds kinds);

/// `icon` is a name of resources/icons or empty.
QPushButton* makeButton(const QString& text, const QString& icon = {}, ButtonKinds kinds = {},
                        QWidget* parent = nullptr);
/// Icon alone, 26 × 26, with a tool tip that is also its accessible name.
QToolButton* makeIconButton(const QString& icon, const QString& tip, QWidget* parent = nullptr);

}  // namespace runglass::ui
