// SPDX-License-Identifier: GPL-3.0-or-later
// Points as the protocol defines them, against the definition itself: a set, and its greatest element.
#include <array>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include "runglass/store/database.h"
#include "runglass/store/series_book.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::store;

class TestSeriesBook : public runglass::test::TestCase {
    Q_OBJECT

    /// NaN is one value, and counts as 0 in the order.
    using Rank = std::tuple<std::int64_t, std::int64_t, double, bool>;
    static Rank rankOf(const model::Point& point) {
        const bool isNan = std::isnan(point.value);
        return {point.step, point.timeMs, isNan ? 0.0 : point.value, isNan};
    }

    struct Session {
        explicit Session(Database& database)
            : writer(database)
            , reader(database)
            , tracked(database)
            , series(database, writer, reader, tracked) {}
        RunWriter writer;
        RunReader reader;
        TrackedRuns tracked;
        SeriesBook series;
    };

    static RunId newRun(Session& session) {
        model::RunDetail detail;
        detail.record.id = RunId::generate();
        detail.record.experiment = Symbol("default");
        if (!session.writer.createRun(detail).ok()) {
            QTest::qFail("the run cannot be made", __FILE__, __LINE__);
        }
        return detail.record.id;
    }

private Q_SLOTS:
    /// As two endpoints of a project do.
    void twoWriteToOneSeries() {
        const test::TempFolder folder;
        auto first = store::Database::open(folder.path(), store::OpenMode::ReadWrite);
        auto second = store::Database::open(folder.path(), store::OpenMode::ReadWrite);
        QVERIFY(first.ok() && second.ok());
        Session one(*first);
        Session other(*second);
        const RunId run = newRun(one);
        one.series.addNew(run);
        const auto add = [&](Session& session, std::int64_t step, double value) {
            const std::array points{store::MetricPoint{"m", model::Point{step, 7, value}}};
            return session.writer.transaction([&] { return session.series.append(run, points); }).ok();
        };
        QVERIFY(add(one, 1, 0.1) && add(other, 49, 4.9) && add(one, 47, 4.7));
        QVERIFY(add(one, 49, 4.9) && add(other, 47, 4.7));  // there already
        QCOMPARE(one.reader.series(run, "m")->size(), std::size_t{3});
        QCOMPARE(one.tracked.latestPoints(run)->at("m").step, std::int64_t{49});
        QVERIFY(add(other, 50, 5.0));
        QVERIFY(!one.tracked.latestPoints(run)->contains("m"));  // the last one is the greatest
    }

    void repeatsAndGreatest_data() {
        QTest::addColumn<int>("seed");
        for (int seed = 0; seed < 12; ++seed) {
            QTest::addRow("%d", seed) << seed;
        }
    }
    /// Batches with repeats within and across them, steps that go back, NaN, and a book that forgets now and
    /// then.
    void repeatsAndGreatest() {
        QFETCH(int, seed);
        std::mt19937 random(static_cast<unsigned>(seed));
        test::TempFolder folder;
        auto database = store::Database::open(folder.path(), store::OpenMode::ReadWrite);
        QVERIFY(database.ok());
        Session session(*database);
        const RunId run = newRun(session);
        if (seed % 2 == 0) {
            session.series.addNew(run);
        }
        std::map<std::string, std::vector<model::Point>> arrived;
        std::map<std::string, std::set<Rank>> known;
        const std::vector<std::string> keys{"a", "b/c", "d"};
        const std::vector<double> values{0, 1.5, -2, std::nan(""), INFINITY, 7};
        for (int batch = 0; batch < 60; ++batch) {
            std::vector<store::MetricPoint> points;
            for (unsigned i = 0; i < 1 + random() % 20; ++i) {
                const auto& key = keys[random() % keys.size()];
                const model::Point point{static_cast<std::int64_t>(random() % 12),
                                         static_cast<std::int64_t>(random() % 4),
                                         values[random() % values.size()]};
                points.push_back({key, point});
                if (known[key].insert(rankOf(point)).second) {
                    arrived[key].push_back(point);
                }
            }
            session.series.begin();
            const auto appended = session.series.append(run, points);
            QVERIFY2(appended.ok(), appended.ok() ? "" : appended.error().message.c_str());
            if (random() % 7 == 0) {
                session.series.clear();
            }
        }
        const auto latest = session.tracked.latestPoints(run);
        QVERIFY(latest.ok());
        for (const auto& key : keys) {
            const auto series = session.reader.series(run, key);
            QVERIFY(series.ok());
            QCOMPARE(series->size(), arrived[key].size());
            model::Point greatest = series->at(0);
            for (std::size_t i = 0; i < series->size(); ++i) {
                const auto point = series->at(i);
                QVERIFY(rankOf(point) == rankOf(arrived[key][i]));  // in order of arrival
                const auto above = [](const model::Point& a, const model::Point& b) {
                    const auto ra = rankOf(a);
                    const auto rb = rankOf(b);
                    return std::tie(std::get<0>(ra), std::get<1>(ra), std::get<2>(ra)) >=
                           std::tie(std::get<0>(rb), std::get<1>(rb), std::get<2>(rb));
                };
                greatest = above(point, greatest) ? point : greatest;
            }
            const auto it = latest->find(key);
            const auto said = it == latest->end() ? series->at(series->size() - 1) : it->second;
            QCOMPARE(std::get<0>(rankOf(said)), std::get<0>(rankOf(greatest)));
            QCOMPARE(std::get<1>(rankOf(said)), std::get<1>(rankOf(greatest)));
            QCOMPARE(std::get<2>(rankOf(said)), std::get<2>(rankOf(greatest)));
        }
    }

    /// What was rolled back is not known any more.
    void rolledBack() {
        test::TempFolder folder;
        auto database = store::Database::open(folder.path(), store::OpenMode::ReadWrite);
        QVERIFY(database.ok());
        Session session(*database);
        const RunId run = newRun(session);
        const std::vector<store::MetricPoint> points{{"m", {1, 1, 1.0}}};
        session.series.begin();
        const auto failed = session.writer.transaction([&]() -> Result<void> {
            RUNGLASS_TRY(session.series.append(run, points));
            return Error{ErrorCode::Invalid, "on purpose", {}};
        });
        QVERIFY(!failed.ok());
        session.series.undo();
        session.series.begin();
        QVERIFY(session.series.append(run, points).ok());
        QCOMPARE(session.reader.series(run, "m").valueOr({}).size(), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(TestSeriesBook)
#include "tst_series_book.moc"
