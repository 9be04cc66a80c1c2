// SPDX-License-Identifier: GPL-3.0-or-later
// Images, texts and distributions side by side, from artifacts of runs.
#include <QComboBox>
#include <QSlider>
#include <numeric>

#include "curves_window.h"
#include "media_window.h"
#include "runglass/ui/theme/theme.h"
#include "support/own_settings.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

class MediaWindowTest final : public test::TestCase {
    Q_OBJECT

    using Window = test::CurvesWindow;
    const test::OwnSettings m_settings;
    test::TempFolder m_files;

    void addArtifact(Window* window, const RunId& run, const std::string& name, const QByteArray& content) {
        const auto file = m_files.write("artifact", content.toStdString());
        const auto added = window->project.writer().addArtifact(run, file, name);
        QVERIFY(added.ok());
    }
    static QByteArray png(const QColor& color) {
        QImage image(8, 8, QImage::Format_RGB32);
        image.fill(color);
        QByteArray bytes;
        QBuffer buffer(&bytes);
        buffer.open(QIODevice::WriteOnly);
        image.save(&buffer, "PNG");
        return bytes;
    }
    static MediaWindow* openMedia(Window* window) {
        window->open();
        if (!QTest::qWaitFor([&] { return window->plot("val/acc") != nullptr; })) {
            return nullptr;
        }
        window->plot("val/acc")->setFocus();
        QTest::keyClick(window->plot("val/acc"), Qt::Key_I);
        return window->pane.window()->findChild<MediaWindow*>();
    }
    static void choose(MediaWindow* media, const QString& tag) {
        auto* tags = media->findChild<QComboBox*>(QStringLiteral("mediaTags"));
        QTRY_VERIFY(tags->findText(tag) >= 0);
        tags->setCurrentIndex(tags->findText(tag));
    }

private Q_SLOTS:
    void initTestCase() { Theme::install(*qApp, ThemeChoice::Light); }

    void densitySpreadsBucketsEvenly() {
        const auto even = densities({{0, 2, 6}, {2, 4, 2}}, 0, 4, 4);
        QCOMPARE(even, (std::vector<double>{0.375, 0.375, 0.125, 0.125}));
        const auto point = densities({{1, 1, 5}}, 0, 4, 4);
        QCOMPARE(point, (std::vector<double>{0, 1, 0, 0}));
        QCOMPARE(densities({}, 0, 1, 2), (std::vector<double>{0, 0}));
        const auto beyond =
            densities({{-1e308, 1, 0}, {0, 1, 1}}, 0, 1, 2);  // TensorBoard's outermost bucket
        QCOMPARE(std::accumulate(beyond.begin(), beyond.end(), 0.0), 1.0);
    }

    void imagesFollowTheSlider() {
        Window window;
        const auto a = window.project.add({"a"});
        const auto b = window.project.add({"b"});
        addArtifact(&window, a, "images/grid/10.png", png(Qt::red));
        addArtifact(&window, a, "images/grid/20.png", png(Qt::green));
        addArtifact(&window, b, "images/grid/20.png", png(Qt::blue));
        addArtifact(&window, b, "images/broken/1.png", "no image");
        addArtifact(&window, a, "text/note/3.md", "**bold** <b>x</b>");
        auto* media = openMedia(&window);
        QVERIFY(media);
        choose(media, QStringLiteral("image: grid"));
        const auto tiles = [media] { return media->findChildren<MediaTile*>(); };
        QTRY_COMPARE(tiles().size(), 2);
        const auto color = [&](int tile) { return QColor(tiles()[tile]->image().pixel(4, 4)); };
        QTRY_VERIFY(!tiles()[0]->image().isNull() && !tiles()[1]->image().isNull());
        QCOMPARE(color(0), QColor(Qt::green));
        QCOMPARE(color(1), QColor(Qt::blue));
        auto* slider = media->findChild<QSlider*>(QStringLiteral("mediaStep"));
        slider->setFocus();
        QTest::keyClick(slider, Qt::Key_Left);
        QTRY_COMPARE(color(0), QColor(Qt::red));
        QTRY_VERIFY(tiles()[1]->image().isNull());  // it had none by then
        choose(media, QStringLiteral("image: broken"));
        QTRY_COMPARE(tiles().size(), 1);
        QTRY_VERIFY(tiles()[0]->accessibleDescription().contains(QStringLiteral("cannot be decoded")));
        choose(media, QStringLiteral("text: note"));
        QTRY_COMPARE(tiles().size(), 1);
        QTRY_COMPARE(tiles()[0]->text(), QStringLiteral("**bold** <b>x</b>"));  // as it is
        media->close();
    }

    void histogramsOfSeveralRunsHaveOneRange() {
        Window window;
        const auto a = window.project.add({"a"});
        const auto b = window.project.add({"b"});
        addArtifact(&window, a, "histograms/w/1.csv", "left,right,count\n-4,1,7\n");
        addArtifact(&window, b, "histograms/w/1.csv", "left,right,count\n-1,0,1\n0,9,3\n9,99,0\n");
        auto* media = openMedia(&window);
        QVERIFY(media);
        const auto views = [&] { return media->findChildren<HistogramView*>(); };
        QTRY_COMPARE(views().size(), 2);
        const HistogramView::Range all{-4, 9};
        QTRY_VERIFY(views()[0]->range() == all && views()[1]->range() == all);
        media->close();
    }

    void histogramsOverSteps() {
        Window window;
        const auto run = window.project.add({"a"});
        for (int step = 0; step < 30; ++step) {
            QByteArray csv("left,right,count\n");
            for (int i = -10; i < 10; ++i) {
                const double x = (i - step * 0.2) / 4;
                csv += QByteArray::number(i) + "," + QByteArray::number(i + 1) + "," +
                       QByteArray::number(1000 * std::exp(-x * x)) + "\n";
            }
            addArtifact(&window, run, "histograms/layer/w/" + std::to_string(step * 100) + ".csv", csv);
        }
        auto* media = openMedia(&window);
        QVERIFY(media);
        QTRY_VERIFY(media->findChild<HistogramView*>());
        auto* view = media->findChild<HistogramView*>();
        QVERIFY(
            view->accessibleDescription().startsWith(QStringLiteral("Histograms of 30 steps, values −10")));
        for (const auto form : {HistogramView::Form::Ridge, HistogramView::Form::HeatMap}) {
            view->setForm(form);
            const auto picture = media->grab().toImage();
            QVERIFY(!picture.isNull());
            if (const auto folder = qEnvironmentVariable("RUNGLASS_SCREENSHOTS"); !folder.isEmpty()) {
                picture.save(folder + (form == HistogramView::Form::Ridge ? QStringLiteral("/ridges.png")
                                                                          : QStringLiteral("/heat-map.png")));
            }
        }
        media->close();
    }
};

QTEST_MAIN(MediaWindowTest)
#include "tst_media.moc"
