// SPDX-License-Identifier: GPL-3.0-or-later
// What the window says of a run database that is damaged, newer, or cannot be written.
#include <QApplication>
#include <QFileDialog>
#include <QPushButton>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "project_banner.h"
#include "runglass/base/file.h"
#include "runglass/store/layout.h"
#include "shell_support.h"
#include "support/unprivileged.h"

using namespace runglass;
using namespace runglass::ui;

class ProjectBannerTest : public test::ShellTestCase {
    Q_OBJECT
private Q_SLOTS:
    void aDamagedDatabaseIsSaidAndCopied() {
        const test::TempFolder folder;
        std::vector<std::string> names;
        for (int i = 0; i < 400; ++i) {
            names.push_back("run " + std::to_string(i) + std::string(200, 'x'));
        }
        test::makeRuns(folder.path(), names);
        const auto file = store::Layout(folder.path()).database();
        // Every third page of those that hold nothing but runs.
        const auto pages = test::runProcess(
            {"sqlite3", file.native(),
             "SELECT (pageno - 1) * page_size FROM dbstat, pragma_page_size WHERE name = 'run' AND "
             "pagetype = 'leaf'"});
        QVERIFY2(!pages.out.empty(), pages.err.c_str());
        std::istringstream offsets(pages.out);
        std::fstream out(file, std::ios::binary | std::ios::in | std::ios::out);
        std::streamoff offset = 0;
        for (int i = 0; offsets >> offset; ++i) {
            if (i % 3 == 0) {
                out.seekp(offset);
                out << std::string(512, '\x5A');
            }
        }
        out.close();
        const auto before = sha256OfFile(file).value();
        MainWindow window;
        test::showWindow(&window);
        QVERIFY(window.openProject(folder.path()).ok());
        auto* banner = window.findChild<ProjectBanner*>();
        QTRY_VERIFY(banner->isVisible());
        QVERIFY2(banner->text().contains(QStringLiteral("damaged")), qPrintable(banner->text()));
        QTRY_VERIFY2(window.session()->damagedRuns() > 0, qPrintable(banner->text()));
        const auto readable = window.session()->runs()->runs.size();
        QVERIFY(readable > 0 && readable < names.size());

        const test::TempFolder target;
        banner->findChild<QPushButton*>()->click();
        auto* dialog = window.findChild<QFileDialog*>();
        QVERIFY(dialog != nullptr);
        Q_EMIT dialog->fileSelected(QString::fromStdString(target.path().string()));
        dialog->reject();
        QTRY_VERIFY2(banner->text().startsWith(QStringLiteral("A copy")), qPrintable(banner->text()));
        QVERIFY2(banner->text().contains(QStringLiteral("Not in it")), qPrintable(banner->text()));
        QCOMPARE(sha256OfFile(file).value(), before);

        banner->findChild<QPushButton*>()->click();
        QTRY_VERIFY(window.session()->project() != folder.path() && window.session()->loaded());
        QVERIFY(!window.session()->damaged());
        QCOMPARE(window.session()->runs()->runs.size(), readable);
        QVERIFY(!banner->isVisible());
    }

    void aNewerDatabaseIsSaid() {
        const test::TempFolder folder;
        test::makeRuns(folder.path(), {"one"});
        std::fstream out(store::Layout(folder.path()).database(),
                         std::ios::binary | std::ios::in | std::ios::out);
        out.seekp(60);  // user_version in the header of an SQLite file, big-endian
        out.write("\0\0\x03\xE7", 4);
        out.close();
        MainWindow window;
        test::showWindow(&window);
        QVERIFY(window.openProject(folder.path()).ok());
        auto* banner = window.findChild<ProjectBanner*>();
        QTRY_VERIFY(banner->isVisible());
        QVERIFY2(banner->text().contains(QStringLiteral("newer Runglass")), qPrintable(banner->text()));
        QVERIFY(banner->text().contains(QStringLiteral("999")));
        QVERIFY(!banner->findChild<QPushButton*>()->isVisible());
    }

    /// The runs are there to look at, and nothing offers to change them.
    void aReadOnlyFolderIsSaid() {
        namespace fs = std::filesystem;
        const test::TempFolder folder;
        test::makeRuns(folder.path(), {"one", "two"});
        const auto readable = fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read;
        const auto enterable =
            readable | fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
        for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
            fs::permissions(entry, entry.is_directory() ? enterable : readable);
        }
        fs::permissions(folder.path(), enterable);
        const auto root = store::Layout(folder.path()).root();
        {
            const test::Unprivileged nobody;
            if (const char* why = nobody.whyNot(root)) {
                QSKIP(why);
            }
            MainWindow window;
            test::showWindow(&window);
            QVERIFY(window.openProject(folder.path()).ok());
            QTRY_VERIFY(window.session()->loaded());
            QTRY_COMPARE(window.session()->runs()->runs.size(), std::size_t{2});
            QVERIFY(!window.session()->writable());
            auto* banner = window.findChild<ProjectBanner*>();
            QTRY_VERIFY(banner->isVisible());
            QVERIFY2(banner->text().contains(QStringLiteral("read-only")), qPrintable(banner->text()));
            QVERIFY(window.goTo(QStringLiteral("launch")));
            QTRY_VERIFY(!window.findChild<QPushButton*>(QStringLiteral("launch"))->isEnabled());
        }
        fs::permissions(root, fs::perms::owner_all);
    }
};

QTEST_MAIN(ProjectBannerTest)
#include "tst_project_banner.moc"
