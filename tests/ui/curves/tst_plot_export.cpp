// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QImage>

#include "runglass/ui/curves/plot_export.h"
#include "runglass/ui/theme/theme.h"
#include "sample_project.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

QByteArray bytesOf(const std::filesystem::path& file) {
    QFile in(QString::fromStdString(file.string()));
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
}

}  // namespace

class PlotExportTest final : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { Theme::install(*qApp, ThemeChoice::Light); }

    void writesTheSameBytesEachTime() {
        test::SampleProject project;
        project.add({"one & <two>"});
        project.add({"three"});
        const test::TempFolder out;
        for (const char* ending : {"svg", "png", "pdf"}) {
            PlotRequest request;
            request.project = project.path();
            request.metric = "val/loss";
            request.settings.logY = true;
            QByteArray first;
            for (const char* name : {"a.", "b."}) {
                request.output = out / (std::string(name) + ending);
                VERIFY_OK(writePlot(request));
                const auto bytes = bytesOf(request.output);
                QVERIFY(bytes.size() > 1000);
                QVERIFY2(first.isEmpty() || first == bytes, ending);
                first = bytes;
            }
        }
        const auto svg = bytesOf(out / "a.svg");
        QVERIFY(svg.contains("one &amp; &lt;two&gt;"));
        QVERIFY(svg.contains("Inter"));
        const QImage png(QString::fromStdString((out / "a.png").string()));
        QCOMPARE(png.size(), QSize(800, 450));
        if (const auto folder = qEnvironmentVariable("RUNGLASS_SCREENSHOTS"); !folder.isEmpty()) {
            png.save(folder + QStringLiteral("/plot.png"));
        }
        QVERIFY(bytesOf(out / "a.pdf").startsWith("%PDF"));
    }

    void saysWhatIsWrong() {
        const test::TempFolder folder;
        const auto problem = [&](std::string_view json) {
            const auto request = parsePlotRequest(folder.write("request.json", json));
            return request ? QString() : QString::fromStdString(request.error().message);
        };
        QVERIFY(problem("{").contains(QStringLiteral("not JSON")));
        QVERIFY(problem("{}").contains(QStringLiteral("project, metric and output")));
        const std::string good = R"("project":"/p","metric":"loss","output":"o.svg")";
        QVERIFY(
            problem("{" + good + R"(,"runs":["xyz"]})").contains(QStringLiteral("`xyz` is not a run id")));
        QVERIFY(problem("{" + good + R"(,"x":"epoch"})").contains(QStringLiteral("x is")));
        QVERIFY(
            problem("{" + good + R"(,"x":"relative","smoothing":0.5,"log_y":true,"width":-5})").isEmpty());
        QVERIFY(!parsePlotRequest(folder / "missing.json"));

        test::SampleProject project;
        project.add({"one"});
        PlotRequest request;
        request.project = project.path();
        request.metric = "no/such";
        request.output = folder / "x.svg";
        QCOMPARE(writePlot(request).error().code, ErrorCode::NotFound);
        request.metric = "val/loss";
        request.output = folder / "x.gif";
        QCOMPARE(writePlot(request).error().code, ErrorCode::Invalid);
        request.output = folder / "no/such/folder/x.svg";
        QCOMPARE(writePlot(request).error().code, ErrorCode::Io);
    }
};

QTEST_MAIN(PlotExportTest)
#include "tst_plot_export.moc"
