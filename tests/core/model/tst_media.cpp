// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/model/media.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::model;

namespace {

Artifact file(const char* path) {
    return {path, {}, 0, 0};
}

QString words(const char* path) {
    const auto medium = mediumOf(file(path));
    if (!medium) {
        return QStringLiteral("none");
    }
    const char* kinds[] = {"image", "text", "histogram"};
    return QStringLiteral("%1 %2 @%3")
        .arg(QLatin1String(kinds[static_cast<int>(medium->kind)]), QString::fromStdString(medium->tag))
        .arg(medium->step);
}

}  // namespace

class MediaTest final : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void namesTellKindTagAndStep() {
        QCOMPARE(words("images/val/grid/400.png"), QStringLiteral("image val/grid @400"));
        QCOMPARE(words("images/val/grid/400-2.png"), QStringLiteral("image val/grid 2 @400"));
        QCOMPARE(words("samples/epoch_0012.JPG"), QStringLiteral("image samples/epoch @12"));
        QCOMPARE(words("media/images/val/grid_400_0123456789abcdef0123.png"),
                 QStringLiteral("image val/grid @400"));  // W&B
        QCOMPARE(words("images/grid%step%400%timestamp%1700000000000%9f2c4d6e-77.png"),
                 QStringLiteral("image grid @400"));  // MLflow
        QCOMPARE(words("images/a#b+step+7+timestamp+1700000000000+9f2c.png"), QStringLiteral("image a#b @7"));
        QCOMPARE(words("confusion.png"), QStringLiteral("image confusion @0"));
        QCOMPARE(words("7.png"), QStringLiteral("image 7 @7"));
        QCOMPARE(words("text/prompt/3.md"), QStringLiteral("text prompt @3"));
        QCOMPARE(words("histograms/layer1/weights/10.csv"), QStringLiteral("histogram layer1/weights @10"));
        QCOMPARE(words("predictions/10.csv"), QStringLiteral("none"));
        QCOMPARE(words("model.onnx"), QStringLiteral("none"));
        QCOMPARE(words("png"), QStringLiteral("none"));
        QCOMPARE(words("a/.png"), QStringLiteral("none"));
        QCOMPARE(words("x99999999999999999999999.png"), QStringLiteral("image x99999999999999999999999 @0"));
    }

    void mediaAreInOrderOfSteps() {
        const std::vector<Artifact> artifacts{file("images/a/10.png"), file("text/a/1.md"),
                                              file("images/a/9.png"), file("weights.bin")};
        const auto media = mediaOf(artifacts);
        QCOMPARE(media.size(), std::size_t(3));
        QCOMPARE(media[0].step, std::int64_t(9));
        QCOMPARE(media[1].step, std::int64_t(10));
        QCOMPARE(media[2].kind, MediumKind::Text);
    }

    void histogramsAreReadLineByLine() {
        using Buckets = std::vector<HistogramBucket>;
        QCOMPARE(histogramOf("left,right,count\n-1,0,2\r\n0,0.5,3\n"), (Buckets{{-1, 0, 2}, {0, 0.5, 3}}));
        QCOMPARE(histogramOf("0,1,nan\n1,0,1\n0,1,-1\n0,1\n\n0,inf,1\n0,1,1"), (Buckets{{0, 1, 1}}));
        QVERIFY(histogramOf("").empty());
    }
};

QTEST_APPLESS_MAIN(MediaTest)
#include "tst_media.moc"
