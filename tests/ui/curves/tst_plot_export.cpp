// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QImage>
#include <QPainter>
#include <QSvgRenderer>

#include "chart_image.h"
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

/// Its output is still to be named.
PlotRequest requestOf(const test::SampleProject& project, const std::string& metric) {
    PlotRequest request;
    request.project = project.path();
    request.metrics = {metric};
    return request;
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
            auto request = requestOf(project, "val/loss");
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

    /// The right-most and the lowest pixel of the plot's grid and curves in a picture of any origin.
    static QPoint cornerOf(const QImage& image) {
        QPoint corner;
        const QRgb ground = image.pixel(2, image.height() / 2);
        for (int y = 40; y < image.height() - 40; ++y) {
            for (int x = 60; x < image.width(); ++x) {
                if (image.pixel(x, y) != ground) {
                    corner = {std::max(corner.x(), x), std::max(corner.y(), y)};
                }
            }
        }
        return corner;
    }

    void aVectorFileHasTheSamePlacesAsAPicture() {
        test::SampleProject project;
        project.add({"one"});
        const test::TempFolder out;
        auto request = requestOf(project, "val/loss");
        for (const char* name : {"a.png", "a.svg"}) {
            request.output = out / name;
            VERIFY_OK(writePlot(request));
        }
        const QImage png(QString::fromStdString((out / "a.png").string()));
        QImage drawn(png.size(), QImage::Format_ARGB32_Premultiplied);
        drawn.fill(Qt::white);
        QSvgRenderer renderer(bytesOf(out / "a.svg"));
        QVERIFY(renderer.isValid());
        QCOMPARE(renderer.viewBoxF().size(), QSizeF(png.size()));
        QPainter painter(&drawn);
        renderer.render(&painter, QRectF(QPointF(), QSizeF(png.size())));
        painter.end();
        const auto apart = cornerOf(drawn) - cornerOf(png);
        QVERIFY2(std::abs(apart.x()) <= 2 && std::abs(apart.y()) <= 2,
                 qPrintable(QStringLiteral("%1 %2").arg(apart.x()).arg(apart.y())));
        QVERIFY(cornerOf(png).x() > 700);
    }

    // Those at the very edge, too: a tick of a file says what it stands for.
    void eachTickOfAFileHasItsLabel() {
        model::Series series;
        for (int i = 0; i <= 10; ++i) {
            series.push({i, 0, 0.1 * i});
        }
        ChartSettings settings;
        settings.smoothing = 0;
        DrawnCurve drawn;
        drawn.color = Qt::blue;
        drawn.curve = makeCurve(model::share(std::move(series)), settings, {});
        ChartImage image;
        image.settings = settings;
        image.curves = {drawn};
        image.y = QCPRange(0, 1);
        const auto svg = QString::fromUtf8(chartBytes(image, ChartFormat::Svg));
        for (const char* label : {">0<", ">0.2<", ">0.8<", ">1.0<", ">10<"}) {
            QVERIFY2(svg.contains(QLatin1String(label)), label);
        }
    }

    // A Qt warning fails a test: the end of a live curve is not marked where the axis has no place for it.
    void aLiveCurveMayEndWhereALogAxisHasNoPlace() {
        model::Series series;
        for (int i = 0; i <= 10; ++i) {
            series.push({i, 0, 10.0 - i});
        }
        ChartSettings settings;
        settings.smoothing = 0;
        settings.logY = true;
        DrawnCurve drawn;
        drawn.color = Qt::blue;
        drawn.live = true;
        drawn.curve = makeCurve(model::share(std::move(series)), settings, {});
        ChartImage image;
        image.settings = settings;
        image.curves = {drawn};
        QVERIFY(!chartBytes(image, ChartFormat::Png).isEmpty());
    }

    void drawsExpressionsAndGroups() {
        test::SampleProject project;
        for (const char* seed : {"1", "2", "3"}) {
            project.add({std::string("base s") + seed, "digits-cnn", model::RunStatus::Finished, 0.98, "1e-3",
                         "sgd", seed, 50});
        }
        const test::TempFolder out;
        auto request = requestOf(project, "train/loss - val/loss");
        request.settings.smoothing = 0;
        request.output = out / "gap.csv";
        VERIFY_OK(writePlot(request));
        const auto lines = bytesOf(request.output).split('\n');
        QCOMPARE(lines[0], QByteArray("run,name,x,step,time_ms,value,smoothed"));
        QCOMPARE(lines.size(), qsizetype(3 * 50 + 2));
        request.settings.group.by = {RunKey::Kind::Repeat, {}};
        request.metrics = {"val/acc"};
        VERIFY_OK(writePlot(request));
        const auto groups = bytesOf(request.output).split('\n');
        QCOMPARE(groups[0], QByteArray("group,x,value,smoothed,lower,upper,n"));
        QCOMPARE(groups.size(), qsizetype(50 + 2));
        QVERIFY(groups[1].startsWith("\"base\",0,") && groups[1].endsWith(",3"));
        request.output = out / "group.svg";
        VERIFY_OK(writePlot(request));
        QVERIFY(bytesOf(request.output).contains("base, n 3"));
        request.output = out / "group.png";
        request.scale = 3;
        VERIFY_OK(writePlot(request));
        QCOMPARE(QImage(QString::fromStdString(request.output.string())).size(), QSize(2400, 1350));
        request.metrics = {"val/acc -"};
        QCOMPARE(writePlot(request).error().code, ErrorCode::Invalid);
    }

    // A page is light, whatever the screen shows; dark is for who asks for it.
    void picturesAreLightUnlessAskedFor() {
        test::SampleProject project;
        project.add({"one"});
        const test::TempFolder out;
        auto request = requestOf(project, "val/loss");
        const auto picture = [&](const char* name, bool dark) {
            request.output = out / name;
            request.dark = dark;
            return writePlot(request) ? bytesOf(request.output) : QByteArray();
        };
        const auto light = picture("light.svg", false);
        const auto dark = picture("dark.svg", true);
        Theme::install(*qApp, ThemeChoice::Dark);
        const auto ground = themeColor(Token::ChartBg);
        const auto lightOnDarkScreen = picture("light2.svg", false);
        const auto darkOnDarkScreen = picture("dark2.svg", true);
        QCOMPARE(themeColor(Token::ChartBg), ground);  // the screen stays as it was
        Theme::install(*qApp, ThemeChoice::Light);
        QVERIFY(light.contains("#ffffff") && !dark.contains("#ffffff"));
        QVERIFY(dark.contains(ground.name().toLatin1()));
        QCOMPARE(lightOnDarkScreen, light);
        QCOMPARE(darkOnDarkScreen, dark);
    }

    void whatNoRunHasIsNamed() {
        test::SampleProject project;
        project.add({"one"});
        const test::TempFolder out;
        auto request = requestOf(project, "val/loss");
        request.output = out / "a.svg";
        request.color = {RunKey::Kind::Param, Symbol("nosuch")};
        const auto byParam = writePlot(request);
        QVERIFY(!byParam.ok() && byParam.error().message.find("nosuch") != std::string::npos);
        request.color = {};
        request.settings.x = XAxis::Metric;
        request.settings.xMetric = Symbol("absent");
        const auto overMetric = writePlot(request);
        QVERIFY(!overMetric.ok() && overMetric.error().message.find("absent") != std::string::npos);
        QVERIFY(!std::filesystem::exists(request.output));
    }

    void saysWhatIsWrong() {
        const test::TempFolder folder;
        const auto problem = [&](std::string_view json) {
            const auto request = parsePlotRequest(folder.write("request.json", json));
            return request ? QString() : QString::fromStdString(request.error().message);
        };
        QVERIFY(problem("{").contains(QStringLiteral("not JSON")));
        QVERIFY(problem("{}").contains(QStringLiteral("project, metrics and output")));
        const std::string good = R"("project":"/p","metrics":["loss"],"output":"o.svg")";
        QVERIFY(
            problem("{" + good + R"(,"runs":["xyz"]})").contains(QStringLiteral("`xyz` is not a run id")));
        QVERIFY(problem("{" + good + R"(,"x":"epoch"})").contains(QStringLiteral("`epoch` is no x")));
        QVERIFY(problem("{" + good + R"(,"x":"metric"})").contains(QStringLiteral("x_metric")));
        QVERIFY(problem("{" + good + R"(,"band":"iqr"})").contains(QStringLiteral("`iqr` is no band")));
        QVERIFY(problem("{" + good + R"(,"theme":"blue"})").contains(QStringLiteral("`blue` is no theme")));
        QVERIFY(
            problem("{" + good + R"(,"x":"relative","smoothing":0.5,"log_y":true,"width":-5})").isEmpty());
        QVERIFY(!parsePlotRequest(folder / "missing.json"));

        test::SampleProject project;
        project.add({"one"});
        auto request = requestOf(project, "no/such");
        request.output = folder / "x.svg";
        QCOMPARE(writePlot(request).error().code, ErrorCode::NotFound);
        request.metrics = {"val/loss"};
        request.output = folder / "x.gif";
        QCOMPARE(writePlot(request).error().code, ErrorCode::Invalid);
        request.output = folder / "no/such/folder/x.svg";
        QCOMPARE(writePlot(request).error().code, ErrorCode::Io);
    }
};

QTEST_MAIN(PlotExportTest)
#include "tst_plot_export.moc"
