// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

namespace runglass::ui {

/// Line edit with an icon at the left and a button that clears it. Escape clears, a second Escape passes on.
class SearchField : public QLineEdit {
    Q_OBJECT
public:
    explicit SearchField(const QString& placeholder, QWidget* parent = nullptr,
                         const QString& icon = QStringLiteral("search"));

protected:
    void keyPressEvent(QKeyEvent* event) override;
};

}  // namespace runglass::ui
