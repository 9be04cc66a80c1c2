// SPDX-License-Identifier: GPL-3.0-or-later
// Each mistake gets one line that names the thing, and exit code 2; nothing is made or destroyed.
#include <unistd.h>

#include "cli_support.h"

using namespace runglass::test;

class TestBadInput : public runglass::test::TestCase {
    Q_OBJECT

    TempFolder m_project;
    [[nodiscard]] const std::filesystem::path& folder() const { return m_project.path(); }

    static void expect(const ProcessResult& result, int exitCode, const char* text) {
        QVERIFY2(result.err.find(text) != std::string::npos, result.err.c_str());
        QVERIFY2(result.err.starts_with("runglass: ") && lines(result.err).size() == 1, result.err.c_str());
        QCOMPARE(result.exitCode, exitCode);
        QCOMPARE(result.out, std::string());
    }

private Q_SLOTS:
    void initTestCase() {
        makeProject(m_project, {{"readme", "x\n"}});
        output(folder(), {"run", "-q", "--name", "one", "--", "echo", "loss=0.5"});
    }

    void usage_data() {
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* words, const char* message) {
            QTest::newRow(words) << QString::fromUtf8(words) << QString::fromUtf8(message);
        };
        row("rusn", "Did you mean run");
        row("frobnicate", "There is no command frobnicate. See runglass --help.");
        row("runs --fliter x", "Did you mean --filter?");
        row("runs --limit", "--limit needs a value: --limit N");
        row("runs --limit ten", "--limit takes a whole number");
        row("runs --limit -1", "--limit takes a whole number");
        row("runs --format xml", "--format takes table|json|csv, not xml.");
        row("runs --quiet=yes", "--quiet takes no value.");
        row("runs extra", "extra is one word too many");
        row("runs --columns params.", "a key is expected");
        row("runs --order-by loss", "--order-by has a mistake at position 1.");
        row("show", "RUN is missing");
        row("show one two", "two is one word too many");
        row("diff one", "B is missing");
        row("run", "CMD is missing");
        row("run --tag novalue -- true", "--tag takes KEY=VALUE, not novalue.");
        row("run --dataset d=/nonexistent/file -- true", "/nonexistent/file");
        row("run --grace soon -- true", "--grace takes a number");
        row("run --parent nobody -- true", "nobody");
        row("stop one --format json", "has no option --format");
        row("plot -o x.svg", "--metric is missing");
        row("plot --metric loss", "-o is missing");
        row("plot --metric loss -o x.gif", "ends in .svg, .png, .pdf or .csv");
        row("plot --metric loss -o /nonexistent/x.svg", "/nonexistent");
        row("plot --metric los -o x.svg", "There are");
        row("plot --metric loss --smooth 2 -o x.svg", "--smooth takes a number from 0 to 0.999");
        row("plot --metric loss --group seed -o x.svg", "--group takes experiment, repeats");
        row("plot --metric loss --band iqr -o x.svg", "--band takes");
        row("plot --metric loss --x epoch -o x.svg", "--x takes step|time|relative");
        row("open --size 10x10", "--size takes WIDTHxHEIGHT");
        row("open --view curvs", "--view takes");
        row("open /nonexistent/place", "/nonexistent/place");
        row("runs --project /nonexistent/place", "/nonexistent/place");
        row("runs --project readme", "readme is not a folder");
        row("history nosuchbranch", "nosuchbranch");
        row("help nosuch", "nosuch");
    }
    void usage() {
        QFETCH(QString, words);
        QFETCH(QString, message);
        Words command;
        for (const auto& word : words.split(QLatin1Char(' '))) {
            command.push_back(word.toStdString());
        }
        expect(call(folder(), command), 2, message.toUtf8().constData());
        QCOMPARE(sqlite(folder(), "SELECT count(*) FROM run"), std::string("1"));  // no run was made
    }

    void noProjectIsSaid() {
        const TempFolder empty;
        expect(call(empty.path(), {"runs"}), 2, "There is no project here");
        expect(call(empty.path(), {"show", "abcd"}), 2, "There is no project here");
        QVERIFY(!std::filesystem::exists(empty / ".runglass"));  // looking makes nothing
        git(empty.path(), {"init", "-q"});
        const auto none = call(empty.path(), {"runs"});
        QCOMPARE(none.exitCode, 0);
        QVERIFY2(none.err.find("No run is recorded here yet") != std::string::npos, none.err.c_str());
        QCOMPARE(json(empty.path(), {"runs"}).array().size(), qsizetype{0});
        expect(call(empty.path(), {"show", "abcd"}), 2, "No run is recorded in");
        QVERIFY(!std::filesystem::exists(empty / ".runglass"));
    }

    void readOnlyFoldersAreLookedAt() {
        const TempFolder copy;
        std::filesystem::copy(
            folder(), copy.path(),
            std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
        runProcess({"chmod", "-R", "a+rX,a-w", copy.path().native()});
        const auto runs = callAsNobody(copy.path(), {"runs", "-q"});
        const auto run = callAsNobody(copy.path(), {"run", "-q", "--", "true"});
        const auto opened = callAsNobody(
            "/", {"runs", "--project", copy.path().native(), "--filter", "metrics.loss = 0.5", "-q"});
        runProcess({"chmod", "-R", "u+w", copy.path().native()});
        if (runs.exitCode == 126 || runs.exitCode == 127) {
            QSKIP("the build folder cannot be reached by another user");
        }
        QVERIFY2(runs.exitCode == 0, runs.err.c_str());
        QCOMPARE(lines(runs.out).size(), std::size_t{1});
        QCOMPARE(opened.out, runs.out);
        QCOMPARE(run.exitCode, 2);
        QVERIFY2(run.err.find(copy.path().native()) != std::string::npos, run.err.c_str());
    }

    void unreadableFoldersAreNamed() {
        const TempFolder closed;
        git(closed.path(), {"init", "-q"});
        runProcess({"chmod", "0", closed.path().native()});
        const auto result = callAsNobody("/", {"runs", "--project", closed.path().native()});
        runProcess({"chmod", "700", closed.path().native()});
        if (result.exitCode == 126 || result.exitCode == 127) {
            QSKIP("the build folder cannot be reached by another user");
        }
        expect(result, 2, closed.path().native().c_str());
    }

    void newerDatabasesAreReadOnly() {
        const TempFolder copy;
        std::filesystem::copy(
            folder(), copy.path(),
            std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
        runProcess({"sqlite3", (copy / ".runglass/runs.db").native(), "PRAGMA user_version = 9999"});
        const auto look = call(copy.path(), {"runs", "-q"});
        QCOMPARE(look.exitCode, 0);
        QCOMPARE(lines(look.out).size(), std::size_t{1});
        QVERIFY2(lines(look.err).size() == 1 && look.err.find("newer") != std::string::npos,
                 look.err.c_str());
        const auto run = call(copy.path(), {"run", "-q", "--", "true"});
        QCOMPARE(run.exitCode, 2);
        QCOMPARE(sqlite(copy.path(), "SELECT count(*) FROM run"), std::string("1"));
    }

    void damagedDatabasesAreSaidAndKept() {
        const TempFolder copy;
        git(copy.path(), {"init", "-q"});
        const std::string rubbish = "this is no database, but somebody's only copy of something\n";
        copy.write(".runglass/runs.db", rubbish);
        const auto look = call(copy.path(), {"runs"});
        QCOMPARE(look.exitCode, 2);
        QVERIFY2(lines(look.err).size() == 1 && look.err.find("runs.db") != std::string::npos,
                 look.err.c_str());
        QVERIFY(call(copy.path(), {"run", "-q", "--", "true"}).exitCode == 2);
        QVERIFY(call(copy.path(), {"check"}).exitCode != 0);
        QCOMPARE(runProcess({"cat", (copy / ".runglass/runs.db").native()}).out, rubbish);
    }
};

QTEST_GUILESS_MAIN(TestBadInput)
#include "tst_bad_input.moc"
