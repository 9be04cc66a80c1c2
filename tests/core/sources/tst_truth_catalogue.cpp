// SPDX-License-Identifier: GPL-3.0-or-later
// Whole projects of real people, as the table shows them. That readers read right is tested format by format;
// here: nothing is lost or doubled on the way to the table, runs are counted as independent readers counted
// them, and nothing is written.
#include <bit>
#include <set>

#include "runglass/sources/catalogue.h"
#include "truth.h"

using namespace runglass;
using namespace Qt::StringLiterals;

namespace {

bool isRegistered(std::string_view name) {
    return std::ranges::any_of(sources::formats(),
                               [&](const auto& format) { return format->name() == name; });
}

/// Bit for bit, NaN payloads included.
bool sameBits(const model::Series& a, const model::Series& b) {
    if (a.size() != b.size()) {
        return false;
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a.steps[i] != b.steps[i] || a.timesMs[i] != b.timesMs[i] ||
            std::bit_cast<std::uint64_t>(a.values[i]) != std::bit_cast<std::uint64_t>(b.values[i])) {
            return false;
        }
    }
    return true;
}

using Places = std::multimap<std::tuple<std::string, std::string, std::string>, model::SharedRun>;

/// Every run under each of its origins: format, absolute path, key.
Places placesOf(const sources::Catalogue& catalogue, const std::filesystem::path& project) {
    Places places;
    for (const auto& run : catalogue.runs()->runs) {
        for (const auto& origin : catalogue.origins(run->id)) {
            const auto path = origin.location == "." ? project : project / origin.location;
            places.emplace(std::tuple(origin.source.str(), path.native(), origin.key), run);
        }
    }
    return places;
}

/// How many runs have an origin of this source.
int countFrom(const sources::Catalogue& catalogue, std::string_view source) {
    int count = 0;
    for (const auto& run : catalogue.runs()->runs) {
        const auto origins = catalogue.origins(run->id);
        count += std::ranges::any_of(
            origins, [&](const model::Origin& origin) { return origin.source.text() == source; });
    }
    return count;
}

}  // namespace

class TestTruthCatalogue : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void eachCase_data() {
        QTest::addColumn<QByteArray>("name");
        for (const char* name : {"o01-mlruns1-automl",
                                 "o02-mlruns2-registry",
                                 "o03-mlruns3-loggedmodels",
                                 "o04-mlflowdb3",
                                 "o05-mlflowdb2-datasets",
                                 "o06-mlflow2-backtest",
                                 "o07-tb-lightning-hparams",
                                 "o08-tb-tf1-long",
                                 "o09-tb-images-shapeaxi",
                                 "o10-guild-and-tf1",
                                 "o11-wandb-2026-hivewatch",
                                 "o12-wandb-official",
                                 "o13-hydra-vime",
                                 "o14-hf-toxic",
                                 "o15-ultralytics-v8-padded",
                                 "o16-csv-mlpws",
                                 "o17-sacred-mlpws",
                                 "o18-dvc-example-get-started",
                                 "o19-dvc-example-experiments",
                                 "o20-tb-tf2-tensor",
                                 "o21-keras-csvlogger",
                                 "o22-mlflowdb1-oldschema"}) {
            QTest::newRow(name) << QByteArray(name);
        }
    }

    void eachCase() {
        QFETCH(QByteArray, name);
        const auto folder = test::realCase(name.constData());
        if (!folder) {
            QSKIP("../shared/realdata is not beside the repository.");
        }
        const auto before = test::inventory(*folder);
        sources::Catalogue catalogue({.project = *folder});
        const auto runs = catalogue.load();
        QVERIFY(runs->complete);
        for (const auto& damage : runs->problems) {
            QFAIL(sources::describe(damage, *folder).c_str());
        }
        nothingIsLost(catalogue, *folder);
        runsAreCounted(catalogue, *folder);
        QVERIFY(catalogue.refresh() == runs);
        QVERIFY(test::inventory(*folder) == before);
    }

private:
    /// Each part of each origin, read on its own, is in exactly one run of the table, with all it has.
    static void nothingIsLost(const sources::Catalogue& catalogue, const std::filesystem::path& folder) {
        const auto places = placesOf(catalogue, folder);
        std::size_t parts = 0;
        for (const auto& format : sources::formats()) {
            for (auto& [path, opened] : test::openAll(format->name(), folder)) {
                for (const auto& part : opened.parts) {
                    ++parts;
                    const auto [from, to] =
                        places.equal_range({std::string(format->name()), path.native(), part->key});
                    QVERIFY2(std::distance(from, to) == 1, path.c_str());
                    isWhole(catalogue, *from->second, *part, *opened.reader);
                }
            }
        }
        QCOMPARE(parts, places.size());
    }

    static void isWhole(const sources::Catalogue& catalogue, const model::RunRecord& run,
                        const sources::Part& part, sources::Reader& reader) {
        // A number may be spelled as another origin of the run does: 1e-04 and 0.0001.
        const auto isSame = [](Symbol a, Symbol b) {
            bool isNumber = false;
            bool isOther = false;
            const double first = QByteArray::fromStdString(a.str()).toDouble(&isNumber);
            const double second = QByteArray::fromStdString(b.str()).toDouble(&isOther);
            return a == b || (isNumber && isOther && first == second);
        };
        const auto has = [&](const std::vector<model::KeyValue>& all, const model::KeyValue& one) {
            return std::ranges::any_of(all, [&](const model::KeyValue& candidate) {
                return isSame(candidate.value, one.value) && candidate.key.text().starts_with(one.key.text());
            });
        };
        for (const auto& param : part.record.params) {
            QVERIFY2(has(run.params, param), param.key.str().c_str());
        }
        for (const auto& tag : part.record.tags) {
            QVERIFY2(has(run.tags, tag), tag.key.str().c_str());
        }
        for (const auto& metric : part.record.metrics) {
            const auto expected = reader.series(part.key, metric.key.text(), 0, {});
            VERIFY_OK(expected);
            const bool found = std::ranges::any_of(run.metrics, [&](const model::Metric& candidate) {
                if (!candidate.key.text().starts_with(metric.key.text()) ||
                    candidate.summary.count != metric.summary.count) {
                    return false;
                }
                const auto series = catalogue.series(run.id, candidate.key.text());
                return series.ok() && sameBits(*series, *expected);
            });
            QVERIFY2(found, metric.key.str().c_str());
        }
        QVERIFY(catalogue.detail(run.id).ok());
    }

    static void runsAreCounted(const sources::Catalogue& catalogue, const std::filesystem::path& folder) {
        int mlflow = 0;
        for (const auto& kind : {"mlruns"_L1, "mlflowdb"_L1}) {
            for (const auto& truth : test::truthsOf(folder, kind)) {
                mlflow += truth.value("runs"_L1).toInt();
            }
        }
        if (isRegistered("mlflow")) {
            QCOMPARE(countFrom(catalogue, "mlflow"), mlflow);
        }
        if (isRegistered("wandb")) {
            int wandb = 0;
            for (const auto& truth : test::truthsOf(folder, "wandb"_L1)) {
                const auto runs = truth.value("runs"_L1);
                wandb += runs.isObject() ? static_cast<int>(runs.toObject().size()) : runs.toInt();
            }
            QCOMPARE(countFrom(catalogue, "wandb"), wandb);
        }
        if (isRegistered("sacred")) {
            for (const auto& truth : test::truthsOf(folder, "sacred"_L1)) {
                QCOMPARE(countFrom(catalogue, "sacred"), truth.value("runs"_L1).toInt());
            }
        }
        if (isRegistered("hydra")) {
            for (const auto& truth : test::truthsOf(folder, "hydra"_L1)) {
                QCOMPARE(countFrom(catalogue, "hydra"), truth.value("runs"_L1).toInt());
            }
        }
        if (isRegistered("huggingface")) {
            for ([[maybe_unused]] const auto& truth : test::truthsOf(folder, "hf"_L1)) {
                QCOMPARE(countFrom(catalogue, "huggingface"), 1);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestTruthCatalogue)
#include "tst_truth_catalogue.moc"
