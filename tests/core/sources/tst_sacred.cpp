// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <fstream>

#include "truth.h"

using namespace runglass;
using namespace Qt::StringLiterals;

namespace {

constexpr const char* kRunJson =
    "{\"experiment\": {\"name\": \"e\", \"mainfile\": \"m.py\", \"dependencies\": [\"numpy==1.26\"],"
    "\"repositories\": [{\"url\": \"https://u:p@h/r.git\", \"commit\": \"c0ffee\", \"dirty\": true}]},"
    "\"command\": \"main\", \"status\": \"RUNNING\", \"start_time\": \"2024-01-02T03:04:05.250000\","
    "\"heartbeat\": \"2024-01-02T03:05:05\", \"meta\": {\"comment\": \"why\"}, \"result\": 0.5,"
    "\"resources\": [[\"data/x.csv\", \"_resources/x_0.csv\"]], \"fail_trace\": [\"a\\n\", \"b\\n\"]}";
constexpr const char* kConfigJson =
    "{\"lr\": 1e-4, \"net\": {\"deep\": true, \"sizes\": [1, 2]}, \"__annotations__\": {}}";
constexpr const char* kMetricsJson =
    "{\"m\": {\"steps\": [3, 1, 2, 4, 5], \"timestamps\": [\"2024-01-02T03:04:05\", \"2024-01-02T03:04:06\","
    "\"2024-01-02T03:04:07\", \"x\", \"y\"], \"values\": [NaN, Infinity, {\"py/object\": \"numpy.float64\","
    "\"dtype\": \"float64\", \"value\": 0.25}, \"text\", {\"py/object\": \"odd\"}]}}";
constexpr const char* kHalfJson = "{\"m\": {\"steps\": [1, 2], \"val";
constexpr const char* kNextJson = "{\"m\": {\"steps\": [1], \"timestamps\": [], \"values\": [8]}}";

}  // namespace

class TestSacred : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void agreesWithIndependentReaders() {
        const auto folder = test::realCase("o17-sacred-mlpws");
        if (!folder) {
            QSKIP("../shared/realdata is not beside the repository.");
        }
        const auto truth = test::truthOf(*folder, "sacred"_L1);
        const auto before = test::inventory(*folder);
        const auto opened = test::openAll("sacred", *folder);
        const auto runs = truth.value("detail"_L1).toObject();
        QCOMPARE(opened.size(), static_cast<std::size_t>(runs.size()));
        for (auto run = runs.begin(); run != runs.end(); ++run) {
            const auto place = opened.find(*folder / "runs" / run.key().toStdString());
            QVERIFY(place != opened.end());
            compareRun(place->second, run.value().toObject());
        }
        QVERIFY(test::inventory(*folder) == before);
    }

    void saysWhatHasNoStep() {
        const test::TempFolder project;
        project.write("7/run.json", kRunJson);
        project.write("7/metrics.json", R"({"m": {"values": [1, 2, 3], "steps": [10], "timestamps": []}})");
        auto opened = test::openAll("sacred", project.path());
        const auto part = (*opened.begin()->second.reader->read({}))[0];
        QCOMPARE(part->damage.size(), std::size_t{1});
        QCOMPARE(part->damage[0].count, std::uint64_t{0});  // nothing is left out
        QVERIFY(part->damage[0].reason.ends_with("Values without a step are numbered: 2."));
    }

    void readsOddValuesAndHalfFiles() {
        const test::TempFolder project;
        project.write("7/run.json", kRunJson);
        project.write("7/config.json", kConfigJson);
        const auto metrics = project.write("7/metrics.json", kMetricsJson);
        project.write("7/cout.txt", "hello\n");
        project.write("7/model.pkl", "pickle");
        auto opened = test::openAll("sacred", project.path());
        QCOMPARE(opened.size(), std::size_t{1});
        auto& reader = *opened.begin()->second.reader;
        const auto first = (*reader.read({}))[0];
        const auto& record = first->record;
        QVERIFY(!first->tellsStatus);
        QVERIFY(record.status == model::RunStatus::Lost);  // unless its files have just changed
        QCOMPARE(*record.startTimeMs, std::int64_t{1704164645250});
        QCOMPARE(record.git.remote, std::string("https://h/r.git"));
        QVERIFY(record.git.dirty);
        QCOMPARE(record.params.size(), std::size_t{3});
        QCOMPARE(*record.param(Symbol("lr")), std::string_view("1e-4"));
        QCOMPARE(*record.param(Symbol("net.sizes")), std::string_view("[1, 2]"));
        const auto* metric = record.metric(Symbol("m"));
        QCOMPARE(metric->count, std::uint64_t{3});
        QCOMPARE(metric->nanCount, std::uint64_t{1});
        QCOMPARE(metric->last, 0.25);
        QCOMPARE(metric->lastTimeMs, std::int64_t{1704164647000});
        QCOMPARE(first->damage.size(), std::size_t{1});
        QCOMPARE(first->damage[0].count, std::uint64_t{2});
        QCOMPARE(test::plain(reader.series("", "m", 2, {})->steps), std::vector<std::int64_t>{2});
        const auto detail = *reader.detail("");
        QCOMPARE(detail.note, std::string("why"));
        QCOMPARE(detail.artifacts.size(), std::size_t{1});
        QCOMPARE(detail.datasets[0].location, std::string("data/x.csv"));
        QCOMPARE(detail.problems[0], std::string("a\nb\n"));
        QCOMPARE(*reader.console(""), std::string("hello\n"));

        // In the middle of being written anew: the last whole one stays, and is not believed to be current.
        std::ofstream(metrics, std::ios::trunc) << kHalfJson;
        QVERIFY((*reader.read({}))[0] == first);
        QVERIFY(reader.stamps()[2] != sources::FileStamp::of(metrics));
        std::ofstream(metrics, std::ios::trunc) << kNextJson;
        QCOMPARE((*reader.read({}))[0]->record.metric(Symbol("m"))->last, 8.0);
    }

private:
    static void compareRun(const test::Opened& opened, const QJsonObject& expected) {
        const auto& part = *opened.parts.front();
        QVERIFY(part.damage.empty());
        QVERIFY(part.record.name.empty());  // the folder's
        QCOMPARE(part.record.experiment.str(), expected.value("experiment"_L1).toString().toStdString());
        const auto status = expected.value("status"_L1).toString();
        QVERIFY(part.record.status ==
                (status == "COMPLETED"_L1 ? model::RunStatus::Finished : model::RunStatus::Failed));
        const auto start =
            QDateTime::fromString(expected.value("start"_L1).toString() + "Z"_L1, Qt::ISODateWithMs);
        QVERIFY(std::abs(*part.record.startTimeMs - start.toMSecsSinceEpoch()) <= 1);
        const auto config = expected.value("config_scalars"_L1).toObject();
        for (auto value = config.begin(); value != config.end(); ++value) {
            const auto read = part.record.param(Symbol::find(value.key().toStdString()));
            QVERIFY2(read.has_value(), qPrintable(value.key()));
            const auto text = QString::fromStdString(std::string(*read));
            QVERIFY(value->isDouble() ? text.toDouble() == value->toDouble() : text == value->toString());
        }
        const auto metrics = expected.value("metrics"_L1).toObject();
        QCOMPARE(part.record.metrics.size(), static_cast<std::size_t>(metrics.size()));
        for (auto metric = metrics.begin(); metric != metrics.end(); ++metric) {
            const auto key = metric.key().toStdString();
            const auto series = opened.reader->series("", key, 0, {});
            VERIFY_OK(series);
            const auto* summary = part.record.metric(Symbol::find(key));
            QVERIFY(summary != nullptr);
            const auto difference = test::differenceFrom(metric.value().toObject(), *series, *summary);
            QVERIFY2(difference.empty(), difference.c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestSacred)
#include "tst_sacred.moc"
