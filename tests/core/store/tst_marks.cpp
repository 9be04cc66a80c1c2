// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/marks.h"

#include "runglass/store/run_reader.h"
#include "support/scratch_project.h"

using namespace runglass;  // NOLINT(google-build-using-namespace): test

namespace {

store::Database open(const test::ScratchProject& project, store::OpenMode mode = store::OpenMode::ReadWrite) {
    auto database = store::Database::open(project.path(), mode);
    return std::move(database).value();
}

}  // namespace

class TestMarks : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void keepsWhatIsSaidOfAForeignRun() {
        const test::ScratchProject project(false);
        const RunId foreign = RunId::derive("mlruns/0/abc");
        auto database = open(project);
        const auto before = store::RunReader(database).revision();
        store::MarkWriter marks(database);
        VERIFY_OK(marks.setName(foreign, "the good one"));
        VERIFY_OK(marks.setStarred(foreign, true));
        VERIFY_OK(marks.setArchived(foreign, false));
        VERIFY_OK(marks.setColor(foreign, 0x336699));
        VERIFY_OK(marks.setNote(foreign, "# Why"));
        VERIFY_OK(marks.setTag(foreign, "stage", "review"));
        VERIFY_OK(marks.setTag(foreign, "stage", "prod"));
        VERIFY_OK(marks.removeTag(foreign, "user"));

        auto reading = open(project, store::OpenMode::ReadOnly);
        QVERIFY(*store::RunReader(reading).revision() > *before);
        QCOMPARE(*store::markRevision(reading), *store::RunReader(reading).revision());
        const auto all = store::readMarks(reading);
        VERIFY_OK(all);
        QCOMPARE(all->size(), std::size_t{1});
        const store::Mark& mark = all->front();
        QVERIFY(mark == *store::readMark(reading, foreign));

        model::RunRecord record;
        record.id = foreign;
        record.name = "run-7";
        record.archived = true;
        record.tags = {{Symbol("user"), Symbol("ada")}, {Symbol("host"), Symbol("h1")}};
        record.sortKeys();
        const auto marked = mark.over(record);
        QCOMPARE(marked.name, std::string("the good one"));
        QVERIFY(marked.starred && !marked.archived && marked.hasNote);
        QCOMPARE(*marked.color, 0x336699U);
        QCOMPARE(std::string(*marked.tag(Symbol("stage"))), std::string("prod"));
        QCOMPARE(std::string(*marked.tag(Symbol("host"))), std::string("h1"));
        QVERIFY(!marked.tag(Symbol("user")));
    }

    void writesIntoARunOfItsOwn() {
        const test::ScratchProject project(false);
        const auto id = project.addRuns({{.name = "mine", .commit = {}, .metrics = {}}}).front();
        auto database = open(project);
        VERIFY_OK(store::MarkWriter(database).setName(id, "renamed"));
        VERIFY_OK(store::MarkWriter(database).setTag(id, "a", "b"));
        const auto detail = store::RunReader(database).detail(id);
        VERIFY_OK(detail);
        QCOMPARE(detail->record.name, std::string("renamed"));
        QVERIFY(detail->record.tag(Symbol("a")) == std::string_view("b"));
        QVERIFY(store::readMarks(database)->empty());
    }

    void clearingIsNoticed() {
        const test::ScratchProject project(false);
        const RunId foreign = RunId::derive("x");
        auto database = open(project);
        store::MarkWriter marks(database);
        VERIFY_OK(marks.setTag(foreign, "a", "b"));
        const auto before = *store::RunReader(database).revision();
        VERIFY_OK(marks.clear(foreign));
        QVERIFY(*store::RunReader(database).revision() > before);
        store::Mark nothing;
        nothing.id = foreign;
        QVERIFY(*store::readMark(database, foreign) == nothing);
    }
};

QTEST_GUILESS_MAIN(TestMarks)
#include "tst_marks.moc"
