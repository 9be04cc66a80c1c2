// SPDX-License-Identifier: GPL-3.0-or-later
// Logs of W&B 0.10 to 0.22, against the numbers that an independent reader found in them.
#include "truth.h"

using namespace runglass;
using namespace Qt::StringLiterals;

class TestTruthWandb : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void everyRunAsExpected_data() {
        QTest::addColumn<QByteArray>("name");
        for (const char* name : {"o11-wandb-2026-hivewatch", "o12-wandb-official", "o13-hydra-vime"}) {
            QTest::newRow(name) << QByteArray(name);
        }
    }

    void everyRunAsExpected() {
        QFETCH(QByteArray, name);
        const auto folder = test::realCase(name.constData());
        if (!folder) {
            QSKIP("../shared/realdata is not beside the repository.");
        }
        const auto truth = test::truthOf(*folder, "wandb"_L1);
        const auto files = truth.value("files"_L1).toObject();
        QVERIFY(!files.isEmpty());
        const auto before = test::inventory(*folder);
        const auto opened = test::openAll("wandb", *folder);
        QCOMPARE(opened.size(), static_cast<std::size_t>(files.size()));
        for (auto file = files.begin(); file != files.end(); ++file) {
            const auto path = *folder / file.key().toStdString();
            const auto place = opened.find(path.parent_path());
            QVERIFY2(place != opened.end(), qPrintable(file.key()));
            compareRun(place->second, file.value().toObject(), path);
        }
        QVERIFY(test::inventory(*folder) == before);
    }

private:
    static void compareRun(const test::Opened& opened, const QJsonObject& expected,
                           const std::filesystem::path& path) {
        QCOMPARE(opened.parts.size(), std::size_t{1});
        const auto& part = *opened.parts.front();
        const auto& record = part.record;
        compareProblems(part, expected.value("problems"_L1).toArray());
        const auto run = expected.value("run"_L1).toObject();
        if (run.contains("display_name"_L1)) {
            QCOMPARE(record.name, run.value("display_name"_L1).toString().toStdString());
        } else {
            QCOMPARE(record.name, path.stem().native().substr(4));
        }
        QCOMPARE(record.experiment.str(), run.value("project"_L1).toString().toStdString());
        if (run.contains("start_time"_L1)) {
            QCOMPARE(*record.startTimeMs / 1000, run.value("start_time"_L1).toInteger());
        }
        const auto exit = expected.value("exit_code"_L1);
        QCOMPARE(record.exitCode.value_or(-1), exit.isDouble() ? exit.toInt() : -1);
        QVERIFY(record.status == (!exit.isDouble()    ? model::RunStatus::Lost
                                  : exit.toInt() == 0 ? model::RunStatus::Finished
                                                      : model::RunStatus::Failed));
        compareConfig(record, expected.value("config"_L1).toObject());
        const auto history = expected.value("history"_L1).toObject();
        qsizetype metrics = 0;
        qsizetype system = 0;
        for (const auto& metric : record.metrics) {
            const bool statistics = metric.key.text().starts_with("system/");
            system += statistics ? 1 : 0;
            const auto key = QString::fromStdString(metric.key.str());
            metrics += !statistics && history.contains(key) ? 1 : 0;
        }
        QCOMPARE(metrics, history.size());
        QVERIFY(system >= expected.value("system_metric_keys"_L1).toInteger());  // some are dictionaries
        for (auto metric = history.begin(); metric != history.end(); ++metric) {
            const auto key = metric.key().toStdString();
            const auto* summary = record.metric(Symbol::find(key));
            QVERIFY2(summary != nullptr, key.c_str());
            const auto series = opened.reader->series("", key, 0, {});
            VERIFY_OK(series);
            const auto difference = test::differenceFrom(metric.value().toObject(), *series, *summary);
            QVERIFY2(difference.empty(), (path.native() + " " + key + ": " + difference).c_str());
        }
        VERIFY_OK(opened.reader->detail(""));
        VERIFY_OK(opened.reader->console(""));
    }

    /// The only kind that real logs have: one cut in mid-record, at the end of a block.
    static void compareProblems(const sources::Part& part, const QJsonArray& problems) {
        QCOMPARE(part.damage.size(), static_cast<std::size_t>(problems.size()));
        for (qsizetype i = 0; i < problems.size(); ++i) {
            const auto problem = problems.at(i).toObject();
            const auto& damage = part.damage[static_cast<std::size_t>(i)];
            QCOMPARE(problem.value("what"_L1).toString(), u"unfinished-record"_s);
            QCOMPARE(damage.offset, static_cast<std::uint64_t>(problem.value("offset"_L1).toInteger()));
            QCOMPARE(damage.count, std::uint64_t{1});
            QVERIFY(damage.reason.find("only half there") != std::string::npos);
        }
    }

    /// Values that are lists or mappings are in EXPECTED.json as Python prints them.
    static void compareConfig(const model::RunRecord& record, const QJsonObject& config) {
        for (auto value = config.begin(); value != config.end(); ++value) {
            const auto key = value.key().toStdString();
            const auto read = record.param(Symbol::find(key));
            if (value->isDouble()) {
                QVERIFY2(read.has_value(), key.c_str());
                QVERIFY(QByteArray::fromStdString(std::string(*read)).toDouble() == value->toDouble());
            } else if (value->isBool() || value->isNull()) {
                QVERIFY2(read.has_value(), key.c_str());
                QCOMPARE(*read, std::string_view(value->isNull()   ? "null"
                                                 : value->toBool() ? "true"
                                                                   : "false"));
            } else if (value->isString() && !value->toString().startsWith(u'{') &&
                       !value->toString().startsWith(u'[')) {
                QVERIFY2(read.has_value(), key.c_str());
                QCOMPARE(std::string(*read), value->toString().toStdString());
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestTruthWandb)
#include "tst_truth_wandb.moc"
