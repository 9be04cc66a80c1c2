// SPDX-License-Identifier: GPL-3.0-or-later
// `runglass run`, `log --follow` and `stop` as processes: exit codes, signals, pipes.
#include <QElapsedTimer>
#include <QProcess>
#include <csignal>

#include "cli_support.h"

using namespace runglass::test;

namespace {

std::string statusOf(const std::filesystem::path& folder, const std::string& run) {
    return json(folder, {"show", run}).object()[QLatin1String("status")].toString().toStdString();
}

/// A program in the background, in `folder`, killed with the object.
class Background {
public:
    Background(const std::filesystem::path& folder, const Words& words) {
        m_process.setWorkingDirectory(QString::fromStdString(folder.native()));
        QStringList arguments;
        for (const auto& word : words) {
            arguments << QString::fromStdString(word);
        }
        m_process.start(QString::fromStdString(runglassProgram().native()), arguments);
        m_process.waitForStarted();
    }
    ~Background() {
        if (m_process.state() != QProcess::NotRunning) {
            m_process.kill();
            m_process.waitForFinished();
        }
    }
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    bool waitForOutput(const QByteArray& text) {
        QElapsedTimer timer;
        timer.start();
        while (!m_output.contains(text) && timer.elapsed() < 20'000) {
            m_process.waitForReadyRead(100);
            m_output += m_process.readAllStandardOutput();
        }
        return m_output.contains(text);
    }
    int waitForEnd() {
        m_process.waitForFinished(30'000);
        m_output += m_process.readAllStandardOutput();
        return m_process.state() == QProcess::NotRunning ? m_process.exitCode() : -1;
    }
    void signal(int number) { ::kill(static_cast<pid_t>(m_process.processId()), number); }
    [[nodiscard]] const QByteArray& output() const { return m_output; }

private:
    QProcess m_process;
    QByteArray m_output;
};

}  // namespace

class TestRun : public runglass::test::TestCase {
    Q_OBJECT

    TempFolder m_project;
    [[nodiscard]] const std::filesystem::path& folder() const { return m_project.path(); }

private Q_SLOTS:
    void initTestCase() { makeProject(m_project, {{"readme", "x\n"}, {"data.csv", "1,2\n"}}); }

    void exitCodesArePassedOn() {
        QCOMPARE(call(folder(), {"run", "-q", "--", "true"}).exitCode, 0);
        QCOMPARE(call(folder(), {"run", "-q", "--", "sh", "-c", "exit 42"}).exitCode, 42);
        QCOMPARE(
            call(folder(), {"run", "-q", "--name", "signalled", "--", "sh", "-c", "kill -9 $$"}).exitCode,
            137);
        const auto missing = call(folder(), {"run", "-q", "--name", "missing", "--", "pyhton", "train.py"});
        QCOMPARE(missing.exitCode, 127);
        QVERIFY2(missing.err.find("pyhton") != std::string::npos, missing.err.c_str());
        QCOMPARE(statusOf(folder(), "missing"), std::string("failed"));
        QVERIFY(call(folder(), {"log", "missing"}).err.find("pyhton") != std::string::npos);
    }

    void outputIsPassedThroughByteForByte() {
        const auto result = call(folder(), {"run", "-q", "--name", "bytes", "--", "sh", "-c",
                                            R"(printf 'a\377\000b\n'; printf 'err\n' >&2)"});
        QCOMPARE(result.out, std::string("a\377\0b\n", 5));
        QCOMPARE(result.err, std::string("err\n"));
        QCOMPARE(output(folder(), {"log", "bytes"}), std::string("a\377\0b\n", 5));
    }

    void standardInputIsHandedOn() {
        const auto result = runProcess({runglassProgram().native(), "run", "-q", "--", "cat"}, folder(),
                                       "three\nlines\nof it");
        QCOMPARE(result.out, std::string("three\nlines\nof it"));
    }

    /// Options of the command are the command's, also those that runglass has too.
    void wordsOfTheCommandStayItsOwn() {
        const auto result = call(folder(), {"run", "-q", "--name", "words", "echo", "--name", "x", "--help",
                                            "-q", "--", "*", "$HOME", "a b"});
        QCOMPARE(result.out, std::string("--name x --help -q -- * $HOME a b\n"));
        const auto command = json(folder(), {"show", "words"}).object()[QLatin1String("command")].toArray();
        QCOMPARE(command.size(), qsizetype{9});
        QCOMPARE(command[8].toString(), QStringLiteral("a b"));
    }

    void optionsAreRecorded() {
        output(folder(), {"run", "-q", "--name", "parent", "--", "true"});
        output(folder(), {"run",       "-q",
                          "--name",    "child",
                          "-e",        "sweep",
                          "-t",        "a=1",
                          "-t",        "b==",
                          "-p",        "lr=2",
                          "--dataset", "digits=data.csv",
                          "--env",     "GREETING=hello",
                          "--parent",  "parent",
                          "--",        "sh",
                          "-c",        "test \"$GREETING\" = hello",
                          "x",         "--lr",
                          "1"});
        const auto run = json(folder(), {"show", "child"}).object();
        QCOMPARE(run[QLatin1String("experiment")].toString(), QStringLiteral("sweep"));
        QCOMPARE(run[QLatin1String("tags")].toObject()[QLatin1String("b")].toString(), QStringLiteral("="));
        QCOMPARE(run[QLatin1String("params")].toObject()[QLatin1String("lr")].toString(),
                 QStringLiteral("2"));
        QCOMPARE(run[QLatin1String("parent_id")].toString(),
                 json(folder(), {"show", "parent"}).object()[QLatin1String("id")].toString());
        const auto dataset = run[QLatin1String("datasets")].toArray()[0].toObject();
        QCOMPARE(dataset[QLatin1String("name")].toString(), QStringLiteral("digits"));
        const auto sum = runProcess({"sha256sum", (folder() / "data.csv").native()}).out.substr(0, 64);
        QVERIFY2(dataset[QLatin1String("digest")].toString().contains(QString::fromStdString(sum)),
                 qPrintable(dataset[QLatin1String("digest")].toString()));
    }

    void detachedRunsAreFollowedAndStopped() {
        const auto id = lines(output(folder(), {"run", "--detach", "--name", "long", "--grace", "5", "--",
                                                "sh", "-c", "echo started; sleep 60; echo never"}))
                            .at(0);
        QCOMPARE(id.size(), std::size_t{32});
        Background follower(folder(), {"log", id, "--follow"});
        QVERIFY(follower.waitForOutput("started\n"));
        QTRY_COMPARE_WITH_TIMEOUT(statusOf(folder(), id), std::string("running"), 5'000);
        QCOMPARE(call(folder(), {"stop", id, "--wait"}).exitCode, 0);
        QCOMPARE(statusOf(folder(), id), std::string("killed"));
        QCOMPARE(follower.waitForEnd(), 0);
        QCOMPARE(follower.output(), QByteArray("started\n"));
        const auto again = call(folder(), {"stop", id});
        QCOMPARE(again.exitCode, 1);
        QVERIFY2(again.err.find("does not run") != std::string::npos, again.err.c_str());
    }

    void interruptReachesTheCommand() {
        Background run(folder(), {"run", "-q", "--name", "interrupted", "--", "sh", "-c",
                                  "trap 'echo bye; exit 7' INT; echo ready; while :; do sleep 0.05; done"});
        QVERIFY(run.waitForOutput("ready\n"));
        run.signal(SIGINT);
        QCOMPARE(run.waitForEnd(), 7);
        QVERIFY(run.output().endsWith("bye\n"));
    }

    /// The person closes the terminal: the run goes on.
    void runsOutliveTheirTerminal() {
        Background run(folder(), {"run", "-q", "--name", "survivor", "--", "sh", "-c",
                                  "echo ready; sleep 1; echo done"});
        QVERIFY(run.waitForOutput("ready\n"));
        run.signal(SIGKILL);
        run.waitForEnd();
        QTRY_COMPARE_WITH_TIMEOUT(statusOf(folder(), "survivor"), std::string("finished"), 15'000);
        QCOMPARE(output(folder(), {"log", "survivor"}), std::string("ready\ndone\n"));
    }

    /// Nobody reads the output any more; the exit code still counts.
    void brokenPipes() {
        const auto result = runProcess({"bash", "-c",
                                        "\"$0\" run -q --name piped -- sh -c 'yes | head -n 100000; exit 5' "
                                        "| head -n 1; echo ${PIPESTATUS[0]}",
                                        runglassProgram().native()},
                                       folder());
        QCOMPARE(result.out, std::string("y\n5\n"));
        const auto quiet = runProcess(
            {"bash", "-c", "for i in 1 2 3 4 5 6 7 8 9; do \"$0\" runs --format json; done | head -c 1",
             runglassProgram().native()},
            folder());
        QCOMPARE(quiet.err, std::string());
        const auto full = runProcess(
            {"bash", "-c", "\"$0\" runs --format json > /dev/full", runglassProgram().native()}, folder());
        QCOMPARE(full.exitCode, 1);
        QVERIFY2(full.err.find("could not be written") != std::string::npos, full.err.c_str());
    }

    /// More than the log keeps (128 MiB), faster than the terminal takes it: the command waits instead.
    void slowTerminalsMissNothing() {
        const auto digest = runProcess({"bash", "-c", "seq 1 30000000 | sha256sum"}).out;
        const auto result =
            runProcess({"bash", "-c",
                        "\"$0\" run -q --name plenty -- seq 1 30000000 | (sleep 1; sha256sum); "
                        "echo ${PIPESTATUS[0]}",
                        runglassProgram().native()},
                       folder());
        QCOMPARE(result.out, digest + "0\n");
        QCOMPARE(result.err, std::string());
        std::uintmax_t kept = 0;
        const auto id = json(folder(), {"show", "plenty"}).object()[QLatin1String("id")].toString();
        for (const auto& entry :
             std::filesystem::directory_iterator(folder() / ".runglass/runs" / id.toStdString())) {
            kept += entry.path().extension() == ".log" ? entry.file_size() : 0;
        }
        QVERIFY2(kept <= (144U << 20U), std::to_string(kept).c_str());
        QVERIFY(output(folder(), {"log", "plenty"}).ends_with("\n30000000\n"));
    }

    /// A terminal that takes nothing holds the command up only as long as it is there.
    void closedTerminalsHoldNothingUp() {
        const auto result = runProcess({"bash", "-c",
                                        "mkfifo pipe; exec 9<>pipe; "
                                        "\"$0\" run -q --name closed -- seq 1 30000000 >&9 & sleep 3; "
                                        "\"$0\" show closed --format json | grep '\"status\"'; kill -9 $!",
                                        runglassProgram().native()},
                                       folder());
        QVERIFY2(result.out.find("running") != std::string::npos, result.out.c_str());
        QTRY_COMPARE_WITH_TIMEOUT(statusOf(folder(), "closed"), std::string("finished"), 30'000);
        QVERIFY(output(folder(), {"log", "closed"}).ends_with("\n30000000\n"));
    }

    void foldersBelowTheProject() {
        std::filesystem::create_directories(folder() / "sub/deep");
        const auto result = call(folder() / "sub/deep", {"run", "-q", "--name", "below", "--", "pwd"});
        QCOMPARE(result.out, std::filesystem::canonical(folder()).native() + "/sub/deep\n");
        QVERIFY(!std::filesystem::exists(folder() / "sub/deep/.runglass"));
        QCOMPARE(call("/", {"show", "below", "--project", folder().native()}).exitCode, 0);
    }
};

QTEST_GUILESS_MAIN(TestRun)
#include "tst_run.moc"
