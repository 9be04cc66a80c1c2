// SPDX-License-Identifier: GPL-3.0-or-later
// What is read back from runs that a real script made.
#include <cmath>

#include "cli_support.h"
#include "runglass/base/text.h"

using namespace runglass::test;

namespace {

constexpr const char* kScript = R"py(import json, sys
lr = float(sys.argv[sys.argv.index("--lr") + 1])
for step in range(4):
    print(json.dumps({"step": step, "loss": lr / (step + 3), "val/acc": 1 - lr - 0.1 * (4 - step)}), flush=True)
print("warning: toy data", file=sys.stderr)
)py";

/// The values that the script computes, by hand: IEEE division is the same here as in Python.
double loss(double lr, int step) {
    return lr / (step + 3);
}

}  // namespace

class TestRuns : public runglass::test::TestCase {
    Q_OBJECT

    TempFolder m_project;
    std::string m_first;
    std::string m_second;
    std::string m_failed;

    [[nodiscard]] const std::filesystem::path& folder() const { return m_project.path(); }

    std::string lastId() const { return lines(output(folder(), {"runs", "-q", "-n", "1"})).at(0); }

    static Words names(const QJsonDocument& document) {
        Words result;
        for (const auto run : document.array()) {
            result.push_back(run.toObject()[QLatin1String("name")].toString().toStdString());
        }
        return result;
    }

    Words filtered(const std::string& filter) const {
        return names(json(folder(), {"runs", "--filter", filter}));
    }

private Q_SLOTS:
    void initTestCase() {
        makeProject(m_project, {{"train.py", kScript}, {"config.yaml", "model:\n  depth: 3\n"}});
        output(folder(), {"run", "-q", "--name", "slow", "--tag", "stage=dev", "--", "python3", "train.py",
                          "--lr", "1e-3"});
        m_first = lastId();
        m_project.write("train.py", std::string(kScript) + "print('second version')\n");
        m_project.write("config.yaml", "model:\n  depth: 6\n");
        output(folder(),
               {"run", "-q", "--name", "fast", "--experiment", "naïve, \"quoted\"", "--param",
                "note=a,\"b\"\nc", "--", "python3", "train.py", "--lr", "0.3", "--config", "config.yaml"});
        m_second = lastId();
        const auto failed = call(folder(), {"run", "-q", "--name", "broken", "--", "sh", "-c", "exit 3"});
        QCOMPARE(failed.exitCode, 3);
        m_failed = lastId();
    }

    void runsAgreeWithTheDatabase() {
        const auto all = json(folder(), {"runs"}).array();
        QCOMPARE(all.size(), qsizetype{3});
        QCOMPARE(sqlite(folder(), "SELECT count(*) FROM run"), std::string("3"));
        const auto first = all[2].toObject();  // newest first
        QCOMPARE(first[QLatin1String("id")].toString().toStdString(), m_first);
        QCOMPARE(first[QLatin1String("status")].toString(), QStringLiteral("finished"));
        QCOMPARE(first[QLatin1String("exit_code")].toInt(-1), 0);
        QCOMPARE(first[QLatin1String("params")].toObject()[QLatin1String("lr")].toString(),
                 QStringLiteral("1e-3"));
        QCOMPARE(first[QLatin1String("tags")].toObject()[QLatin1String("stage")].toString(),
                 QStringLiteral("dev"));
        QVERIFY(first[QLatin1String("parent_id")].isNull());
        const auto git = first[QLatin1String("git")].toObject();
        const auto head = lines(runglass::test::git(folder(), {"rev-parse", "HEAD"})).at(0);
        QCOMPARE(git[QLatin1String("commit")].toString().toStdString(), head);
        QCOMPARE(git[QLatin1String("branch")].toString(), QStringLiteral("main"));
        QCOMPARE(git[QLatin1String("dirty")].toBool(true), false);
        QCOMPARE(all[1].toObject()[QLatin1String("git")].toObject()[QLatin1String("dirty")].toBool(), true);
        const auto summary = first[QLatin1String("metrics")].toObject()[QLatin1String("loss")].toObject();
        QCOMPARE(summary[QLatin1String("count")].toInt(), 4);
        QCOMPARE(summary[QLatin1String("last")].toDouble(), loss(1e-3, 3));
        QCOMPARE(summary[QLatin1String("max")].toDouble(), loss(1e-3, 0));
        QCOMPARE(summary[QLatin1String("last_step")].toInt(), 3);
        QCOMPARE(all[0].toObject()[QLatin1String("exit_code")].toInt(), 3);
        QCOMPARE(all[0].toObject()[QLatin1String("status")].toString(), QStringLiteral("failed"));
    }

    void filtersAndOrders() {
        QCOMPARE(filtered("metrics.loss < 0.01"), Words{"slow"});
        QCOMPARE(filtered("params.lr > 0.01 and metrics.val/acc is not null"), Words{"fast"});
        QCOMPARE(filtered("tags.stage like 'd%' or status = 'failed'"), (Words{"broken", "slow"}));
        QCOMPARE(filtered("git.dirty and not status = failed"), Words{"fast"});
        const auto head = runglass::test::git(folder(), {"rev-parse", "--short=7", "HEAD"}).substr(0, 7);
        QCOMPARE(filtered("git.commit = '" + head + "'").size(), std::size_t{3});
        QCOMPARE(names(json(folder(), {"runs", "--order-by", "metrics.loss"})),
                 (Words{"slow", "fast", "broken"}));
        QCOMPARE(names(json(folder(), {"runs", "--order-by", "metrics.loss desc", "-n", "1"})),
                 Words{"fast"});
        QCOMPARE(filtered("archived"), Words{});
        const auto mistake =
            call(folder(), {"runs", "--filter", "params.naïve = 'x' and metrics.val_acc > adam"});
        QCOMPARE(mistake.exitCode, 2);
        QCOMPARE(mistake.err,
                 std::string("runglass: The filter has a mistake at position 42. After `>` a number is "
                             "expected, found `adam`. Example: metrics.val_acc > 0.9\n"));
        QCOMPARE(mistake.out, std::string());
    }

    /// Points of `metrics` read back, in Python, as the very doubles that the script computed there.
    void metricsRoundTrip() {
        const auto result = runProcess(
            {"python3", "-c",
             "import csv, sys\n"
             "rows = list(csv.DictReader(sys.stdin))\n"
             "loss = [r for r in rows if r['key'] == 'loss']\n"
             "assert [int(r['step']) for r in loss] == [0, 1, 2, 3], loss\n"
             "assert [float(r['value']) for r in loss] == [0.3 / (s + 3) for s in range(4)], loss\n"
             "acc = [float(r['value']) for r in rows if r['key'] == 'val/acc']\n"
             "assert acc == [1 - 0.3 - 0.1 * (4 - s) for s in range(4)], acc\n"
             "assert len(rows) == 8, rows\n"},
            folder(), output(folder(), {"metrics", "fast", "--format", "csv"}));
        QVERIFY2(result.exitCode == 0, result.err.c_str());
        const auto points = json(folder(), {"metrics", m_second, "-k", "loss"}).array();
        QCOMPARE(points.size(), qsizetype{4});
        QCOMPARE(points[2].toObject()[QLatin1String("value")].toDouble(), loss(0.3, 2));
        const auto table = lines(output(folder(), {"metrics", m_second, "--key", "loss"}));
        QCOMPARE(table.size(), std::size_t{5});
        QVERIFY(QString::fromStdString(table[1]).endsWith(
            QString::fromStdString(runglass::formatDouble(loss(0.3, 0)))));
        const auto unknown = call(folder(), {"metrics", m_second, "--key", "los"});
        QCOMPARE(unknown.exitCode, 2);
        QVERIFY2(QString::fromStdString(unknown.err).contains(QStringLiteral("It has")), unknown.err.c_str());
    }

    void csvIsRfc4180() {
        const auto result =
            runProcess({"python3", "-c",
                        "import csv, io, sys\n"
                        "data = sys.stdin.buffer.read()\n"
                        "assert data.count(b'\\r\\n') == 4, data\n"
                        "rows = list(csv.DictReader(io.StringIO(data.decode(), newline='')))\n"
                        "fast = [r for r in rows if r['name'] == 'fast'][0]\n"
                        "assert fast['params.note'] == 'a,\"b\"\\nc', fast\n"
                        "assert fast['experiment'] == 'naïve, \"quoted\"', fast\n"
                        "assert float(fast['metrics.loss']) == 0.3 / 6, fast\n"
                        "assert fast['git.dirty'] == 'true' and fast['exit_code'] == '0', fast\n"},
                       folder(), output(folder(), {"runs", "--format", "csv"}));
        QVERIFY2(result.exitCode == 0, result.err.c_str());
        QCOMPARE(output(folder(), {"runs", "--format", "csv", "--columns", "name,max(metrics.loss)",
                                   "--filter", "name = 'slow'"}),
                 "name,max(metrics.loss)\r\nslow," + runglass::formatDouble(loss(1e-3, 0)) + "\r\n");
    }

    void showIsWhole() {
        const auto run = json(folder(), {"show", "fast"}).object();
        QCOMPARE(run[QLatin1String("id")].toString().toStdString(), m_second);
        const auto command = run[QLatin1String("command")].toArray();
        QCOMPARE(command.size(), qsizetype{6});
        QCOMPARE(command[3].toString(), QStringLiteral("0.3"));
        QCOMPARE(run[QLatin1String("cwd")].toString().toStdString(),
                 std::filesystem::canonical(folder()).native());
        QCOMPARE(run[QLatin1String("params")].toObject()[QLatin1String("note")].toString(),
                 QStringLiteral("a,\"b\"\nc"));
        QCOMPARE(run[QLatin1String("config_files")].toArray()[0].toObject()[QLatin1String("path")].toString(),
                 QStringLiteral("config.yaml"));
        QVERIFY(run[QLatin1String("resources")].toObject()[QLatin1String("peak_memory_bytes")].toDouble() >
                1e6);
        QVERIFY(run[QLatin1String("environment")]
                    .toObject()[QLatin1String("hardware")]
                    .toObject()[QLatin1String("cpu_count")]
                    .toInt() > 0);
        const auto text = output(folder(), {"show", m_second.substr(0, 8)});
        QVERIFY2(QString::fromStdString(text).contains(QString::fromStdString(m_second)), text.c_str());
        QVERIFY(QString::fromStdString(text).contains(QStringLiteral("with uncommitted changes")));
    }

    void logIsByteForByte() {
        const auto log = call(folder(), {"log", "fast"});
        QCOMPARE(log.exitCode, 0);
        const auto out = lines(log.out);
        QCOMPARE(out.size(), std::size_t{5});
        QCOMPARE(out[4], std::string("second version"));
        QCOMPARE(log.err, std::string("warning: toy data\n"));
        QVERIFY(QString::fromStdString(output(folder(), {"log", "fast", "--times"}))
                    .contains(QRegularExpression(
                        QStringLiteral("(?m)^20\\d\\d-\\d\\d-\\d\\dT[0-9:.]+Z  second version$"))));
    }

    void diffShowsWhatChanged() {
        const auto diff = json(folder(), {"diff", "slow", "fast", "--only-different"}).object();
        const auto params = diff[QLatin1String("params")].toArray();
        Words keys;
        for (const auto row : params) {
            keys.push_back(row.toObject()[QLatin1String("key")].toString().toStdString());
        }
        QVERIFY(std::find(keys.begin(), keys.end(), "lr") != keys.end());
        QVERIFY(std::find(keys.begin(), keys.end(), "note") != keys.end());
        QVERIFY(diff[QLatin1String("hardware")].toArray().isEmpty());
        // The code, against git's own count between the snapshots.
        const auto snapshot = [&](const char* name) {
            return json(folder(), {"show", name})
                .object()[QLatin1String("git")]
                .toObject()[QLatin1String("snapshot")]
                .toString()
                .toStdString();
        };
        const auto numstat =
            lines(runglass::test::git(folder(), {"diff", "--numstat", snapshot("slow"), snapshot("fast")}));
        const auto code = diff[QLatin1String("code")].toArray();
        QCOMPARE(static_cast<std::size_t>(code.size()), numstat.size());
        for (const auto value : code) {
            const auto file = value.toObject();
            const auto line = QStringLiteral("%1\t%2\t%3")
                                  .arg(file[QLatin1String("added")].toInt())
                                  .arg(file[QLatin1String("removed")].toInt())
                                  .arg(file[QLatin1String("path")].toString())
                                  .toStdString();
            QVERIFY2(std::find(numstat.begin(), numstat.end(), line) != numstat.end(), line.c_str());
        }
        const auto text = output(folder(), {"diff", "slow", "fast", "--code"});
        QVERIFY2(QString::fromStdString(text).contains(QStringLiteral("× 300")), text.c_str());
        QVERIFY(QString::fromStdString(text).contains(QStringLiteral("+print('second version')")));
        QCOMPARE(json(folder(), {"diff", "slow", "fast", "broken"})
                     .object()[QLatin1String("runs")]
                     .toArray()
                     .size(),
                 qsizetype{3});
    }

    void historyAgreesWithGit() {
        git(folder(), {"commit", "-q", "-a", "-m", "Second version, with a \"quote\""});
        output(folder(), {"run", "-q", "--name", "third", "--", "python3", "train.py", "--lr", "0.1"});
        const auto rows = json(folder(), {"history", "--metric", "loss"}).array();
        const auto log = lines(git(folder(), {"log", "--topo-order", "--format=%H %s"}));
        QCOMPARE(static_cast<std::size_t>(rows.size()), log.size());
        for (qsizetype i = 0; i < rows.size(); ++i) {
            const auto row = rows[i].toObject();
            QCOMPARE((row[QLatin1String("commit")].toString() + QLatin1Char(' ') +
                      row[QLatin1String("summary")].toString())
                         .toStdString(),
                     log[static_cast<std::size_t>(i)]);
        }
        QCOMPARE(rows[0].toObject()[QLatin1String("runs")].toArray().size(), qsizetype{1});
        QCOMPARE(rows[1].toObject()[QLatin1String("runs")].toArray().size(), qsizetype{3});
        QCOMPARE(rows[0].toObject()[QLatin1String("best")].toDouble(), loss(0.1, 3));
        QCOMPARE(rows[1].toObject()[QLatin1String("best")].toDouble(), loss(1e-3, 3));  // the lowest
        QCOMPARE(json(folder(), {"history", "--limit", "1"}).array().size(), qsizetype{1});
        QCOMPARE(call(folder(), {"history", "--metric", "mystery"}).exitCode,
                 2);  // better upwards or downwards?
    }

    void idsMayBeShortened() {
        QCOMPARE(json(folder(), {"show", m_first.substr(0, 6)}).object()[QLatin1String("name")].toString(),
                 QStringLiteral("slow"));
        for (const char* unknown : {"ffffffffffffffffffffffffffffffff", "nobody", "00"}) {
            const auto result = call(folder(), {"show", unknown});
            QCOMPARE(result.exitCode, 2);
            QCOMPARE(lines(result.err).size(), std::size_t{1});
        }
        output(folder(), {"run", "-q", "--name", "twin", "--", "true"});
        output(folder(), {"run", "-q", "--name", "twin", "--", "true"});
        const auto ambiguous = call(folder(), {"show", "twin"});
        QCOMPARE(ambiguous.exitCode, 2);
        for (const auto& id : lines(output(folder(), {"runs", "-q", "--filter", "name = 'twin'"}))) {
            QVERIFY2(ambiguous.err.find(id.substr(0, 8)) != std::string::npos, ambiguous.err.c_str());
        }
    }

    void checkFindsNothingAndThenSomething() {
        QCOMPARE(call(folder(), {"check"}).exitCode, 0);
        QVERIFY(json(folder(), {"check"}).object()[QLatin1String("findings")].toArray().isEmpty());
        const auto changed = runProcess({"sqlite3", (folder() / ".runglass/runs.db").native(),
                                         "UPDATE chunk SET data = zeroblob(length(data)); UPDATE tail SET "
                                         "data = zeroblob(length(data))"});
        QVERIFY2(changed.exitCode == 0, changed.err.c_str());
        const auto found = call(folder(), {"check"});
        QCOMPARE(found.exitCode, 1);
        QVERIFY2(lines(found.out).size() >= 2, found.out.c_str());
    }
};

QTEST_GUILESS_MAIN(TestRuns)
#include "tst_runs.moc"
