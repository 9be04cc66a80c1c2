// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusConnection>
#include <QDBusVariant>
#include <QObject>
#include <QVariantMap>

#include "runglass/ui/theme/theme.h"

class QDBusPendingCallWatcher;

namespace runglass::ui {

/// Follows what the desktop asks its programs to look like: the settings portal of freedesktop.org
/// (org.freedesktop.portal.Settings, namespace `org.freedesktop.appearance`: `color-scheme`, `contrast`), and
/// GNOME's `high-contrast`, which is older. Qt 6.4 knows neither. Nothing waits: the first answer comes some
/// time after start(), and none where there is no portal. GUI thread only.
class SystemAppearance final : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// The bus of the person's session, or no bus: asking for one where none runs may start one.
    [[nodiscard]] static QDBusConnection sessionBus();
    void start(const QDBusConnection& bus);
    [[nodiscard]] const SystemLook& look() const { return m_look; }

Q_SIGNALS:
    void changed();

private Q_SLOTS:
    void takeSetting(const QString& space, const QString& key, const QDBusVariant& value);

private:
    void takeAll(QDBusPendingCallWatcher* watcher);
    void take(const QString& space, const QString& key, const QVariant& value);
    void settle();

    QVariantMap m_settings;  ///< by `namespace key`
    SystemLook m_look;
};

}  // namespace runglass::ui
