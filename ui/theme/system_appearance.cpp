// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/theme/system_appearance.h"

#include <QDBusArgument>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QFileInfo>

namespace runglass::ui {
namespace {

const auto kService = QStringLiteral("org.freedesktop.portal.Desktop");
const auto kPath = QStringLiteral("/org/freedesktop/portal/desktop");
const auto kInterface = QStringLiteral("org.freedesktop.portal.Settings");
const auto kAppearance = QStringLiteral("org.freedesktop.appearance");
const auto kGnome = QStringLiteral("org.gnome.desktop.a11y.interface");
const auto kColorScheme = QStringLiteral("color-scheme");
const auto kContrast = QStringLiteral("contrast");
const auto kHighContrast = QStringLiteral("high-contrast");

// Values of the portal's documentation; 0 is "no preference".
constexpr uint kPrefersDark = 1;
constexpr uint kPrefersLight = 2;
constexpr uint kHigher = 1;

using Settings = QMap<QString, QVariantMap>;

QString nameOf(const QString& space, const QString& key) {
    return space + QLatin1Char(' ') + key;
}

}  // namespace

QDBusConnection SystemAppearance::sessionBus() {
    const auto runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    const bool there = !qEnvironmentVariableIsEmpty("DBUS_SESSION_BUS_ADDRESS") ||
                       (!runtime.isEmpty() && QFileInfo::exists(runtime + QStringLiteral("/bus")));
    return there ? QDBusConnection::sessionBus() : QDBusConnection(QString());
}

void SystemAppearance::start(const QDBusConnection& bus) {
    if (!bus.isConnected()) {
        return;
    }
    qRegisterMetaType<QDBusVariant>();  // or connect() fails: Qt 6.4 does not know the slot's type by itself
    auto connection = bus;
    connection.connect(kService, kPath, kInterface, QStringLiteral("SettingChanged"), this,
                       SLOT(takeSetting(QString, QString, QDBusVariant)));
    auto call = QDBusMessage::createMethodCall(kService, kPath, kInterface, QStringLiteral("ReadAll"));
    call << QStringList{kAppearance, kGnome};
    auto* watcher = new QDBusPendingCallWatcher(connection.asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, &SystemAppearance::takeAll);
}

void SystemAppearance::takeAll(QDBusPendingCallWatcher* watcher) {
    watcher->deleteLater();
    const QDBusPendingReply<> reply = *watcher;
    const auto arguments = reply.reply().arguments();
    if (reply.isError() || arguments.isEmpty()) {
        return;  // no portal: nothing is asked of us
    }
    const auto all = qdbus_cast<Settings>(arguments.first());
    for (auto space = all.cbegin(); space != all.cend(); ++space) {
        for (auto setting = space->cbegin(); setting != space->cend(); ++setting) {
            take(space.key(), setting.key(), setting.value());
        }
    }
    settle();
}

void SystemAppearance::takeSetting(const QString& space, const QString& key, const QDBusVariant& value) {
    take(space, key, value.variant());
    settle();
}

void SystemAppearance::take(const QString& space, const QString& key, const QVariant& value) {
    if ((space == kAppearance && (key == kColorScheme || key == kContrast)) ||
        (space == kGnome && key == kHighContrast)) {
        m_settings.insert(nameOf(space, key), value);
    }
}

void SystemAppearance::settle() {
    const auto scheme = m_settings.value(nameOf(kAppearance, kColorScheme)).toUInt();
    SystemLook look;
    if (scheme == kPrefersDark || scheme == kPrefersLight) {
        look.dark = scheme == kPrefersDark;
    }
    look.highContrast = m_settings.value(nameOf(kAppearance, kContrast)).toUInt() == kHigher ||
                        m_settings.value(nameOf(kGnome, kHighContrast)).toBool();
    if (look != m_look) {
        m_look = look;
        Q_EMIT changed();
    }
}

}  // namespace runglass::ui
