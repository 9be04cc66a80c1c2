// SPDX-License-Identifier: GPL-3.0-or-later
// MLflow stores that real people have made, against values that independent readers computed.
#include "truth.h"

using namespace runglass;
using namespace Qt::StringLiterals;

namespace {

/// min and max of a summary are over everything but NaN, those of the expected values over finite ones.
model::MetricSummary summaryOf(const model::Series& series, std::int64_t& minStep, std::int64_t& maxStep) {
    model::MetricSummary summary;
    minStep = std::numeric_limits<std::int64_t>::max();
    maxStep = std::numeric_limits<std::int64_t>::min();
    for (std::size_t i = 0; i < series.size(); ++i) {
        summary.add(series.at(i));
        minStep = std::min(minStep, series.steps[i]);
        maxStep = std::max(maxStep, series.steps[i]);
    }
    return summary;
}

std::string text(const QJsonValue& value) {
    return value.toString().toStdString();
}

}  // namespace

class TestMlflowReal : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void agreesWithIndependentReaders_data() {
        QTest::addColumn<QByteArray>("name");
        for (const char* name :
             {"o01-mlruns1-automl", "o02-mlruns2-registry", "o03-mlruns3-loggedmodels", "o04-mlflowdb3",
              "o05-mlflowdb2-datasets", "o06-mlflow2-backtest", "o22-mlflowdb1-oldschema"}) {
            QTest::newRow(name) << QByteArray(name);
        }
    }

    void agreesWithIndependentReaders() {
        QFETCH(QByteArray, name);
        const auto folder = test::realCase(name.constData());
        if (!folder) {
            QSKIP("../shared/realdata is not beside the repository.");
        }
        const auto before = test::inventory(*folder);
        auto opened = test::openAll("mlflow", *folder);
        auto truths = test::truthsOf(*folder, "mlruns"_L1);
        const auto databases = test::truthsOf(*folder, "mlflowdb"_L1);
        truths.insert(truths.end(), databases.begin(), databases.end());
        QVERIFY(!truths.empty());
        std::size_t found = 0;
        for (const auto& truth : truths) {
            const auto place = opened.find(*folder / text(truth[u"root"]));
            if (place != opened.end()) {
                ++found;
                checkOrigin(place->second, truth);
            } else {  // an mlruns that holds the artifacts of a database only
                QCOMPARE(truth[u"runs"].toInt(), 0);
            }
        }
        QCOMPARE(found, opened.size());
        opened.clear();
        QVERIFY(test::inventory(*folder) == before);
    }

private:
    void checkOrigin(const test::Opened& opened, const QJsonObject& truth) {
        const auto& parts = opened.parts;
        auto& reader = opened.reader;
        QCOMPARE(parts.size(), static_cast<std::size_t>(truth[u"runs"].toInt()));
        QMap<QString, int> statuses;
        int nested = 0;
        std::map<std::string, sources::SharedPart> byKey;
        for (const auto& part : parts) {
            QVERIFY2(part->damage.empty(), part->damage.empty() ? "" : part->damage[0].reason.c_str());
            byKey[part->key] = part;
            nested += part->parentKey.empty() ? 0 : 1;
            const auto status = model::statusName(part->record.status);
            ++statuses[QString::fromUtf8(status.data(), static_cast<qsizetype>(status.size())).toUpper()];
        }
        QCOMPARE(nested, truth[u"nested_runs"].toInt());
        const auto byStatus = truth[u"runs_by_status"].toObject();
        QCOMPARE(statuses.keys(), byStatus.keys());
        for (const auto& status : byStatus.keys()) {
            QCOMPARE(statuses[status], byStatus[status].toInt());
        }
        for (const auto& experiment : truth[u"experiments_detail"].toObject()) {
            const auto& runs = experiment.toObject()[u"runs"].toObject();
            checkRuns(*reader, byKey, runs, text(experiment.toObject()[u"name"]));
        }
        checkRuns(*reader, byKey, truth[u"run_detail"].toObject(), {});
        const auto again = reader->read({});
        VERIFY_OK(again);
        QVERIFY(*again == parts);  // the same objects
    }

    void checkRuns(sources::Reader& reader, std::map<std::string, sources::SharedPart>& parts,
                   const QJsonObject& runs, const std::string& experiment) {
        for (const auto& id : runs.keys()) {
            const auto part = parts[id.toStdString()];
            QVERIFY2(part != nullptr, qPrintable(id));
            checkRun(reader, *part, runs[id].toObject(), experiment);
        }
    }

    static void checkRun(sources::Reader& reader, const sources::Part& part, const QJsonObject& truth,
                         const std::string& experiment) {
        const auto& record = part.record;
        QCOMPARE(part.id->hex(), part.key);
        if (!experiment.empty()) {
            QCOMPARE(record.experiment.str(), experiment);
        }
        auto name = text(truth[u"name"]);
        name = name.empty() ? text(truth[u"column_name"]) : name;
        QCOMPARE(record.name, name.empty() ? text(truth[u"tag_name"]) : name);
        QCOMPARE(record.archived, text(truth[u"lifecycle"]) == "deleted");
        QCOMPARE(part.parentKey, text(truth[u"parent"]));
        QCOMPARE(record.startTimeMs.value_or(0), truth[u"start"].toInteger());
        QCOMPARE(record.endTimeMs.value_or(0), truth[u"end"].toInteger());
        const auto tags = truth.contains(u"n_tags") ? truth[u"n_tags"].toInt() : truth[u"tags"].toInt();
        QCOMPARE(static_cast<int>(record.tags.size()), tags);
        for (const auto& key : truth[u"tag_keys"].toArray()) {
            QVERIFY(record.tag(Symbol(text(key))).has_value());
        }
        const auto params = truth[u"params"].toObject();
        QCOMPARE(static_cast<qsizetype>(record.params.size()), params.size());
        for (const auto& key : params.keys()) {
            const auto value = record.param(Symbol(key.toStdString()));
            QVERIFY(value.has_value());
            QCOMPARE(std::string(*value), text(params[key]));
        }
        const auto metrics = truth[u"metrics"].toObject();
        QCOMPARE(static_cast<qsizetype>(record.metrics.size()), metrics.size());
        for (const auto& key : metrics.keys()) {
            checkMetric(reader, part, key.toStdString(), metrics[key].toObject());
        }
    }

    static void checkMetric(sources::Reader& reader, const sources::Part& part, const std::string& key,
                            const QJsonObject& truth) {
        const auto* summary = part.record.metric(Symbol(key));
        QVERIFY(summary != nullptr);
        const auto series = reader.series(part.key, key, 0, {});
        VERIFY_OK(series);
        std::int64_t minStep = 0;
        std::int64_t maxStep = 0;
        const auto fromPoints = summaryOf(*series, minStep, maxStep);
        for (const auto* seen : {summary, &fromPoints}) {
            QCOMPARE(static_cast<qint64>(seen->count), truth[u"count"].toInteger());
            QCOMPARE(static_cast<qint64>(seen->nanCount), truth[u"nan"].toInteger());
            QVERIFY(seen->first == truth[u"first"].toDouble());
            QVERIFY(seen->min == truth[u"min"].toDouble());
            QVERIFY(seen->max == truth[u"max"].toDouble());
        }
        QCOMPARE(minStep, truth[u"min_step"].toInteger());
        QCOMPARE(maxStep, truth[u"max_step"].toInteger());
        QVERIFY(fromPoints.last == truth[u"last"].toDouble());
        QCOMPARE(summary->lastStep, maxStep);
        // MLflow's latest value of points with the same step and time is the greatest, not the last.
        double latest = -std::numeric_limits<double>::infinity();
        std::int64_t latestTime = std::numeric_limits<std::int64_t>::min();
        for (std::size_t i = 0; i < series->size(); ++i) {
            if (series->steps[i] == maxStep && series->timesMs[i] >= latestTime) {
                latest =
                    series->timesMs[i] > latestTime ? series->values[i] : std::max(latest, series->values[i]);
                latestTime = series->timesMs[i];
            }
        }
        QVERIFY(summary->last == latest);
        if (series->size() > 1) {
            const auto rest = reader.series(part.key, key, 1, {});
            QCOMPARE(rest->size(), series->size() - 1);
            QVERIFY(rest->values[0] == series->values[1]);
        }
    }
};

QTEST_GUILESS_MAIN(TestMlflowReal)
#include "tst_mlflow_real.moc"
