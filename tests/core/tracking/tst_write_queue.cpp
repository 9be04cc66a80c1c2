// SPDX-License-Identifier: GPL-3.0-or-later
// Many threads that write while somebody else takes the database again and again: nothing is lost, nothing
// comes twice, and who brings nothing but points does not wait.
#include "write_queue.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <memory>
#include <numeric>
#include <thread>

#include "runglass/store/database.h"
#include "runglass/store/runs_takeover.h"
#include "runglass/store/tracked_runs.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::tracking;

class TestWriteQueue : public runglass::test::TestCase {
    Q_OBJECT

    static RunId newRun(const std::filesystem::path& project) {
        auto database = store::Database::open(project, store::OpenMode::ReadWrite);
        model::RunDetail detail;
        detail.record.id = RunId::generate();
        detail.record.experiment = Symbol("default");
        if (!database.ok() || !store::RunWriter(*database).createRun(detail).ok()) {
            QTest::qFail("the run cannot be made", __FILE__, __LINE__);
        }
        return detail.record.id;
    }

    static Result<void> addPoint(WriteSession& session, const RunId& run, std::int64_t step) {
        const std::array points{
            store::MetricPoint{"m", model::Point{step, step, static_cast<double>(step) / 7}}};
        return session.book.append(run, points);
    }
    /// Records of these tests are steps.
    static WriteQueue::Hooks restoreTo(const RunId& run) {
        return {[run](WriteSession& session, std::string_view record) {
                    std::int64_t step = -1;
                    std::from_chars(record.data(), record.data() + record.size(), step);
                    return addPoint(session, run, step);
                },
                [] {}};
    }
    static Result<void> log(WriteQueue& queue, const RunId& run, std::int64_t step, bool mayKeep = true) {
        const auto aside = [step](const WriteQueue::Keep& keep) { return keep(std::to_string(step)); };
        return queue.run([&](WriteSession& session) { return addPoint(session, run, step); },
                         mayKeep ? WriteQueue::Aside(aside) : WriteQueue::Aside());
    }
    static std::vector<std::int64_t> stepsOf(const std::filesystem::path& project, const RunId& run) {
        auto database = store::Database::open(project, store::OpenMode::ReadWrite);
        const auto series = store::RunReader(*database).series(run, "m");
        std::vector<std::int64_t> steps;
        for (std::size_t i = 0; series.ok() && i < series->size(); ++i) {
            steps.push_back(series->at(i).step);
        }
        std::sort(steps.begin(), steps.end());
        return steps;
    }
    static std::vector<std::int64_t> upTo(std::int64_t end) {
        std::vector<std::int64_t> steps(static_cast<std::size_t>(end));
        std::iota(steps.begin(), steps.end(), 0);
        return steps;
    }
    /// Takes the database for itself until it is told to let go.
    class Holder {
    public:
        explicit Holder(const std::filesystem::path& project)
            : m_thread([this, project] {
                auto database = store::Database::open(project, store::OpenMode::ReadWrite);
                const auto held = store::RunWriter(*database).transaction([&]() -> Result<void> {
                    m_holds = true;
                    m_holds.notify_all();
                    m_letGo.wait(false);
                    return {};
                });
                QVERIFY(held.ok());
            }) {
            m_holds.wait(false);
        }
        ~Holder() {
            m_letGo = true;
            m_letGo.notify_all();
            m_thread.join();
        }

    private:
        std::atomic<bool> m_holds = false;
        std::atomic<bool> m_letGo = false;
        std::thread m_thread;
    };

private Q_SLOTS:
    void manyThreadsAndOneThatDisturbs() {
        constexpr int kThreads = 6;
        constexpr int kPoints = 60;
        const test::TempFolder folder;
        const auto run = newRun(folder.path());
        std::atomic<int> failures = 0;
        std::atomic<bool> done = false;
        {
            WriteQueue queue(folder.path(), restoreTo(run));
            std::thread disturbing([&] {
                while (!done) {
                    const Holder holder(folder.path());
                    std::this_thread::sleep_for(std::chrono::milliseconds(25));
                }
            });
            std::vector<std::thread> threads;
            for (int number = 0; number < kThreads; ++number) {
                threads.emplace_back([&, number] {
                    for (int i = 0; i < kPoints; ++i) {
                        failures += log(queue, run, i * kThreads + number, number != 0).ok() ? 0 : 1;
                    }
                });
            }
            for (auto& thread : threads) {
                thread.join();
            }
            done = true;
            disturbing.join();
        }
        QCOMPARE(failures.load(), 0);
        QVERIFY(stepsOf(folder.path(), run) == upTo(kThreads * kPoints));
    }

    void whatIsKeptGoesInFirst() {
        const test::TempFolder folder;
        const auto run = newRun(folder.path());
        WriteQueue queue(folder.path(), restoreTo(run));
        std::thread waiting;
        std::atomic<bool> waited = false;
        std::size_t before = 0;
        {
            const Holder holder(folder.path());
            for (int step = 0; step < 20; ++step) {
                QVERIFY(log(queue, run, step).ok());
            }
            waiting = std::thread([&] {
                const auto done = queue.run([&](WriteSession& session) -> Result<void> {
                    const auto series = session.reader.series(run, "m");
                    before = series.ok() ? series->size() : 0;
                    return {};
                });
                waited = done.ok();
            });
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            QVERIFY(!waited);
        }
        waiting.join();
        QVERIFY(waited);
        QCOMPARE(before, std::size_t{20});
    }

    void callsThatNothingAnswersAreCountedLater() {
        const test::TempFolder folder;
        const auto run = newRun(folder.path());
        WriteQueue queue(folder.path(), restoreTo(run));
        const auto counted = [&] {
            auto database = store::Database::open(folder.path(), store::OpenMode::ReadOnly);
            return store::TrackedRuns(*database).unanswered().valueOr({});
        };
        queue.countUnanswered({"GET", "/tea", 1, 10, "before"});
        QCOMPARE(counted().size(), std::size_t{1});
        {
            const Holder holder(folder.path());
            queue.countUnanswered({"GET", "/tea", 1, 20, "one"});
            queue.countUnanswered({"POST", "/tea", 1, 30, "one"});
            queue.countUnanswered({"GET", "/tea", 1, 40, "other"});
            for (int i = 0; i < 500; ++i) {  // anybody may call anything
                queue.countUnanswered({"GET", "/tea/" + std::to_string(i), 1, 15, "many"});
            }
            QCOMPARE(counted().size(), std::size_t{1});
        }
        QTRY_VERIFY(counted().size() > 1);
        const auto calls = counted();
        QCOMPARE(calls.size(), std::size_t{100});
        QCOMPARE(calls[0].lastMs, std::int64_t{40});
        QCOMPARE(calls[0].count, std::int64_t{3});
        QCOMPARE(calls[0].client, std::string("other"));
        QCOMPARE(calls[1].method, std::string("POST"));
        QCOMPARE(calls[1].count, std::int64_t{1});
        queue.countUnanswered({"GET", "/tea", 1, 50, "after"});
        QCOMPARE(counted()[0].count, std::int64_t{4});
    }

    void anEndDoesNotWaitForTheDatabase() {
        const test::TempFolder folder;
        const auto run = newRun(folder.path());
        auto queue = std::make_unique<WriteQueue>(folder.path(), restoreTo(run));
        auto holder = std::make_unique<Holder>(folder.path());
        QVERIFY(log(*queue, run, 0).ok());
        std::atomic<bool> hasEnded = false;
        std::atomic<bool> waited = false;
        std::thread letsGo([&] {
            for (int i = 0; i < 400 && !hasEnded; ++i) {
                std::this_thread::sleep_for(std::chrono::milliseconds(10));
            }
            waited = !hasEnded;
            holder.reset();
        });
        queue.reset();
        hasEnded = true;
        letsGo.join();
        QVERIFY(!waited);
        QVERIFY(store::RunsTakeover(folder.path()).anything());  // for the next one
    }

    void anErrorOfTheRecordIsTheAnswer() {
        const test::TempFolder folder;
        const auto run = newRun(folder.path());
        WriteQueue queue(folder.path(), restoreTo(run));
        const Holder holder(folder.path());
        const auto refused = queue.run([&](WriteSession& session) { return addPoint(session, run, 0); },
                                       [](const WriteQueue::Keep& /*keep*/) -> Result<void> {
                                           return Error{ErrorCode::NotFound, "there is no such run", {}};
                                       });
        QVERIFY(!refused.ok() && refused.error().code == ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(TestWriteQueue)
#include "tst_write_queue.moc"
