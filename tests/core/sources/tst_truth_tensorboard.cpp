// SPDX-License-Identifier: GPL-3.0-or-later
// Event files of TensorFlow 1 and 2, PyTorch, Lightning and Guild, against the numbers that an independent
// reader found in them.
#include "truth.h"

using namespace runglass;
using namespace Qt::StringLiterals;

class TestTruthTensorBoard : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void everyScalarAsExpected_data() {
        QTest::addColumn<QByteArray>("name");
        for (const char* name :
             {"o01-mlruns1-automl", "o07-tb-lightning-hparams", "o08-tb-tf1-long", "o09-tb-images-shapeaxi",
              "o10-guild-and-tf1", "o12-wandb-official", "o20-tb-tf2-tensor"}) {
            QTest::newRow(name) << QByteArray(name);
        }
    }
    void everyScalarAsExpected() {
        QFETCH(QByteArray, name);
        const auto folder = test::realCase(name.constData());
        if (!folder) {
            QSKIP("../shared/realdata is not beside the repository.");
        }
        const auto truth = test::truthOf(*folder, "tb"_L1);
        QVERIFY(!truth.isEmpty());
        const auto root =
            std::filesystem::canonical(*folder / truth.value("root"_L1).toString().toStdString());
        const auto opened = test::openAll("tensorboard", root);
        const auto runs = truth.value("runs"_L1).toObject();
        QCOMPARE(opened.size(), static_cast<std::size_t>(runs.size()));
        qint64 series = 0;
        for (auto run = runs.begin(); run != runs.end(); ++run) {
            const auto place = opened.find(root / run.key().toStdString());
            QVERIFY2(place != opened.end(), qPrintable(run.key()));
            const auto files = run.value().toObject();
            QCOMPARE(files.size(), 1);
            compareRun(files.begin().value().toObject(), place->second, series);
        }
        QCOMPARE(series, truth.value("scalar_series"_L1).toInteger());
    }

private:
    static void compareRun(const QJsonObject& expected, const test::Opened& opened, qint64& seriesCount) {
        QCOMPARE(opened.parts.size(), std::size_t{1});
        const auto& record = opened.parts.front()->record;
        const auto tags = expected.value("tags"_L1).toObject();
        std::size_t scalars = 0;
        for (auto tag = tags.begin(); tag != tags.end(); ++tag) {
            if (!tag.value().toObject().contains("scalar"_L1)) {
                continue;
            }
            ++scalars;
            const auto key = tag.key().toStdString();
            const auto* summary = record.metric(Symbol::find(key));
            QVERIFY2(summary != nullptr, key.c_str());
            const auto series = opened.reader->series("", key, 0, {});
            VERIFY_OK(series);
            const auto difference =
                test::differenceFrom(tag.value().toObject().value("scalar"_L1).toObject(), *series, *summary);
            QVERIFY2(difference.empty(), (key + ": " + difference).c_str());
        }
        QCOMPARE(record.metrics.size(), scalars);
        seriesCount += static_cast<qint64>(scalars);
        const auto params =
            expected.value("hparams"_L1).toObject().value("session_start_hparams"_L1).toObject();
        QCOMPARE(record.params.size(), static_cast<std::size_t>(params.size()));
        for (auto param = params.begin(); param != params.end(); ++param) {
            const auto read = record.param(Symbol::find(param.key().toStdString()));
            QVERIFY2(read.has_value(), qPrintable(param.key()));
            const auto text = QString::fromUtf8(read->data(), static_cast<qsizetype>(read->size()));
            if (param.value().isDouble()) {
                QCOMPARE(text.toDouble(), param.value().toDouble());
            } else {
                QCOMPARE(text, param.value().toVariant().toString());
            }
        }
        const auto firstTime = expected.value("first_wall_time"_L1);
        QCOMPARE(record.startTimeMs.has_value(), firstTime.isDouble());
        if (expected.value("bad"_L1).toArray().isEmpty()) {
            QVERIFY(opened.parts.front()->damage.empty());
        } else {
            QVERIFY(!opened.parts.front()->damage.empty());
        }
    }
};

QTEST_GUILESS_MAIN(TestTruthTensorBoard)
#include "tst_truth_tensorboard.moc"
