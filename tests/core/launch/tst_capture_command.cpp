// SPDX-License-Identifier: GPL-3.0-or-later
// Params and script of a command line: what follows the script counts, whatever stands before it.
#include "runglass/launch/capture.h"
#include "support/test.h"

using runglass::launch::joinCommand;
using runglass::launch::paramsFromCommand;
using runglass::launch::ScriptFlag;
using runglass::launch::ScriptFlags;
using runglass::launch::scriptOfCommand;
using runglass::launch::splitCommand;

namespace {

std::string shown(const std::vector<runglass::model::Variable>& params) {
    std::string text;
    for (const auto& [key, value] : params) {
        text += (text.empty() ? "" : " | ") + key + " = " + value;
    }
    return text;
}

}  // namespace

class TestCaptureCommand : public runglass::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void params_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* line, const char* expected) {
            QTest::newRow(name) << QString::fromUtf8(line) << QString::fromUtf8(expected);
        };
        row("value after a blank", "python train.py --lr 3e-3 --sched cosine", "lr = 3e-3 | sched = cosine");
        row("value after =", "python train.py --lr=3e-3 --name=", "lr = 3e-3 | name = ");
        row("= within the value", "python train.py --aug=rotate=12,shift=0.1", "aug = rotate=12,shift=0.1");
        row("short", "python train.py -b 32 -lr 0.1 -j8", "b = 32 | lr = 0.1 | j = 8");
        row("switches", "python train.py --amp --no-shuffle --no_bar",
            "amp = true | shuffle = false | bar = false");
        row("switch at the end and before a flag", "train.py --amp --seed 1 --debug",
            "amp = true | seed = 1 | debug = true");
        row("negative numbers are values", "python t.py --min -1 --clip -.5 --x -3e-4 --y -inf",
            "min = -1 | clip = -.5 | x = -3e-4 | y = -inf");
        row("lists of numbers", "python t.py --layers 64 64 32 --lr 0.1 data.csv",
            "layers = 64 64 32 | lr = 0.1");
        row("repeated flags keep the last", "python t.py --lr 1 --lr 2", "lr = 2");
        row("-- ends the flags", "python t.py --a 1 -- --b 2 c=3", "a = 1 | c = 3");
        row("hydra", "python t.py model=cnn +db=mysql ++opt.lr=0.1 ~sched db@src=x model/head=mlp",
            "model = cnn | db = mysql | opt.lr = 0.1 | ~sched =  | db@src = x | model/head = mlp");
        row("hydra after a switch", "python t.py --multirun lr=1,2", "multirun = true | lr = 1,2");
        row("positionals are not params", "python t.py data/train.csv out https://a.b/?x=1", "");
        row("values with blanks", "python t.py --note 'two words'", "note = two words");
        row("unicode", "python t.py --größe 3 naïve=1", "größe = 3");
        row("python options", "python -u -W ignore -X dev t.py --a 1", "a = 1");
        row("module", "python3.11 -m pkg.train --a 1", "a = 1");
        row("code", "python -c 'print(1)' --a 1", "a = 1");
        row("env and nohup", "env -u HOME CUDA_VISIBLE_DEVICES=0 LR=1 nohup nice -n 5 python t.py --a 1",
            "a = 1");
        row("timeout", "timeout -k 5 60 python t.py --a 1", "a = 1");
        row("torchrun", "torchrun --nproc_per_node 4 --standalone --nnodes=1 t.py --a 1", "a = 1");
        row("torchrun module", "torchrun --nproc-per-node 2 -m pkg.train --a 1", "a = 1");
        row("torch.distributed", "python -m torch.distributed.run --nproc_per_node 4 t.py --a 1", "a = 1");
        row("accelerate", "accelerate launch --multi_gpu --num_processes 2 --config_file acc.yaml t.py --a 1",
            "a = 1");
        row("deepspeed", "deepspeed --num_gpus 8 t.py --deepspeed ds.json", "deepspeed = ds.json");
        row("uv", "uv run --with torch python t.py --a 1", "a = 1");
        row("uv script", "uv run t.py --a 1", "a = 1");
        row("poetry", "poetry run python t.py --a 1", "a = 1");
        row("conda", "conda run -n ml --no-capture-output python t.py --a 1", "a = 1");
        row("mpirun", "mpirun -np 4 -x PATH python t.py --a 1", "a = 1");
        row("srun", "srun -N 1 --gres=gpu:1 python t.py --a 1", "a = 1");
        row("shell script", "bash -e run.sh --a 1", "a = 1");
        row("own program", "./bin/train --a 1 --b=2", "a = 1 | b = 2");
        row("nothing", "true", "");
        row("only a wrapper", "env A=1", "");
        row("lonely dashes", "python t.py - -- --", "");
        row("lonely marks", "python t.py + ++ +++ ~ = +=1 ~=", "");
    }
    void params() {
        QFETCH(QString, line);
        QFETCH(QString, expected);
        const auto command = splitCommand(line.toStdString()).words;
        QCOMPARE(QString::fromStdString(shown(paramsFromCommand(command))), expected);
    }

    void emptyCommand() {
        QVERIFY(paramsFromCommand({}).empty());
        QVERIFY(scriptOfCommand({}).empty());
    }

    /// The script's own declarations settle what words leave open.
    void declaredFlagsDecide() {
        ScriptFlags declared;
        ScriptFlag batch;
        batch.name = "--batch-size";
        batch.aliases = {"-b"};
        ScriptFlag verbose;
        verbose.name = "--verbose";
        verbose.type = ScriptFlag::Type::Switch;
        ScriptFlag tags;
        tags.name = "--tag";
        tags.repeatable = true;
        ScriptFlag files;
        files.name = "--files";
        files.takesSeveral = true;
        ScriptFlag noCache;
        noCache.name = "--no-cache";
        noCache.type = ScriptFlag::Type::Switch;
        declared.flags = {batch, verbose, tags, files, noCache};
        const auto read = [&](const char* line) {
            return QString::fromStdString(shown(paramsFromCommand(splitCommand(line).words, declared)));
        };
        QCOMPARE(read("python t.py -b 32"), QStringLiteral("batch-size = 32"));
        QCOMPARE(read("python t.py --verbose data.csv"), QStringLiteral("verbose = true"));
        QCOMPARE(read("python t.py --tag a --tag b --tag=c"), QStringLiteral("tag = a b c"));
        QCOMPARE(read("python t.py --files a.csv b.csv --verbose"),
                 QStringLiteral("files = a.csv b.csv | verbose = true"));
        QCOMPARE(read("python t.py --no-cache"), QStringLiteral("no-cache = true"));
    }

    void script_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("expected");
        QTest::newRow("python") << "python -u src/train.py --a 1"
                                << "src/train.py";
        QTest::newRow("module") << "python -m pkg.train --a 1"
                                << "pkg/train.py";
        QTest::newRow("executable") << "./train.py --a 1"
                                    << "./train.py";
        QTest::newRow("launcher") << "accelerate launch --num_processes 2 train.py"
                                  << "train.py";
        QTest::newRow("none") << "/bin/true --a 1"
                              << "";
        QTest::newRow("code") << "python -c pass"
                              << "";
    }
    void script() {
        QFETCH(QString, line);
        QFETCH(QString, expected);
        QCOMPARE(QString::fromStdString(scriptOfCommand(splitCommand(line.toStdString()).words)), expected);
    }

    /// Compared with what a real shell makes of the same words.
    void splitAndJoinAgreeWithTheShell() {
        const std::vector<std::string> lines = {"a 'b c' \"d \\\"e\\\" \\$f\" g\\ h", "--x='' \"\" ''\"y\"z",
                                                "a\\\nb \"c\\\nd\"", "tab\tand \"back\\slash\" '\\n'"};
        for (const auto& line : lines) {
            const auto split = splitCommand(line);
            QVERIFY(split.complete);
            const auto shell = runglass::test::runProcess({"sh", "-c", "printf '%s\\037' " + line});
            std::string own;
            for (const auto& word : split.words) {
                own += word + '\037';
            }
            QCOMPARE(own, shell.out);
            const auto again =
                runglass::test::runProcess({"sh", "-c", "printf '%s\\037' " + joinCommand(split.words)});
            QCOMPARE(again.out, shell.out);
            QCOMPARE(splitCommand(joinCommand(split.words)).words, split.words);
            QCOMPARE(split.ranges.size(), split.words.size());
            for (std::size_t i = 0; i < split.words.size(); ++i) {
                const auto [begin, end] = split.ranges[i];
                QCOMPARE(splitCommand(line.substr(begin, end - begin)).words, std::vector{split.words[i]});
            }
        }
    }

    void openQuotesAreTold() {
        QVERIFY(!splitCommand("a 'b").complete);
        QVERIFY(!splitCommand("a \"b\\\"").complete);
        QVERIFY(!splitCommand("a \\").complete);
        QCOMPARE(splitCommand("a 'b").words, (std::vector<std::string>{"a", "b"}));
        QCOMPARE(joinCommand({"python", "t.py", "--note", "it's"}),
                 std::string("python t.py --note 'it'\\''s'"));
    }
};

QTEST_GUILESS_MAIN(TestCaptureCommand)
#include "tst_capture_command.moc"
