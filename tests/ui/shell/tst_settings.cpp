// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QCheckBox>
#include <QFile>
#include <QListWidget>
#include <QSettings>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTextBrowser>

#include "help_dialog.h"
#include "runglass/ui/session/app_settings.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/segmented_control.h"
#include "settings_dialog.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

class SettingsTest : public test::TestCase {
    Q_OBJECT
private:
    QTemporaryDir m_folder;

    /// What is in the file, read by another road.
    QString stored(const QString& key) {
        QSettings file(m_folder.filePath(QStringLiteral("Runglass/Runglass.ini")), QSettings::IniFormat);
        return file.value(key).toString();
    }

private Q_SLOTS:
    void initTestCase() {
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        Theme::install(*qApp, ThemeChoice::Light);
    }

    void defaultsAreThoseOfTheDesign() {
        const AppSettings& settings = AppSettings::instance();
        QCOMPARE(settings.theme(), QStringLiteral("system"));
        QCOMPARE(settings.contrast(), QStringLiteral("system"));
        QCOMPARE(settings.density(), QStringLiteral("normal"));
        QVERIFY(settings.singleLetterShortcuts());
        QCOMPARE(settings.maxUntrackedBytes(), 10LL << 20);
        QCOMPARE(settings.graceMs(), 20'000LL);
        QVERIFY(!settings.menuBarRow());
    }

    void changesInTheDialogAreKept() {
        SettingsDialog dialog;
        dialog.show();
        auto* theme = dialog.findChild<SegmentedControl*>(QStringLiteral("settings.theme"));
        theme->setFocus();
        QTest::keyClick(theme, Qt::Key_Right);
        QTest::keyClick(theme, Qt::Key_Right);
        auto* contrast = dialog.findChild<SegmentedControl*>(QStringLiteral("settings.contrast"));
        QTest::mouseClick(contrast, Qt::LeftButton, {}, QPoint(contrast->width() - 10, 12));
        auto* density = dialog.findChild<SegmentedControl*>(QStringLiteral("settings.density"));
        QTest::mouseClick(density, Qt::LeftButton, {}, QPoint(density->width() - 10, 12));
        QTest::mouseClick(dialog.findChild<QCheckBox*>(QStringLiteral("settings.singleLetters")),
                          Qt::LeftButton, {}, QPoint(8, 8));
        auto* limit = dialog.findChild<QSpinBox*>(QStringLiteral("settings.maxUntracked"));
        limit->selectAll();
        QTest::keyClicks(limit, QStringLiteral("25"));
        dialog.findChild<QSpinBox*>(QStringLiteral("settings.grace"))->setValue(5);
        const AppSettings& settings = AppSettings::instance();
        QCOMPARE(settings.theme(), QStringLiteral("dark"));
        QCOMPARE(settings.contrast(), QStringLiteral("high"));
        QCOMPARE(settings.density(), QStringLiteral("comfortable"));
        QVERIFY(!settings.singleLetterShortcuts());
        QCOMPARE(settings.maxUntrackedBytes(), 25LL << 20);
        QCOMPARE(settings.graceMs(), 5000LL);
        QTRY_COMPARE(stored(QStringLiteral("theme")), QStringLiteral("dark"));
        QTRY_COMPARE(stored(QStringLiteral("maxUntrackedBytes")), QStringLiteral("26214400"));
    }

    void recentProjectsAreNewestFirstAndOnce() {
        AppSettings& settings = AppSettings::instance();
        for (int i = 0; i < 20; ++i) {
            settings.addRecentProject(QStringLiteral("/p/%1").arg(i));
        }
        settings.addRecentProject(QStringLiteral("/p/15"));
        QCOMPARE(settings.recentProjects().size(), 12);
        QCOMPARE(settings.recentProjects().first(), QStringLiteral("/p/15"));
        QCOMPARE(settings.recentProjects().count(QStringLiteral("/p/15")), 1);
        settings.removeRecentProject(QStringLiteral("/p/15"));
        QCOMPARE(settings.recentProjects().first(), QStringLiteral("/p/19"));
    }

    void everyHelpPageIsThereAndItsLinksLeadSomewhere() {
        HelpDialog help;
        help.showPage(QStringLiteral("history"));
        auto* pages = help.findChild<QListWidget*>();
        auto* text = help.findChild<QTextBrowser*>();
        QVERIFY(text->toPlainText().startsWith(QStringLiteral("History")));
        QVERIFY(pages->count() >= 8);
        const QRegularExpression link(QStringLiteral("\\]\\(([^)]+)\\)"));
        for (int i = 0; i < pages->count(); ++i) {
            pages->setCurrentRow(i);
            QVERIFY2(text->toPlainText().size() > 100, qPrintable(pages->item(i)->text()));
            QFile file(
                QStringLiteral(":/runglass/help/%1.md").arg(pages->item(i)->data(Qt::UserRole).toString()));
            QVERIFY(file.open(QIODevice::ReadOnly));
            auto matches = link.globalMatch(QString::fromUtf8(file.readAll()));
            while (matches.hasNext()) {
                QVERIFY(QFile::exists(QStringLiteral(":/runglass/help/") + matches.next().captured(1)));
            }
        }
        help.showPage(QStringLiteral("unknown"));
        QCOMPARE(pages->currentRow(), 0);
    }
};

QTEST_MAIN(SettingsTest)
#include "tst_settings.moc"
