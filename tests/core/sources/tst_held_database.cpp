// SPDX-License-Identifier: GPL-3.0-or-later
// A database that another program holds: that is said once, and it is read as soon as it is free.
#include "foreign_sqlite.h"
#include "reading.h"
#include "runglass/sources/catalogue.h"
#include "runglass/store/layout.h"

using namespace runglass;

namespace {

constexpr const char* kTrackio = R"(
    CREATE TABLE metrics(id INTEGER PRIMARY KEY, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT);
    INSERT INTO metrics VALUES(1, '2024-01-02T03:04:05', 'a', 0, '{"loss": 0.5}');
)";
constexpr const char* kOneMore =
    R"(INSERT INTO metrics VALUES(2, '2024-01-02T03:04:06', 'a', 1, '{"loss": 0.25}');)";

}  // namespace

class TestHeldDatabase : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void isReadWhenItIsFree_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("a name that tells nothing") << QByteArray("a.db");
        QTest::newRow("a name that tells") << QByteArray("mlflow.db");
    }

    void isReadWhenItIsFree() {
        QFETCH(QByteArray, name);
        const test::TempFolder project;
        const test::ForeignSqlite writer(project / name.toStdString());
        writer.run(kTrackio);
        writer.run("BEGIN EXCLUSIVE");
        sources::Catalogue catalogue({.project = project.path(), .cache = false});
        QVERIFY(catalogue.load()->runs.empty());
        checkSaid(*catalogue.runs(), name.toStdString());
        QVERIFY(catalogue.runs()->held);
        QVERIFY(catalogue.refresh()->runs.empty());
        checkSaid(*catalogue.runs(), name.toStdString());
        writer.run("COMMIT");  // nothing has changed in the file: nobody announces it
        const auto freed = catalogue.refresh();
        QCOMPARE(freed->runs.size(), std::size_t{1});
        QCOMPARE(freed->runs.front()->source.str(), std::string("trackio"));
        QVERIFY(!freed->held);
        QVERIFY(freed->problems.empty());
    }

    void whatWasReadBeforeStays() {
        const test::TempFolder project;
        const test::ForeignSqlite writer(project / "a.db");
        writer.run(kTrackio);
        sources::Catalogue catalogue({.project = project.path(), .cache = false});
        QCOMPARE(catalogue.load()->runs.size(), std::size_t{1});
        writer.run(kOneMore);
        writer.run("BEGIN EXCLUSIVE");
        project.write("something", "else");  // makes the folder be looked at again
        const auto held = catalogue.refresh();
        QCOMPARE(countIn(*held), std::uint64_t{1});
        QCOMPARE(held->problems.size(), std::size_t{1});
        QVERIFY(held->held);
        writer.run("COMMIT");
        const auto freed = catalogue.refresh();
        QCOMPARE(countIn(*freed), std::uint64_t{2});
        QVERIFY(freed->problems.empty());
        std::filesystem::remove(project / "a.db");
        QVERIFY(catalogue.refresh()->runs.empty());
    }

    void whatTheIndexKnowsIsShown() {
        const test::TempFolder project;
        std::filesystem::create_directories(store::Layout(project.path()).root());
        const test::ForeignSqlite writer(project / "a.db");
        writer.run(kTrackio);
        const auto longAgo = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
        std::filesystem::last_write_time(project / "a.db", longAgo);
        QCOMPARE(sources::Catalogue({.project = project.path()}).load()->runs.size(), std::size_t{1});
        writer.run("BEGIN EXCLUSIVE");
        sources::Catalogue catalogue({.project = project.path()});
        const auto held = catalogue.load();
        QCOMPARE(countIn(*held), std::uint64_t{1});
        QCOMPARE(held->problems.size(), std::size_t{1});
    }

private:
    static void checkSaid(const sources::ForeignRuns& runs, const std::string& name) {
        QCOMPARE(runs.problems.size(), std::size_t{1});
        const auto text = sources::describe(runs.problems.front(), runs.problems.front().file.parent_path());
        QVERIFY2(text.starts_with(name + ": Another program is writing to it."), text.c_str());
    }
    static std::uint64_t countIn(const sources::ForeignRuns& runs) {
        const auto* metric = runs.runs.empty() ? nullptr : runs.runs.front()->metric(Symbol("loss"));
        return metric == nullptr ? 0 : metric->count;
    }
};

QTEST_GUILESS_MAIN(TestHeldDatabase)
#include "tst_held_database.moc"
