// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QWidget>

#include "runglass/ui/widgets/flat_button.h"

namespace runglass::ui {

/// One item of the rail: icon over a label, with an accent bar when it is the current place.
class RailButton final : public FlatButton {
    Q_OBJECT
public:
    RailButton(const QString& icon, const QString& text, QWidget* parent);
    void setBadge(int count);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_icon;
    int m_badge = 0;
};

/// The places of the window from top to bottom, settings at the bottom. Up and Down move within it.
class NavigationRail final : public QWidget {
    Q_OBJECT
public:
    explicit NavigationRail(QWidget* parent = nullptr);

    void setCurrent(const QString& place);
    /// Without a project the places are disabled.
    void setPlacesEnabled(bool enabled);
    void setBadge(const QString& place, int count);

Q_SIGNALS:
    void placeRequested(const QString& name);
    void settingsRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QHash<QString, RailButton*> m_buttons;
};

}  // namespace runglass::ui
