// SPDX-License-Identifier: GPL-3.0-or-later
// `runglass plot` and `runglass open --screenshot`, as processes, against what the desktop's code draws here.
#include <QApplication>
#include <QFile>
#include <QImage>
#include <QSettings>
#include <QTemporaryDir>
#include <algorithm>
#include <cmath>

#include "runglass/ui/curves/plot_export.h"
#include "runglass/ui/session/app_settings.h"
#include "runglass/ui/shell/main_window.h"
#include "support/scratch_project.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

QByteArray bytesOf(const std::filesystem::path& file) {
    QFile in(QString::fromStdString(file.string()));
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
}

/// The share of pixels that are the same.
double likeness(const QImage& a, const QImage& b) {
    qint64 same = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) {
            same += a.pixel(x, y) == b.pixel(x, y) ? 1 : 0;
        }
    }
    return static_cast<double>(same) / (static_cast<double>(a.width()) * a.height());
}

}  // namespace

class PicturesTest : public test::TestCase {
    Q_OBJECT
private:
    QTemporaryDir m_settings;
    test::ScratchProject m_project;
    std::vector<RunId> m_runs;

    [[nodiscard]] test::ProcessResult call(std::vector<std::string> words) const {
        // Settings of its own, and none that a person has.
        words.insert(words.begin(), {"env", "XDG_CONFIG_HOME=" + m_settings.path().toStdString() + "/other",
                                     test::runglassProgram().native()});
        return test::runProcess(words, m_project.path());
    }

private Q_SLOTS:
    void initTestCase() {
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_settings.path());
        Theme::install(*qApp, ThemeChoice::Light);
        const auto commit = m_project.commit("train.py", "print(1)\n", "First script");
        m_runs =
            m_project.addRuns({{"steep", commit, {{"val/acc", 0.9}}}, {"flat", commit, {{"val/acc", 0.5}}}});
        auto database = store::Database::open(m_project.path(), store::OpenMode::ReadWrite);
        QVERIFY(database.ok());
        store::RunWriter writer(*database);
        for (std::size_t run = 0; run < m_runs.size(); ++run) {
            std::vector<store::MetricPoint> points;
            for (int step = 1; step < 200; ++step) {
                points.push_back({"val/loss",
                                  {step, 1'763'400'000'000 + 1000 * step,
                                   std::exp(-0.01 * step * static_cast<double>(run + 1))}});
            }
            VERIFY_OK(writer.appendPoints(m_runs[run], points));
        }
    }

    void plotsAreTheDesktopsOwn_data() {
        QTest::addColumn<QString>("ending");
        for (const char* ending : {"svg", "png"}) {
            QTest::addRow("%s", ending) << QString::fromLatin1(ending);
        }
    }
    void plotsAreTheDesktopsOwn() {
        QFETCH(QString, ending);
        const test::TempFolder out;
        const auto file = out / ("cli." + ending.toStdString());
        const auto result =
            call({"plot", "--metric", "val/loss", "--smooth", "0.6", "--log-y", "--width", "640", "--height",
                  "400", "--runs", m_runs[0].hex() + "," + m_runs[1].hex(), "-o", file.native()});
        QVERIFY2(result.exitCode == 0, result.err.c_str());
        PlotRequest request;
        request.project = m_project.path();
        request.metrics = {"val/loss"};
        request.runs = m_runs;
        request.settings.smoothing = 0.6;
        request.settings.logY = true;
        request.width = 640;
        request.height = 400;
        request.output = out / ("here." + ending.toStdString());
        VERIFY_OK(writePlot(request));
        const auto drawn = bytesOf(file);
        QVERIFY(drawn.size() > 1000);
        QVERIFY(drawn == bytesOf(request.output));
        // A third request draws something else: the comparison can fail.
        request.settings.smoothing = 0;
        VERIFY_OK(writePlot(request));
        QVERIFY(drawn != bytesOf(request.output));
    }

    /// Of a PDF the bytes may differ in how its fonts are cut down.
    void pdfIsDrawnToo() {
        const test::TempFolder out;
        const auto file = out / "cli.pdf";
        const auto result = call({"plot", "--metric", "val/loss", "-o", file.native()});
        QVERIFY2(result.exitCode == 0, result.err.c_str());
        const auto drawn = bytesOf(file);
        QVERIFY(drawn.startsWith("%PDF-") && drawn.trimmed().endsWith("%%EOF"));
        QVERIFY(drawn.contains("FontDescriptor"));  // text stays text
    }

    void screenshotsShowTheWindow_data() {
        QTest::addColumn<QString>("place");
        for (const char* place : {"runs", "curves", "compare", "history", "launch"}) {
            QTest::addRow("%s", place) << QString::fromLatin1(place);
        }
    }
    void screenshotsShowTheWindow() {
        QFETCH(QString, place);
        const test::TempFolder out;
        const auto file = out / "window.png";
        const auto result = call(
            {"open", "--view", place.toStdString(), "--size", "1280x720", "--screenshot", file.native()});
        QVERIFY2(result.exitCode == 0, result.err.c_str());
        const QImage shot(QString::fromStdString(file.native()));
        QCOMPARE(shot.size(), QSize(1280, 720));
        // Each view is mostly background, so being alike says little: no other may be more alike.
        MainWindow window;
        window.resize(1280, 720);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QVERIFY(window.openProject(m_project.path()).ok());
        QTRY_VERIFY(window.session()->loaded());
        QTRY_COMPARE(window.session()->shown().size(), std::size_t{2});
        std::vector<std::pair<double, QString>> likes;
        for (const char* other : {"runs", "curves", "compare", "history", "launch"}) {
            QVERIFY(window.goTo(QLatin1String(other)));
            if (QLatin1String(other) == QLatin1String("compare")) {
                window.session()->select(window.session()->shown());
            }
            QTest::qWait(300);
            QTRY_VERIFY(window.currentView()->isSettled());
            const auto here = window.grab().toImage().convertToFormat(shot.format());
            likes.emplace_back(likeness(shot, here), QLatin1String(other));
        }
        const auto best = *std::max_element(likes.begin(), likes.end());
        QCOMPARE(best.second, place);
        QVERIFY2(best.first > 0.95, qPrintable(QString::number(best.first)));
    }
};

QTEST_MAIN(PicturesTest)
#include "tst_pictures.moc"
