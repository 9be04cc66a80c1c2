// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>
#include <QSignalSpy>
#include <QTest>

#include <filesystem>

#include "runglass/base/clock.h"
#include "runglass/store/layout.h"
#include "runglass/store/run_reader.h"
#include "runglass/store/run_writer.h"
#include "runglass/ui/session/palette_slot.h"
#include "runglass/ui/session/project_session.h"
#include "support/test.h"
#include "support/unprivileged.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

model::RunDetail newRun(const std::string& name) {
    model::RunDetail detail;
    detail.record.id = RunId::generate();
    detail.record.name = name;
    detail.record.experiment = Symbol("digits");
    detail.record.source = Symbol("runglass");
    detail.record.status = model::RunStatus::Finished;
    detail.record.startTimeMs = nowMs();
    detail.record.endTimeMs = nowMs();
    detail.record.params = {{Symbol("lr"), Symbol("0.1")}};
    detail.record.sortKeys();
    return detail;
}

/// Another process would do the same: its own connection to the same database.
class OtherProcess {
public:
    explicit OtherProcess(const std::filesystem::path& project)
        : m_database(store::Database::open(project, store::OpenMode::ReadWrite)) {}
    store::RunWriter writer() { return store::RunWriter(m_database.value()); }
    RunId create(const std::string& name) {
        const auto detail = newRun(name);
        const auto created = writer().createRun(detail);
        if (!created.ok()) {
            QTest::qFail(test::describe(created.error()).c_str(), __FILE__, __LINE__);
        }
        return detail.record.id;
    }
    std::vector<RunId> createMany(int count) {
        std::vector<RunId> ids;
        for (int i = 0; i < count; ++i) {
            ids.push_back(create("run " + std::to_string(i)));
        }
        return ids;
    }
    void append(const RunId& id, std::int64_t from, std::int64_t count) {
        std::vector<store::MetricPoint> points;
        for (std::int64_t i = from; i < from + count; ++i) {
            points.push_back({"loss", {i, 1000 + i, 1.0 / static_cast<double>(i + 1)}});
        }
        if (!writer().appendPoints(id, points).ok()) {
            QTest::qFail("append", __FILE__, __LINE__);
        }
    }
    model::RunDetail detail(const RunId& id) {
        return store::RunReader(m_database.value()).detail(id).value();
    }

private:
    Result<store::Database> m_database;
};

std::uint64_t countOf(const ProjectSession& session, const RunId& id) {
    const auto run = session.run(id);
    const auto* summary = run ? run->metric(Symbol("loss")) : nullptr;
    return summary == nullptr ? 0 : summary->count;
}

}  // namespace

class ProjectSessionTest : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void openingAFolderCreatesNothing() {
        const test::TempFolder folder;
        ProjectSession session(folder.path());
        session.start();
        QTRY_VERIFY(session.loaded());
        QVERIFY(session.runs()->runs.empty());
        QVERIFY(session.writable());
        QTest::qWait(250);
        QVERIFY(std::filesystem::is_empty(folder.path()));
        QVERIFY(!session.git().isRepository);
    }

    void aDatabaseThatAppearsLaterIsFollowed() {
        const test::TempFolder folder;
        ProjectSession session(folder.path());
        session.start();
        QTRY_VERIFY(session.loaded());
        OtherProcess other(folder.path());
        const RunId id = other.create("first");
        QTRY_COMPARE(session.runs()->runs.size(), 1U);
        QCOMPARE(session.run(id)->name, std::string("first"));
    }

    // As the run table counts: each source from 1.
    void runsOfTwoSourcesDoNotLookAlike() {
        model::RunRecord own;
        own.source = Symbol("runglass");
        model::RunRecord foreign;
        foreign.source = Symbol("tensorboard");
        QSet<int> seen;
        for (int number = 1; number <= 36; ++number) {
            own.number = number;
            foreign.number = number;
            QCOMPARE(paletteSlot(own), number - 1);
            QVERIFY(paletteSlot(foreign) % 12 != paletteSlot(own) % 12);
            QCOMPARE(paletteSlot(foreign) / 12, paletteSlot(own) / 12);  // dashes only where colours repeat
            seen.insert(paletteSlot(foreign));
        }
        QCOMPARE(seen.size(), 36);
        own.number = 37;
        QCOMPARE(paletteSlot(own), 0);
    }

    void changesOfOtherProcessesArriveAsDifferences() {
        const test::TempFolder folder;
        OtherProcess other(folder.path());
        const RunId first = other.create("a");
        ProjectSession session(folder.path());
        session.start();
        QTRY_VERIFY(session.loaded());
        QCOMPARE(session.runs()->runs.size(), 1U);
        QVERIFY(session.isVisible(first));

        std::vector<RunsDelta> deltas;
        connect(&session, &ProjectSession::runsChanged, this,
                [&](const RunsDelta& delta) { deltas.push_back(delta); });
        const RunId second = other.create("b");
        QTRY_COMPARE(session.runs()->runs.size(), 2U);
        QVERIFY(!deltas.empty() && !deltas.back().reset);
        QCOMPARE(deltas.back().added, std::vector<RunId>{second});
        QCOMPARE(session.shown(), (std::vector<RunId>{first, second}));
        QCOMPARE(paletteSlot(*session.run(second)), 1);

        deltas.clear();
        other.append(first, 0, 10);
        QTRY_COMPARE(countOf(session, first), 10U);
        QCOMPARE(deltas.back().changed, std::vector<RunId>{first});

        session.select({first, second});
        QVERIFY(other.writer().deleteRun(first).ok());
        QTRY_VERIFY(session.run(first) == nullptr);
        QCOMPARE(session.selection(), std::vector<RunId>{second});
        QVERIFY(!session.isVisible(first));
    }

    void manyCommitsBecomeFewSignals() {
        const test::TempFolder folder;
        OtherProcess other(folder.path());
        const RunId id = other.create("a");
        ProjectSession session(folder.path());
        session.start();
        QTRY_VERIFY(session.loaded());
        QSignalSpy changed(&session, &ProjectSession::runsChanged);
        const auto from = monotonicMs();
        for (int i = 0; i < 200; ++i) {
            other.append(id, i, 1);
            QCoreApplication::processEvents();
        }
        QTRY_COMPARE(countOf(session, id), 200U);
        const auto seconds = static_cast<double>(monotonicMs() - from) / 1000;
        QVERIFY2(static_cast<double>(changed.count()) <= 20 * seconds + 2,
                 qPrintable(QString::number(changed.count())));
    }

    void seriesGrowIncrementally() {
        const test::TempFolder folder;
        OtherProcess other(folder.path());
        const RunId id = other.create("a");
        other.append(id, 0, 1000);
        ProjectSession session(folder.path());
        session.start();
        QTRY_VERIFY(session.loaded());
        model::SharedSeries got;
        const auto request = [&] {
            got.reset();
            session.requestSeries(id, Symbol("loss"), this, [&](Result<model::SharedSeries> series) {
                QVERIFY(series.ok());
                got = *series;
            });
            QVERIFY(got == nullptr);  // never within the call
        };
        request();
        QTRY_VERIFY(got != nullptr);
        QCOMPARE(got->size(), 1000U);
        // The walk over the project's folders may end in between, and runs are looked at anew once.
        const auto comesFromTheCache = [&] {
            const auto last = got;
            request();
            return QTest::qWaitFor([&] { return got != nullptr; }) && got == last;
        };
        QTRY_VERIFY(comesFromTheCache());
        const auto before = got;
        other.append(id, 1000, 500);
        QTRY_COMPARE(countOf(session, id), 1500U);
        request();
        QTRY_VERIFY(got != nullptr);
        QCOMPARE(got->size(), 1500U);
        QCOMPARE(got->at(1499), (model::Point{1499, 2499, 1.0 / 1500}));
        QCOMPARE(before->size(), 1000U);
        QVERIFY(got->extends(*before));

        bool answered = false;
        session.requestSeries(id, Symbol("no such metric"), this, [&](Result<model::SharedSeries> series) {
            answered = series.ok() && *series == nullptr;
        });
        QTRY_VERIFY(answered);
    }

    void nobodyIsCalledAfterTheOwnerIsGone() {
        const test::TempFolder folder;
        OtherProcess other(folder.path());
        const RunId id = other.create("a");
        other.append(id, 0, 10);
        ProjectSession session(folder.path());
        session.start();
        QTRY_VERIFY(session.loaded());
        int calls = 0;
        auto owner = std::make_unique<QObject>();
        session.requestSeries(id, Symbol("loss"), owner.get(), [&](const auto&) { ++calls; });
        session.requestDetail(id, owner.get(), [&](const auto&) { ++calls; });
        owner.reset();
        bool done = false;
        session.requestDetail(id, this, [&](const auto& detail) { done = detail.ok(); });
        QTRY_VERIFY(done);
        QTest::qWait(50);
        QCOMPARE(calls, 0);
    }

    void editsCanBeUndone() {
        const test::TempFolder folder;
        OtherProcess other(folder.path());
        const RunId id = other.create("before");
        QVERIFY(other.writer().setTag(id, "stage", "draft").ok());
        QVERIFY(other.writer().setNote(id, "old note").ok());
        ProjectSession session(folder.path());
        session.start();
        QTRY_VERIFY(session.loaded());
        QTRY_VERIFY(session.run(id)->tag(Symbol("stage")).has_value());

        session.rename(id, QStringLiteral("after"));
        QTRY_COMPARE(session.run(id)->name, std::string("after"));
        session.setTag({id}, QStringLiteral("stage"), QStringLiteral("prod"));
        QTRY_COMPARE(*session.run(id)->tag(Symbol("stage")), std::string_view("prod"));
        session.setTag({id}, QStringLiteral("new"), QStringLiteral("x"));
        QTRY_VERIFY(session.run(id)->tag(Symbol("new")).has_value());
        session.setStarred({id}, true);
        QTRY_VERIFY(session.run(id)->starred);
        session.setArchived({id}, true);
        QTRY_VERIFY(session.run(id)->archived);
        QVERIFY(session.shown().empty());
        session.setNote(id, QStringLiteral("new note"));
        QTRY_COMPARE(other.detail(id).note, std::string("new note"));
        QCOMPARE(session.undoStack()->count(), 6);

        session.undoStack()->setIndex(0);
        QTRY_COMPARE(session.run(id)->name, std::string("before"));
        QTRY_COMPARE(*session.run(id)->tag(Symbol("stage")), std::string_view("draft"));
        QVERIFY(!session.run(id)->tag(Symbol("new")).has_value());
        QVERIFY(!session.run(id)->starred);
        QVERIFY(!session.run(id)->archived);
        QCOMPARE(other.detail(id).note, std::string("old note"));
        QCOMPARE(session.shown(), std::vector<RunId>{id});
        session.undoStack()->redo();
        QTRY_COMPARE(session.run(id)->name, std::string("after"));
    }

    void editsOfNothingAreNoEdits() {
        const test::TempFolder folder;
        OtherProcess other(folder.path());
        const RunId id = other.create("a");
        ProjectSession session(folder.path());
        session.start();
        QTRY_VERIFY(session.loaded());
        session.rename(id, QStringLiteral("a"));
        session.setStarred({id}, false);
        session.removeTag({id}, QStringLiteral("none"));
        session.rename(RunId::generate(), QStringLiteral("b"));
        QCOMPARE(session.undoStack()->count(), 0);
    }

    void aFilterDrawsTheNewestThatPassItUntilSomebodyChooses() {
        const test::TempFolder folder;
        OtherProcess other(folder.path());
        const auto ids = other.createMany(60);
        ProjectSession session(folder.path());
        session.start();
        QTRY_VERIFY(session.loaded());
        session.setShown(std::vector<RunId>(ids.begin(), ids.begin() + 30));
        QCOMPARE(session.plotted(), std::vector<RunId>(ids.begin() + 6, ids.begin() + 30));
        session.setShown(ids);
        QCOMPARE(session.plotted(), std::vector<RunId>(ids.begin() + 36, ids.end()));
        session.setVisible({ids[59]}, false);
        session.setShown({ids[0], ids[58]});
        QCOMPARE(session.plotted(), std::vector<RunId>{ids[58]});  // chosen by hand: as it is from then on
    }

    void visibilityAndSelectionAreShared() {
        const test::TempFolder folder;
        OtherProcess other(folder.path());
        const auto ids = other.createMany(30);
        ProjectSession session(folder.path());
        session.start();
        QTRY_VERIFY(session.loaded());
        QVERIFY(!session.isVisible(ids[0]));  // only the newest 24
        QVERIFY(session.isVisible(ids[29]));
        QSignalSpy visibility(&session, &ProjectSession::visibilityChanged);
        session.setVisible({ids[0], ids[1]}, true);
        session.setVisible({ids[0]}, true);
        QCOMPARE(visibility.count(), 1);
        session.showOnly({ids[3]});
        QVERIFY(!session.isVisible(ids[29]));
        QSignalSpy selection(&session, &ProjectSession::selectionChanged);
        session.select({ids[4]});
        session.select({ids[4]});
        QCOMPARE(selection.count(), 1);
        // A view that filters owns what is shown from then on.
        session.setShown({ids[7]});
        session.showOnly({ids[7]});
        QCOMPARE(session.plotted(), std::vector<RunId>{ids[7]});
        session.setVisible({ids[7]}, false);
        QVERIFY(session.plotted().empty());
        session.setShown({ids[9], ids[7], ids[8]});
        session.showOnly({ids[7], ids[8], ids[10]});
        QCOMPARE(session.plotted(), (std::vector<RunId>{ids[7], ids[8]}));
        session.setShown({ids[7]});
        other.create("later");
        QTRY_COMPARE(session.runs()->runs.size(), 31U);
        QCOMPARE(session.shown(), std::vector<RunId>{ids[7]});
    }

    void gitStateFollowsTheRepository() {
        const test::TempFolder folder;
        folder.write("train.py", "print(1)\n");
        test::git(folder.path(), {"init", "-q"});
        test::git(folder.path(), {"add", "."});
        test::git(folder.path(), {"commit", "-qm", "one"});
        ProjectSession session(folder.path());
        session.start();
        QTRY_VERIFY(session.git().isRepository);
        QCOMPARE(session.git().head.branch, std::string("main"));
        QVERIFY(session.git().changes.empty());
        folder.write("train.py", "print(22)\n");
        folder.write("new.py", "");
        session.refresh();
        QTRY_COMPARE(session.git().changes.size(), 2U);
        const auto& changes = session.git().changes;
        const auto edited = std::find_if(changes.begin(), changes.end(),
                                         [](const auto& entry) { return entry.path == "train.py"; });
        QVERIFY(edited != changes.end());
        QCOMPARE(edited->addedLines, 1);
        QCOMPARE(edited->removedLines, 1);
        test::git(folder.path(), {"checkout", "-qb", "other"});  // no refresh(): HEAD is watched
        QTRY_COMPARE(session.git().head.branch, std::string("other"));
    }

    void aFolderThatCannotBeWrittenIsSaid() {
        const test::TempFolder folder;
        namespace fs = std::filesystem;
        fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec |
                                           fs::perms::others_read | fs::perms::others_exec);
        const test::Unprivileged nobody;
        if (const char* why = nobody.whyNot(folder.path())) {
            QSKIP(why);
        }
        ProjectSession session(folder.path());
        session.start();
        QTRY_VERIFY(session.loaded());
        QVERIFY(!session.writable());
        QVERIFY(session.whyNotWritable().contains(QLatin1String("read-only")));
    }

    void aDamagedDatabaseIsAProblemNotACrash() {
        const test::TempFolder folder;
        folder.write(".runglass/runs.db", std::string(4096, 'x'));
        ProjectSession session(folder.path());
        QSignalSpy problems(&session, &ProjectSession::problemRaised);
        session.start();
        QTRY_VERIFY(session.loaded());
        QVERIFY(session.runs()->runs.empty());
        QTRY_VERIFY(problems.count() >= 1);
        QVERIFY(!session.problems().empty());
        QVERIFY(!session.problems().front().message.isEmpty());
        QCOMPARE(std::filesystem::file_size(folder / ".runglass/runs.db"), 4096U);  // nothing destroyed
    }

    void aReplacedDatabaseIsReadAnew() {
        const test::TempFolder folder;
        const test::TempFolder elsewhere;
        {
            OtherProcess(folder.path()).create("old");
            OtherProcess(elsewhere.path()).create("new one");
        }
        ProjectSession session(folder.path());
        session.start();
        QTRY_VERIFY(session.loaded());
        QCOMPARE(session.runs()->runs.front()->name, std::string("old"));
        std::filesystem::remove_all(folder / ".runglass");
        QTRY_VERIFY(session.runs()->runs.empty());
        std::filesystem::copy(elsewhere / ".runglass", folder / ".runglass",
                              std::filesystem::copy_options::recursive);
        QTRY_VERIFY(!session.runs()->runs.empty());
        QCOMPARE(session.runs()->runs.front()->name, std::string("new one"));
    }

    void theProjectIsNamedAfterItsFolder() {
        QCOMPARE(ProjectSession("/tmp/digits-lab").projectName(), QStringLiteral("digits-lab"));
        QCOMPARE(ProjectSession("/tmp/digits-lab/").projectName(), QStringLiteral("digits-lab"));
        QCOMPARE(ProjectSession("/").projectName(), QStringLiteral("/"));
    }
};

QTEST_MAIN(ProjectSessionTest)
#include "tst_project_session.moc"
