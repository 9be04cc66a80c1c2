// SPDX-License-Identifier: GPL-3.0-or-later
// The log that all endpoints of a project share: read on by each, one at a time, and gone when it has been
// taken over.
#include "runglass/store/catalog_log.h"

#include <fstream>

#include "runglass/store/catalog_takeover.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::store;

class TestCatalogLog : public runglass::test::TestCase {
    Q_OBJECT

    using Records = std::vector<std::string>;
    static constexpr std::int64_t kNow = 0;

    static Records readOn(CatalogLog::Turn& turn) {
        Records records;
        const auto done = turn.readOn([&](std::string_view record) -> Result<void> {
            records.emplace_back(record);
            return {};
        });
        return done.ok() ? records : Records{done.error().message};
    }
    static Records readOn(CatalogLog& log) {
        auto turn = log.turn(kNow);
        return turn.ok() ? readOn(*turn) : Records{turn.error().message};
    }
    static bool add(CatalogLog& log, std::string_view record) {
        auto turn = log.turn(kNow);
        return turn.ok() && (static_cast<void>(readOn(*turn)), turn->add(record));
    }
    static std::filesystem::path fileOf(const std::filesystem::path& project) {
        return project / ".runglass" / "aside" / "catalog";
    }

private Q_SLOTS:
    void eachReadsOnFromWhereItWas() {
        const test::TempFolder folder;
        CatalogLog one(folder.path());
        CatalogLog other(folder.path());
        QVERIFY(one.empty() && readOn(one).empty());
        QVERIFY(add(one, "a") && add(other, "b") && !one.empty());
        QVERIFY(readOn(one) == Records{"b"});
        QVERIFY(add(one, std::string("c\0d", 3)));
        QVERIFY((readOn(other) == Records{std::string("c\0d", 3)}));
        QVERIFY(readOn(one).empty() && readOn(other).empty());
        auto turn = other.turn(kNow);
        QVERIFY(turn->goesOn());
        turn->readAgain();
        QVERIFY((readOn(*turn) == Records{"a", "b", std::string("c\0d", 3)}));
    }

    void oneAtATime() {
        const test::TempFolder folder;
        CatalogLog one(folder.path());
        CatalogLog other(folder.path());
        {
            const auto turn = one.turn(kNow);
            QVERIFY(turn.ok());
            QCOMPARE(other.turn(5).error().code, ErrorCode::Busy);
        }
        QVERIFY(other.turn(kNow).ok());
    }

    void whatWasTakenOverIsToldFromWhatIsNew() {
        const test::TempFolder folder;
        CatalogLog one(folder.path());
        CatalogLog other(folder.path());
        QVERIFY(add(one, "first"));
        QVERIFY(readOn(other) == Records{"first"});
        other.turn(kNow)->clear();
        QVERIFY(one.empty() && other.empty() && !std::filesystem::exists(fileOf(folder.path())));
        QVERIFY(add(other, "other"));  // of the same length
        auto turn = one.turn(kNow);
        QVERIFY(!turn->goesOn());
        QVERIFY(readOn(*turn) == Records{"other"});
    }

    /// A process that is killed while it adds has acknowledged nothing.
    void aHalfRecordIsOverwritten() {
        const test::TempFolder folder;
        CatalogLog one(folder.path());
        QVERIFY(add(one, "whole"));
        const char half[] = "\x20\0\0\0\1\2\3\4half of a rec";
        std::ofstream(fileOf(folder.path()), std::ios::app | std::ios::binary).write(half, sizeof half - 1);
        CatalogLog other(folder.path());
        QVERIFY(readOn(other) == Records{"whole"});
        QVERIFY(add(other, "x"));
        QVERIFY(readOn(one) == Records{"x"});
        QCOMPARE(std::filesystem::file_size(fileOf(folder.path())), std::uintmax_t{8 + 5 + 8 + 1});
    }

    void noMoreThanItsBound() {
        const test::TempFolder folder;
        CatalogLog log(folder.path());
        const std::string record(16U << 20U, 'x');
        for (int i = 0; i < 3; ++i) {
            QVERIFY(add(log, record));
        }
        QVERIFY(!add(log, record));  // with its header the fourth goes beyond 64 MiB
        QVERIFY(add(log, "a small one"));
    }

    /// What fails is taken over by the next.
    void aTakeoverIsWhole() {
        const test::TempFolder folder;
        auto database = Database::open(folder.path(), OpenMode::ReadWrite);
        QVERIFY(database.ok());
        CatalogLog log(folder.path());
        const auto bytes = encodeCatalogChanges({RegisteredModel{"reg", 12, 12, "text", {}, {}}});
        QVERIFY(add(log, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
        RunWriter writer(*database);
        RunReader reader(*database);
        TrackedRuns tracked(*database);
        SeriesBook book(*database, writer, reader, tracked);
        ChangeWriter changes(*database, book);
        CatalogTakeover takeover(folder.path());
        for (const bool fails : {true, false}) {
            const auto done = writer.transaction([&]() -> Result<void> {
                RUNGLASS_TRY(takeover.begin(changes, false, kNow));
                if (!takeover.hasTurn() || !ModelRegistry(*database).model("reg").ok()) {
                    return Error{ErrorCode::Internal, {}, {}};
                }
                return fails ? Result<void>(Error{ErrorCode::Full, {}, {}}) : Result<void>();
            });
            QVERIFY(done.ok() != fails);
            takeover.end(done.ok());
            QVERIFY(!takeover.hasTurn());
            QCOMPARE(takeover.empty(), !fails);
            QCOMPARE(ModelRegistry(*database).model("reg").ok(), !fails);
        }
    }
};

QTEST_GUILESS_MAIN(TestCatalogLog)
#include "tst_catalog_log.moc"
