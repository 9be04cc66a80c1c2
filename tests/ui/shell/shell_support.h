// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QApplication>
#include <QSettings>
#include <QTemporaryDir>
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "runglass/base/clock.h"
#include "runglass/store/run_writer.h"
#include "runglass/ui/session/app_settings.h"
#include "runglass/ui/shell/main_window.h"
#include "support/test.h"

namespace runglass::test {

inline void makeRuns(const std::filesystem::path& project, const std::vector<std::string>& names,
                     model::RunStatus status = model::RunStatus::Finished) {
    auto database = store::Database::open(project, store::OpenMode::ReadWrite);
    QVERIFY(database.ok());
    store::RunWriter writer(*database);
    for (const std::string& name : names) {
        model::RunDetail detail;
        detail.record.id = RunId::generate();
        detail.record.name = name;
        detail.record.experiment = Symbol("digits");
        detail.record.source = Symbol("runglass");
        detail.record.status = status;
        detail.record.startTimeMs = nowMs();
        QVERIFY(writer.createRun(detail).ok());
    }
}

inline void showWindow(ui::MainWindow* window, QSize size = {1440, 900}) {
    window->resize(size);
    window->show();
    window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(window));
}

/// A window that is shown with a project of these runs open in it.
struct ProjectWindow {
    explicit ProjectWindow(const std::vector<std::string>& names) {
        makeRuns(folder.path(), names);
        test::showWindow(&window);
        QVERIFY(window.openProject(folder.path()).ok());
    }

    TempFolder folder;
    ui::MainWindow window;
};

/// The base of tests of the whole window, with settings of their own.
class ShellTestCase : public TestCase {
protected:
    void setUp() override {
        if (!std::exchange(m_ready, true)) {
            QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_settings.path());
            QApplication::setApplicationVersion(QStringLiteral("0.0.0"));
            ui::Theme::install(*qApp, ui::ThemeChoice::Light);
        }
        ui::AppSettings::instance().setState(QStringLiteral("place"), {});
    }

private:
    QTemporaryDir m_settings;
    bool m_ready = false;
};

}  // namespace runglass::test
