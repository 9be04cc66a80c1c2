// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCoreApplication>
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "runglass/jobs/job.h"
#include "runglass/jobs/let_go.h"
#include "support/test.h"

using namespace runglass;

class TestJobs : public test::TestCase {
    Q_OBJECT
private:
    jobs::Executor m_executor = [this](std::function<void()> task) {
        QMetaObject::invokeMethod(this, std::move(task), Qt::QueuedConnection);
    };

private Q_SLOTS:
    void resultArrivesOnTheOwnersThread() {
        jobs::ThreadPool pool(2);
        int answer = 0;
        std::thread::id bodyThread;
        auto job = jobs::start(
            pool, m_executor,
            [&](jobs::JobContext& context) {
                context.progress.set(3, 4);
                bodyThread = std::this_thread::get_id();
                return std::make_unique<int>(42);  // results need not be copyable
            },
            [&](std::unique_ptr<int> value) { answer = *value; });
        QTRY_COMPARE(answer, 42);
        QVERIFY(bodyThread != std::this_thread::get_id());
        QCOMPARE(job.progress()->done(), std::uint64_t{3});
        QVERIFY(!job.running());
    }
    void destroyedJobStopsAndStaysSilent() {
        jobs::ThreadPool pool(1);
        std::atomic<bool> started{false};
        std::atomic<bool> stopped{false};
        bool called = false;
        {
            const auto job = jobs::start(
                pool, m_executor,
                [&](jobs::JobContext& context) {
                    started = true;
                    while (!context.stop.stop_requested()) {
                        std::this_thread::sleep_for(std::chrono::milliseconds(1));
                    }
                    stopped = true;
                },
                [&] { called = true; });
            QTRY_VERIFY(started.load());
        }
        QTRY_VERIFY(stopped.load());
        QTest::qWait(20);
        QVERIFY(!called);
    }
    void reassignedJobDropsTheOldAnswer() {
        jobs::ThreadPool pool(1);
        std::vector<int> answers;
        jobs::Job job;
        for (int i = 0; i < 50; ++i) {
            job = jobs::start(
                pool, m_executor, [i](jobs::JobContext&) { return i; },
                [&](int value) { answers.push_back(value); });
        }
        QTRY_VERIFY(!answers.empty());
        QTest::qWait(20);
        QCOMPARE(answers, std::vector<int>{49});
    }
    void poolDropsWaitingTasksAtTheEnd() {
        std::atomic<int> ran{0};
        {
            jobs::ThreadPool pool(1);
            for (int i = 0; i < 1000; ++i) {
                pool.post([&] {
                    std::this_thread::sleep_for(std::chrono::milliseconds(1));
                    ++ran;
                });
            }
        }
        QVERIFY(ran.load() < 1000);
    }
    void lettingGoFreesElsewhere() {
        std::atomic<std::thread::id> freedBy{};
        std::shared_ptr<int> value(new int(1), [&](const int* number) {
            freedBy = std::this_thread::get_id();
            delete number;
        });
        const std::weak_ptr<int> watch = value;
        auto other = value;
        jobs::letGo(std::move(value));
        QTest::qWait(20);
        QVERIFY(!watch.expired());  // somebody else still holds it
        jobs::letGo(std::move(other));
        QTRY_VERIFY(watch.expired());
        QTRY_VERIFY(freedBy.load() != std::thread::id());
        QVERIFY(freedBy.load() != std::this_thread::get_id());
    }
};

QTEST_GUILESS_MAIN(TestJobs)
#include "tst_jobs.moc"
