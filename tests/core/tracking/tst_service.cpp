// SPDX-License-Identifier: GPL-3.0-or-later
// Many threads that change and read the same runs while somebody else takes the database again and again:
// each reads back at once what it was told is there, and in the end the database holds it.
#include "service.h"

#include <algorithm>
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

    /// Takes the database again and again, for a moment each.
    class Disturber {
    public:
        Disturber(const std::filesystem::path& project, std::atomic<int>& failures)
            : m_thread([this, project, &failures] {
                auto database = store::Database::open(project, store::OpenMode::ReadWrite);
                while (database.ok() && !m_done) {
                    const auto held = store::RunWriter(*database).transaction([]() -> Result<void> {
                        std::this_thread::sleep_for(std::chrono::milliseconds(25));
                        return {};
                    });
                    failures += held.ok() ? 0 : 1;
                }
            }) {}
        Disturber(const Disturber&) = delete;
        Disturber& operator=(const Disturber&) = delete;
        ~Disturber() {
            m_done = true;
            m_thread.join();
        }

    private:
        std::atomic<bool> m_done = false;
        std::thread m_thread;
    };

    /// A version of the model that all of them register; 0 when it is refused or not read back.
    static std::int64_t registerVersion(Service& service) {
        const auto made = service.change([](ReadSession& session) -> Result<store::CatalogChanges> {
            store::ModelVersion version;
            version.model = "all";
            RUNGLASS_ASSIGN(version.version, store::ModelRegistry(session.catalog()).nextVersion("all"));
            return store::CatalogChanges{version};
        });
        const auto number = made.ok() ? std::get<store::ModelVersion>(made->front()).version : 0;
        const auto read = service.read([&](ReadSession& session) {
            return store::ModelRegistry(session.catalog()).version("all", number);
        });
        return read.ok() ? number : 0;
    }

private Q_SLOTS:
    /// More threads than may read at once, each of which changes what all of them read.
    void numbersAreGivenOnce() {
        constexpr int kThreads = 40;
        constexpr int kSteps = 8;
        const test::TempFolder folder;
        std::atomic<int> failures = 0;
        std::array<std::atomic<int>, kThreads * kSteps + 1> given{};
        {
            Service service(folder.path(), {});
            const store::RegisteredModel model{"all", 1, 1, {}, {}, {}};
            QVERIFY(
                service.change([&](ReadSession&) { return Result<store::CatalogChanges>({model}); }).ok());
            const Disturber disturber(folder.path(), failures);
            std::vector<std::thread> threads;
            for (int number = 0; number < kThreads; ++number) {
                threads.emplace_back([&] {
                    for (int step = 0; step < kSteps; ++step) {
                        const auto version = static_cast<std::size_t>(registerVersion(service));
                        ++given[version < given.size() ? version : 0];
                    }
                });
            }
            for (auto& thread : threads) {
                thread.join();
            }
        }
        QCOMPARE(failures.load(), 0);
        QCOMPARE(given[0].load(), 0);
        QVERIFY(std::all_of(given.begin() + 1, given.end(), [](const auto& count) { return count == 1; }));
        auto database = store::Database::open(folder.path(), store::OpenMode::ReadWrite);
        QCOMPARE(store::ModelRegistry(*database).versionsOf("all")->size(), given.size() - 1);
    }

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
            Disturber disturber(folder.path(), failures);
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
