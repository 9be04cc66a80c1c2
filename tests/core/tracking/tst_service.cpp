// SPDX-License-Identifier: GPL-3.0-or-later
// Many threads that change and read the same runs while somebody else takes the database again and again:
// each reads back at once what it was told is there, and in the end the database holds it.
#include "service.h"

#include <array>
#include <atomic>
#include <thread>

#include "support/test.h"

using namespace runglass;
using namespace runglass::tracking;

class TestService : public runglass::test::TestCase {
    Q_OBJECT

    static store::RunChange newRun(const RunId& id) {
        store::RunChange change;
        change.run = id;
        change.isNew = true;
        change.experiment = store::kDefaultExperiment;
        change.name = "r";
        return change;
    }
    /// One step of a script: false when something is refused or not read back.
    static bool log(Service& service, const RunId& run, int number, int step) {
        store::RunChange change;
        change.run = run;
        const auto key = std::to_string(number);
        change.points = {{key, {step, step, static_cast<double>(step)}}};
        change.tags = {{"step " + key, std::to_string(step)}};
        if (!service.change(change).ok()) {
            return false;
        }
        return service
            .read([&](ReadSession& session) -> Result<bool> {
                RUNGLASS_ASSIGN(const auto record, session.run(run));
                RUNGLASS_ASSIGN(const auto series, session.series(run, key));
                return record->tag(Symbol::find("step " + key)) == std::to_string(step) &&
                       series.size() == static_cast<std::size_t>(step) + 1;
            })
            .valueOr(false);
    }

private Q_SLOTS:
    void whatWasToldIsReadBack() {
        constexpr int kThreads = 4;
        constexpr int kSteps = 40;
        const test::TempFolder folder;
        const std::array runs{RunId::generate(), RunId::generate()};
        std::atomic<int> failures = 0;
        {
            Service service(folder.path(), {});
            for (const auto& run : runs) {
                QVERIFY(service.change(newRun(run)).ok());
            }
            std::atomic<bool> done = false;
            std::thread disturbing([&] {
                auto database = store::Database::open(folder.path(), store::OpenMode::ReadWrite);
                while (database.ok() && !done) {
                    failures += store::RunWriter(*database)
                                        .transaction([]() -> Result<void> {
                                            std::this_thread::sleep_for(std::chrono::milliseconds(25));
                                            return {};
                                        })
                                        .ok()
                                    ? 0
                                    : 1;
                }
            });
            std::vector<std::thread> threads;
            for (int number = 0; number < kThreads; ++number) {
                threads.emplace_back([&, number] {
                    for (int step = 0; step < kSteps; ++step) {
                        failures +=
                            log(service, runs[static_cast<std::size_t>(number % 2)], number, step) ? 0 : 1;
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
        auto database = store::Database::open(folder.path(), store::OpenMode::ReadOnly);
        store::RunReader reader(*database);
        for (int number = 0; number < kThreads; ++number) {
            const auto series =
                reader.series(runs[static_cast<std::size_t>(number % 2)], std::to_string(number));
            QCOMPARE(series.valueOr({}).size(), static_cast<std::size_t>(kSteps));
        }
    }
};

QTEST_GUILESS_MAIN(TestService)
#include "tst_service.moc"
