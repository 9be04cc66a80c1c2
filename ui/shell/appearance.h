// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusConnection>
#include <QObject>
#include <QString>

#include "runglass/ui/theme/system_appearance.h"

namespace runglass::ui {

/// Brings what the person has set, and what the desktop asks for, into the theme. What the desktop said last
/// is remembered, so that a window does not open light and turn dark.
class Appearance final : public QObject {
    Q_OBJECT
public:
    /// `themeForced`: the theme is as the command line wants it, until the person chooses another one.
    explicit Appearance(bool themeForced, QObject* parent = nullptr);

    /// Asks the desktop now and listens from now on; costs a connection, so not before the first picture.
    void followDesktop(const QDBusConnection& bus);

private:
    void applySettings();
    void takeSystemLook();

    SystemAppearance m_system;
    bool m_themeForced;
    QString m_themeSetting;
};

}  // namespace runglass::ui
