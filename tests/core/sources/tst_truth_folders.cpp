// SPDX-License-Identifier: GPL-3.0-or-later
// Hugging Face's Trainer, Hydra and Guild, against what an independent reader found in their folders.
#include "truth.h"

using namespace runglass;
using namespace Qt::StringLiterals;

namespace {

std::string_view param(const sources::SharedPart& part, const QString& key) {
    return part->record.param(Symbol::find(key.toStdString())).value_or("(absent)");
}

/// Compares the values of a configuration, lists by element.
std::string differenceIn(const sources::SharedPart& part, const QString& key, const QJsonValue& expected) {
    if (expected.isArray() && !expected.toArray().isEmpty()) {
        const auto items = expected.toArray();
        for (qsizetype i = 0; i < items.size(); ++i) {
            const auto inner = differenceIn(part, key + u'.' + QString::number(i), items[i]);
            if (!inner.empty()) {
                return inner;
            }
        }
        return {};
    }
    const auto text = param(part, key);
    const auto read = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    bool same = false;
    if (expected.isDouble()) {
        same = read.toDouble() == expected.toDouble();
    } else if (expected.isBool()) {
        same = read == (expected.toBool() ? "true"_L1 : "false"_L1);
    } else if (expected.isNull()) {
        same = read == "null"_L1;
    } else if (expected.isString()) {
        same = read == expected.toString();
    } else {
        same = read == (expected.isArray() ? "[]"_L1 : "{}"_L1);
    }
    return same ? std::string() : key.toStdString() + " is " + std::string(text);
}

}  // namespace

class TestTruthFolders : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    /// Nine checkpoints are one run: the one at step 500 tells it all.
    void huggingFace() {
        const auto folder = test::realCase("o14-hf-toxic");
        if (!folder) {
            QSKIP("../shared/realdata is not beside the repository.");
        }
        const auto runs = test::openAll("huggingface", *folder);
        QCOMPARE(runs.size(), std::size_t{1});
        const auto& [origin, opened] = *runs.begin();
        QVERIFY(origin == *folder / "results");
        const auto& part = opened.parts.front();
        const auto last = test::truthOf(*folder, "hf"_L1)
                              .value("detail"_L1)
                              .toObject()
                              .value("results/checkpoint-500/trainer_state.json"_L1)
                              .toObject();
        const auto series = last.value("series"_L1).toObject();
        QCOMPARE(part->record.metrics.size(), static_cast<std::size_t>(series.size()));
        for (auto metric = series.begin(); metric != series.end(); ++metric) {
            const auto key = metric.key().toStdString();
            const auto* summary = part->record.metric(Symbol::find(key));
            QVERIFY2(summary != nullptr, key.c_str());
            const auto points = opened.reader->series("", key, 0, {});
            VERIFY_OK(points);
            const auto difference = test::differenceFrom(metric.value().toObject(), *points, *summary);
            QVERIFY2(difference.empty(), (key + ": " + difference).c_str());
        }
        QCOMPARE(param(part, "max_steps"_L1),
                 std::string_view(std::to_string(last.value("max_steps"_L1).toInteger())));
        QVERIFY(part->damage.empty());
    }

    void hydra() {
        const auto folder = test::realCase("o13-hydra-vime");
        if (!folder) {
            QSKIP("../shared/realdata is not beside the repository.");
        }
        const auto jobs = test::truthOf(*folder, "hydra"_L1).value("detail"_L1).toObject();
        const auto runs = test::openAll("hydra", *folder);
        QCOMPARE(runs.size(), std::size_t{16});
        QCOMPARE(runs.size(), static_cast<std::size_t>(jobs.size()));
        for (auto job = jobs.begin(); job != jobs.end(); ++job) {
            const auto expected = job.value().toObject();
            const auto place = runs.find(*folder / job.key().toStdString());
            QVERIFY2(place != runs.end(), qPrintable(job.key()));
            const auto& part = place->second.parts.front();
            QVERIFY(part->damage.empty());
            const auto config = expected.value("config"_L1).toObject();
            for (auto value = config.begin(); value != config.end(); ++value) {
                const auto difference = differenceIn(part, value.key(), value.value());
                QVERIFY2(difference.empty(), (job.key().toStdString() + ": " + difference).c_str());
            }
            QVERIFY(part->record.params.size() >= static_cast<std::size_t>(config.size()));
            QStringList overrides;
            for (const auto& item : expected.value("overrides"_L1).toArray()) {
                overrides << item.toString();
            }
            const auto tag = part->record.tag(Symbol::find("hydra.overrides")).value_or("");
            QCOMPARE(std::string(tag), overrides.join(u',').toStdString());
            QCOMPARE(part->record.experiment.str(), expected.value("job"_L1).toString().toStdString());
            QVERIFY(part->ownsFolder && part->rank == sources::Rank::Launcher);
            const auto number = expected.value("job_num"_L1);
            if (number.isDouble()) {
                QCOMPARE(std::string(part->record.tag(Symbol::find("hydra.job.num")).value_or("")),
                         std::to_string(number.toInteger()));
            }
        }
    }

    void guild() {
        const auto folder = test::realCase("o10-guild-and-tf1");
        if (!folder) {
            QSKIP("../shared/realdata is not beside the repository.");
        }
        const auto truth = test::truthOf(*folder, "guild"_L1);
        const auto root = *folder / truth.value("root"_L1).toString().toStdString();
        const auto runs = test::openAll("guild", root);
        const auto expectedRuns = truth.value("detail"_L1).toObject();
        QCOMPARE(runs.size(), std::size_t{16});
        QCOMPARE(runs.size(), static_cast<std::size_t>(expectedRuns.size()));
        for (auto run = expectedRuns.begin(); run != expectedRuns.end(); ++run) {
            const auto place = runs.find(root / run.key().toStdString());
            QVERIFY2(place != runs.end(), qPrintable(run.key()));
            compareGuild(run.key(), run.value().toObject(), place->second);
        }
    }

private:
    static void compareGuild(const QString& name, const QJsonObject& expected, const test::Opened& opened) {
        const auto& part = opened.parts.front();
        const auto& record = part->record;
        const auto flags = expected.value("flags"_L1).toObject();
        QCOMPARE(record.params.size(), static_cast<std::size_t>(flags.size()));
        for (auto flag = flags.begin(); flag != flags.end(); ++flag) {
            const auto difference = differenceIn(part, flag.key(), flag.value());
            QVERIFY2(difference.empty(), difference.c_str());
        }
        if (expected.contains("label"_L1)) {
            QCOMPARE(record.name, expected.value("label"_L1).toString().toStdString());
        }
        for (const auto& [attribute, read] :
             {std::pair{"started"_L1, record.startTimeMs}, std::pair{"stopped"_L1, record.endTimeMs}}) {
            if (expected.contains(attribute)) {
                QVERIFY(read.has_value());
                QCOMPARE(*read, expected.value(attribute).toInteger() / 1000);
            }
        }
        for (const auto& tag : expected.value("tags"_L1).toArray()) {
            QVERIFY(record.tag(Symbol::find(tag.toString().toStdString())).has_value());
        }
        const auto command = expected.value("cmd"_L1).toArray();
        const auto detail = opened.reader->detail("");
        VERIFY_OK(detail);
        QCOMPARE(detail->command.size(), static_cast<std::size_t>(command.size()));
        for (std::size_t i = 0; i < detail->command.size(); ++i) {
            QCOMPARE(detail->command[i], command[static_cast<qsizetype>(i)].toString().toStdString());
        }
        const auto files = expected.value("files"_L1).toArray();
        const bool pending = files.contains("PENDING"_L1) || files.contains("STAGED"_L1);
        const auto exit = expected.value("exit_status"_L1);
        const auto status = pending             ? model::RunStatus::Scheduled
                            : !exit.isDouble()  ? model::RunStatus::Failed
                            : exit.toInt() == 0 ? model::RunStatus::Finished
                            : exit.toInt() < 0  ? model::RunStatus::Killed
                                                : model::RunStatus::Failed;
        QVERIFY2(record.status == status, qPrintable(name));
        QCOMPARE(part->damage.empty(), name != "opref-runs/invalid"_L1);
    }
};

QTEST_GUILESS_MAIN(TestTruthFolders)
#include "tst_truth_folders.moc"
