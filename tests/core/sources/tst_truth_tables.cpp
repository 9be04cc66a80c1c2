// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of Lightning, Ultralytics and Keras, against the numbers that an independent reader found in them.
#include <cmath>

#include "truth.h"

using namespace runglass;
using namespace Qt::StringLiterals;

class TestTruthTables : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void everyColumnAsExpected_data() {
        QTest::addColumn<QByteArray>("name");
        for (const char* name : {"o15-ultralytics-v8-padded", "o16-csv-mlpws", "o21-keras-csvlogger"}) {
            QTest::newRow(name) << QByteArray(name);
        }
    }
    void everyColumnAsExpected() {
        QFETCH(QByteArray, name);
        const auto folder = test::realCase(name.constData());
        if (!folder) {
            QSKIP("../shared/realdata is not beside the repository.");
        }
        std::map<std::filesystem::path, test::Opened> tables;
        for (const std::string_view format : {"lightning", "ultralytics", "keras"}) {
            for (auto& [origin, opened] : test::openAll(format, *folder)) {
                QVERIFY2(tables.emplace(origin, std::move(opened)).second, origin.c_str());
            }
        }
        const auto files = test::truthOf(*folder, "csv"_L1).value("detail"_L1).toObject();
        QVERIFY(!files.isEmpty());
        QCOMPARE(tables.size(), static_cast<std::size_t>(files.size()));
        for (auto file = files.begin(); file != files.end(); ++file) {
            const auto path = *folder / file.key().toStdString();
            const auto table = tables.contains(path) ? tables.find(path) : tables.find(path.parent_path());
            QVERIFY2(table != tables.end(), path.c_str());
            QVERIFY(!table->second.parts.front()->tellsStatus);
            QVERIFY2(table->second.parts.front()->damage.empty(), path.c_str());
            compare(file.value().toObject().value("columns"_L1).toObject(), table->second);
        }
    }
    void paramsComeFromTheFileBeside() {
        const auto folder = test::realCase("o16-csv-mlpws");
        if (!folder) {
            QSKIP("../shared/realdata is not beside the repository.");
        }
        const auto runs = test::openAll("lightning", *folder);
        const auto place = runs.find(*folder / "experiments/neurons/neuron_149");
        QVERIFY(place != runs.end());
        const auto& record = place->second.parts.front()->record;
        QCOMPARE(record.params.size(), std::size_t{5});
        QCOMPARE(*record.param(Symbol::find("hidden_size")), std::string_view("40"));
        QCOMPARE(*record.param(Symbol::find("model_type")), std::string_view("CNN"));
    }

private:
    static void compare(const QJsonObject& columns, const test::Opened& opened) {
        const auto& record = opened.parts.front()->record;
        std::size_t metrics = 0;
        for (auto column = columns.begin(); column != columns.end(); ++column) {
            const auto key = column.key().toStdString();
            const auto* summary = record.metric(Symbol::find(key));
            const auto expected = column.value().toObject();
            const auto series = opened.reader->series("", key, 0, {});
            if (summary == nullptr) {
                compareSteps(key, expected, *series);
                continue;
            }
            ++metrics;
            VERIFY_OK(series);
            const auto difference = test::differenceFrom(expected, *series, *summary);
            QVERIFY2(difference.empty(), (key + ": " + difference).c_str());
        }
        QCOMPARE(record.metrics.size(), metrics);
    }
    /// The column of steps is no metric; its numbers are the steps of all others.
    static void compareSteps(const std::string& key, const QJsonObject& expected,
                             const model::Series& series) {
        QVERIFY2(key == "step" || key == "epoch", key.c_str());
        QCOMPARE(static_cast<qint64>(series.size()), expected.value("count"_L1).toInteger());
        QCOMPARE(static_cast<double>(series.steps.front()), expected.value("first"_L1).toDouble());
        QCOMPARE(static_cast<double>(series.steps.back()), expected.value("last"_L1).toDouble());
        QCOMPARE(series.values.back(), expected.value("last"_L1).toDouble());
    }
};

QTEST_GUILESS_MAIN(TestTruthTables)
#include "tst_truth_tables.moc"
