// SPDX-License-Identifier: GPL-3.0-or-later
// Lines as well-known libraries print them, and lines that must not be taken for scalars.
#include <chrono>
#include <cmath>

#include "runglass/launch/console_scalars.h"
#include "support/test.h"

using runglass::launch::ConsoleScalars;

namespace {

/// `key@step=value` for all scalars of the lines.
QString read(ConsoleScalars& scalars, const QStringList& lines) {
    QStringList found;
    for (const auto& line : lines) {
        for (const auto& scalar : scalars.parseLine(line.toStdString())) {
            found << QStringLiteral("%1@%2=%3")
                         .arg(QString::fromStdString(scalar.key))
                         .arg(scalar.step)
                         .arg(scalar.value);
        }
    }
    return found.join(QLatin1Char(' '));
}

QString read(const QStringList& lines) {
    ConsoleScalars scalars;
    return read(scalars, lines);
}

}  // namespace

class TestConsoleScalars : public runglass::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void formats_data() {
        QTest::addColumn<QString>("lines");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* lines, const char* expected) {
            QTest::newRow(name) << QString::fromUtf8(lines) << QString::fromUtf8(expected);
        };
        row("Guild with step", "loss: 0.12 (step 3)", "loss@3=0.12");
        row("Guild short step", "loss: 0.12 (10)", "loss@10=0.12");
        row("plain", "loss: 0.12", "loss@0=0.12");
        row("pairs", "epoch=3 loss=0.12", "loss@3=0.12");
        row("pairs with commas", "step: 5, loss: 1e-3, acc: .5", "loss@5=0.001 acc@5=0.5");
        row("a decimal comma costs its value only", "step 2 loss: 0,5 acc: 0.9", "acc@2=0.9");
        row("dashes", "Epoch 3/10 - loss: 0.12 - acc: 0.9", "loss@3=0.12 acc@3=0.9");
        row("columns", "epoch 20  train_loss 0.0398  val_loss 0.0561  val_acc 0.9822  best",
            "train_loss@20=0.0398 val_loss@20=0.0561 val_acc@20=0.9822");
        row("nanoGPT",
            "step 250: train loss 3.0216, val loss 3.1\niter 251: loss 4.2, time 100.5ms, mfu 1.2%",
            "train_loss@250=3.0216 val_loss@250=3.1 loss@251=4.2 mfu@251=1.2");
        row("JSON", "{\"step\": 7, \"loss\": 0.25, \"eval\": {\"acc\": 1}, \"note\": \"x\", \"l\": [1, 2]}",
            "loss@7=0.25 eval/acc@7=1");
        row("JSON with NaN", "{\"loss\": NaN, \"x\": Infinity, \"y\": null, \"z\": true}",
            "loss@0=nan x@0=inf");
        row("HF", "{'loss': 0.5, 'learning_rate': 1e-05, 'epoch': 0.32}\n{'loss': 0.4, 'epoch': 0.64}",
            "loss@0=0.5 learning_rate@0=1e-05 epoch@0=0.32 loss@1=0.4 epoch@1=0.64");
        row("HF whole epoch", "{'eval_loss': 0.5, 'epoch': 1}", "eval_loss@1=0.5");
        row("NumPy 2 in a dict", "{'loss': np.float64(0.25), 'n': tensor(3.)}", "loss@0=0.25 n@0=3");
        row("logged dict", "INFO:root:step 4 {'loss': 0.5}", "loss@4=0.5");
        row("PyTorch example",
            "Train Epoch: 1 [0/60000 (0%)]\tLoss: 2.300000\nTrain Epoch: 1 [640/60000 (1%)]\tLoss: 1.5\n"
            "Train Epoch: 2 [640/60000 (1%)]\tLoss: 0.5\n"
            "Test set: Average loss: 0.0512, Accuracy: 9800/10000 (98%)",
            "Loss@0=2.3 Loss@640=1.5 Loss@60640=0.5 Average_loss@60640=0.0512 Accuracy@60640=0.98");
        row("ImageNet example",
            "Epoch: [0][  10/5005]\tTime  0.372 ( 1.2)\tLoss 6.9e+00 (7.0e+00)\tAcc@1   0.39 (  0.10)",
            "Loss@10=6.9 Acc@1@10=0.39");
        row("Keras",
            "Epoch 1/2\n 1/94 [....] - ETA: 9s - loss: 2.30\n94/94 [=====] - 1s 5ms/step - loss: 0.31 - "
            "val_loss: 0.2\n"
            "Epoch 2/2\n94/94 [=====] - 1s 5ms/step - loss: 0.21",
            "loss@1=0.31 val_loss@1=0.2 loss@2=0.21");
        row("Keras 3",
            "Epoch 1/2\n94/94 \xE2\x94\x81\xE2\x94\x81\xE2\x94\x81 1s 5ms/step - accuracy: 0.91 - loss: 0.31",
            "accuracy@1=0.91 loss@1=0.31");
        row("Lightning",
            "Epoch 3:  50%|\xE2\x96\x88\xE2\x96\x88   | 47/94 [00:02<00:02, 17.2it/s, v_num=0, "
            "train_loss=0.5]\r"
            "Epoch 3: 100%|\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88| 94/94 [00:05<00:00, 17.20it/s, v_num=0, "
            "train_loss=0.123]",
            "train_loss@3=0.123");
        row("tqdm without epoch", " 45%|\xE2\x96\x88   | 450/1000 [00:01<00:01, 300.12it/s, loss=0.7]",
            "loss@450=0.7");
        row("XGBoost", "[10]\ttrain-rmse:0.1\teval-rmse:0.2", "train-rmse@10=0.1 eval-rmse@10=0.2");
        row("LightGBM", "[10]\tvalid_0's l2: 0.3\tvalid_0's auc: 0.9",
            "valid_0/l2@10=0.3 valid_0/auc@10=0.9");
        row("CatBoost", "20:\tlearn: 0.5\ttest: 0.6\tbest: 0.6 (10)\ttotal: 50ms\tremaining: 1s",
            "learn@20=0.5 test@20=0.6 best@20=0.6");
        row("scikit-learn MLP", "Iteration 12, loss = 0.25000000", "loss@12=0.25");
        row("mmdet", "Epoch [1][50/100]  lr: 1.0e-03, eta: 1:00:00, time: 0.3, loss: 1.2",
            "lr@50=0.001 time@50=0.3 loss@50=1.2");
        row("detectron2",
            "[11/17 14:02:09 d2.utils.events]:  eta: 0:10:12  iter: 19  total_loss: 4.5  max_mem: 2000M",
            "total_loss@19=4.5");
        row("torchvision", "Epoch: [1]  [ 10/100]  eta: 0:01:00  lr: 0.01  loss: 2.3 (2.4)  max mem: 1000",
            "lr@10=0.01 loss@10=2.3 max_mem@10=1000");
        row("fastai",
            "epoch     train_loss  valid_loss  accuracy  time    \n0         0.5         0.4         0.91    "
            "  00:10   ",
            "train_loss@0=0.5 valid_loss@0=0.4 accuracy@0=0.91");
        row("scikit-learn boosting",
            "      Iter       Train Loss   Remaining Time \n         1           1.2032            5.94s\n"
            "         2           1.1             5.0s",
            "Train_Loss@1=1.2032 Train_Loss@2=1.1");
        row("logging prefix", "2026-11-17 14:02:09,125 INFO trainer: epoch 4 val_loss=0.2", "val_loss@4=0.2");
        row("ANSI", "\x1b[32mepoch\x1b[0m \x1b[1;34m3\x1b[0m loss: \x1b[38;5;9m0.5\x1b[m", "loss@3=0.5");
        row("carriage return", "step 1 loss: 1\rstep 2 loss: 0.5", "loss@2=0.5");
        row("special values", "step 1 loss: nan\nstep 2 loss: -inf\nstep 3 loss: inf",
            "loss@1=nan loss@2=-inf loss@3=inf");
        row("negative", "step=1 reward=-3.5", "reward@1=-3.5");
        row("percent of a metric", "epoch 1 acc: 97.5%", "acc@1=97.5");
        row("step of its own line", "Epoch 5\nval_loss: 0.5", "val_loss@5=0.5");
        row("counts on", "loss: 3\nacc: 0.1\nloss: 2\nacc: 0.2\nloss: 1",
            "loss@0=3 acc@0=0.1 loss@1=2 acc@1=0.2 loss@2=1");
        row("not English", "epoch 2 потеря: 0.5", "потеря@2=0.5");
    }
    void formats() {
        QFETCH(QString, lines);
        QFETCH(QString, expected);
        QCOMPARE(read(lines.split(QLatin1Char('\n'))), expected);
    }

    void noScalars_data() {
        QTest::addColumn<QString>("line");
        const char* const lines[] = {
            "  File \"/home/ada/train.py\", line 12, in main",
            "ValueError: 3",
            "RuntimeError: shape mismatch: 3 vs 4",
            "UserWarning: 5 is deprecated",
            "augment.py:37: RuntimeWarning: invalid value in divide",
            "2026-11-17 14:02:09,125 INFO starting",
            "[17:21:05] WARNING: ../src/learner.cc:1061",
            "14:02:09 ready in 3.5s",
            "Python 3.11.2 on linux",
            "torch: 2.1.0+cu118",
            "torch: 2.1",
            "version: 3",
            "Downloading: 45%|####    | 45/100 [00:01<00:01, 3.2MB/s]",
            "ETA: 12",
            "eta: 0:12:00",
            "Saved to /data/run-3/model_0.5.pt",
            "listening on http://127.0.0.1:8080/",
            "listening on port: 8080",
            "Processing 5 of 10 files",
            "loss decreased, saving",
            "found 3 images belonging to 2 classes",
            "The year 2026 was good",
            "50%",
            "3",
            "",
            "size: 10MB",
            "sha1: 4c1e9f2",
            "id: 0x7f",
            "range 1..5",
            "loss: 0,5 (step 3)",  // half in Germany, two numbers elsewhere
            "tokens: 1,234.5",
            "{'broken': 0.5",
            "{'a': 'b'}",
            "Took 00:05",
            "pid: 4711, rank: 0",
            "[]{}()==::",
        };
        int number = 0;
        for (const char* line : lines) {
            QTest::newRow(qPrintable(QString::number(++number))) << QString::fromUtf8(line);
        }
    }
    void noScalars() {
        QFETCH(QString, line);
        QCOMPARE(read({line}), QString());
    }

    void binaryRubbishHoldsNoScalar() {
        ConsoleScalars scalars;
        QVERIFY(scalars.parseLine(std::string_view("\0\xff\xfe loss=0.5", 12)).empty());
        QVERIFY(scalars.parseLine("E/\xd3\xf1rJ9=5").empty());
        QVERIFY(scalars.parseLine("\x02k\xe9=5 \x11q=7").empty());
        // Text in an old encoding is no rubbish: its other values count.
        const auto latin = scalars.parseLine("loss: 0.5, temp\xe9rature: 20.5");
        QCOMPARE(latin.size(), std::size_t{1});
        QCOMPARE(latin[0].key, std::string("loss"));
        const auto coloured = scalars.parseLine("\x1b[32mloss\x1b[0m: 0.5");
        QCOMPARE(coloured.size(), std::size_t{1});
    }

    void ownPatterns() {
        ConsoleScalars scalars;
        VERIFY_OK(scalars.addPattern("^at (?<step>\\d+) the (?<key>\\w+) is (?<value>\\S+)"));
        VERIFY_OK(scalars.addPattern("speed (?P<images_per_s>[0-9.]+)"));
        VERIFY_OK(scalars.addPattern("<(\\w+)\\|([0-9.]+)>"));
        QCOMPARE(read(scalars, {QStringLiteral("at 12 the loss is 0.5")}), QStringLiteral("loss@12=0.5"));
        QCOMPARE(read(scalars, {QStringLiteral("speed 310.5 img")}), QStringLiteral("images_per_s@12=310.5"));
        QCOMPARE(read(scalars, {QStringLiteral("<a|1> and <b|2>")}), QStringLiteral("a@12=1 b@12=2"));
        QCOMPARE(read(scalars, {QStringLiteral("at 13 the loss is low")}), QString());
    }

    void badPatternsAreTold() {
        ConsoleScalars scalars;
        const auto open = scalars.addPattern("loss (\\d+");
        QVERIFY(!open.ok());
        QVERIFY2(open.error().message.find("position 10") != std::string::npos, open.error().message.c_str());
        QVERIFY(!scalars.addPattern("no groups").ok());
        QVERIFY(!scalars.addPattern(std::string(5'000, 'a')).ok());
    }

    /// A pattern that backtracks without end is cut off instead of holding up the run.
    void hostilePatternsEnd() {
        ConsoleScalars scalars;
        VERIFY_OK(scalars.addPattern("^(?<x>(a+)+)+$"));
        const std::string line(4'000, 'a');
        const auto start = std::chrono::steady_clock::now();
        for (int i = 0; i < 10; ++i) {
            QVERIFY(scalars.parseLine(line + "!").empty());
        }
        QVERIFY(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
    }

    void hostileLines() {
        ConsoleScalars scalars;
        scalars.parseLine("Epoch: 1 [1/10] loss: 1");
        QCOMPARE(scalars.parseLine("Epoch: -9223372036854775808 [1/10] loss: 1").size(), std::size_t(1));
        QVERIFY(scalars.parseLine("step 1 loss: 0.5" + std::string(5'000, ' ')).empty());
        QVERIFY(scalars.parseLine(std::string(2'000, '{')).empty());
        QVERIFY(scalars.parseLine("{\"a\": " + std::string(2'000, '[')).empty());
        QVERIFY(scalars.parseLine(std::string("\x1b[\x1b]\x1b\b\b\b", 8)).empty());
        QCOMPARE(scalars.parseLine("epoch 99999999999999999999 loss: 1").size(), std::size_t(1));
        QCOMPARE(scalars.parseLine("Epoch: 9223372036854775807 [1/9223372036854775807] loss: 1").size(),
                 std::size_t(1));
        QCOMPARE(scalars.parseLine("Epoch: -9223372036854775807 [1/9223372036854775807] loss: 1").size(),
                 std::size_t(1));
    }
};

QTEST_GUILESS_MAIN(TestConsoleScalars)
#include "tst_console_scalars.moc"
