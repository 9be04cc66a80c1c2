// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDBusArgument>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QProcess>
#include <QSignalSpy>
#include <QStandardPaths>

#include "runglass/ui/theme/system_appearance.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

using Settings = QMap<QString, QVariantMap>;

const auto kAppearance = QStringLiteral("org.freedesktop.appearance");
const auto kGnome = QStringLiteral("org.gnome.desktop.a11y.interface");

/// A portal of the interface's documentation, with what a test puts into it.
class Portal final : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.portal.Settings")
public:
    Settings settings;

public Q_SLOTS:
    // The name is the interface's.
    Q_SCRIPTABLE QMap<QString, QVariantMap> ReadAll(const QStringList& spaces) {  // NOLINT
        Settings asked;
        for (const auto& space : spaces) {
            if (settings.contains(space)) {
                asked.insert(space, settings.value(space));
            }
        }
        return asked;
    }
};

}  // namespace

class SystemAppearanceTest : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    /// A bus of our own: the one of the session is the person's.
    void initTestCase() {
        qDBusRegisterMetaType<Settings>();
        const auto daemon = QStandardPaths::findExecutable(QStringLiteral("dbus-daemon"));
        QVERIFY2(!daemon.isEmpty(), "dbus-daemon is missing: packaging/setup --test installs it");
        m_daemon.start(daemon, {QStringLiteral("--session"), QStringLiteral("--nofork"),
                                QStringLiteral("--print-address")});
        QVERIFY(m_daemon.waitForReadyRead(30'000));
        m_address = QString::fromLocal8Bit(m_daemon.readLine()).trimmed();
        auto served = QDBusConnection::connectToBus(m_address, QStringLiteral("portal"));
        QVERIFY(served.isConnected());
        QVERIFY(served.registerObject(QStringLiteral("/org/freedesktop/portal/desktop"), &m_portal,
                                      QDBusConnection::ExportScriptableContents));
        QVERIFY(served.registerService(QStringLiteral("org.freedesktop.portal.Desktop")));
    }

    void cleanupTestCase() {
        QDBusConnection::disconnectFromBus(QStringLiteral("portal"));
        QDBusConnection::disconnectFromBus(QStringLiteral("client"));
        m_daemon.terminate();
        QVERIFY(m_daemon.waitForFinished());
    }

    void firstAnswerAndLaterChanges() {
        m_portal.settings = {{kAppearance, {{QStringLiteral("color-scheme"), 1U}}}};
        SystemAppearance appearance;
        QSignalSpy changed(&appearance, &SystemAppearance::changed);
        appearance.start(client());
        QTRY_COMPARE(changed.count(), 1);
        QCOMPARE(appearance.look().dark, std::optional(true));
        QVERIFY(!appearance.look().highContrast);

        tell(kAppearance, QStringLiteral("color-scheme"), QDBusVariant(2U));
        QTRY_COMPARE(changed.count(), 2);
        QCOMPARE(appearance.look().dark, std::optional(false));

        tell(kAppearance, QStringLiteral("accent-color"), QDBusVariant(1U));
        tell(kAppearance, QStringLiteral("contrast"), QDBusVariant(1U));
        QTRY_COMPARE(changed.count(), 3);
        QVERIFY(appearance.look().highContrast);

        tell(kAppearance, QStringLiteral("color-scheme"), QDBusVariant(0U));
        QTRY_COMPARE(changed.count(), 4);
        QCOMPARE(appearance.look().dark, std::nullopt);
    }

    void olderGnomeHasAKeyOfItsOwn() {
        m_portal.settings = {{kAppearance, {{QStringLiteral("color-scheme"), 0U}}},
                             {kGnome, {{QStringLiteral("high-contrast"), true}}}};
        SystemAppearance appearance;
        QSignalSpy changed(&appearance, &SystemAppearance::changed);
        appearance.start(client());
        QTRY_COMPARE(changed.count(), 1);
        QVERIFY(appearance.look().highContrast);
        QCOMPARE(appearance.look().dark, std::nullopt);
    }

    void valuesOfAnotherTypeAskForNothing() {
        m_portal.settings = {{kAppearance,
                              {{QStringLiteral("color-scheme"), QStringLiteral("mauve")},
                               {QStringLiteral("contrast"), QStringList{QStringLiteral("x")}}}},
                             {kGnome, {{QStringLiteral("high-contrast"), true}}}};
        SystemAppearance appearance;
        QSignalSpy changed(&appearance, &SystemAppearance::changed);
        appearance.start(client());
        QTRY_COMPARE(changed.count(), 1);  // the last one
        QCOMPARE(appearance.look().dark, std::nullopt);
    }

    void withoutABusNothingHappens() {
        SystemAppearance appearance;
        appearance.start(QDBusConnection(QString()));
        QCOMPARE(appearance.look(), SystemLook());
    }

private:
    void tell(const QString& space, const QString& key, const QDBusVariant& value) {
        auto signal = QDBusMessage::createSignal(QStringLiteral("/org/freedesktop/portal/desktop"),
                                                 QStringLiteral("org.freedesktop.portal.Settings"),
                                                 QStringLiteral("SettingChanged"));
        signal << space << key << QVariant::fromValue(value);
        QVERIFY(QDBusConnection(QStringLiteral("portal")).send(signal));
    }

    QDBusConnection client() const {
        return QDBusConnection::connectToBus(m_address, QStringLiteral("client"));
    }

    QProcess m_daemon;
    QString m_address;
    Portal m_portal;
};

QTEST_MAIN(SystemAppearanceTest)
#include "tst_system_appearance.moc"
