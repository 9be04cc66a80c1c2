// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>

#include "curve_legend.h"
#include "curve_looks.h"
#include "curves_state.h"
#include "run_groups.h"
#include "runglass/ui/theme/theme.h"
#include "settings_text.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

struct Spec {
    std::string name;
    std::string experiment = "cnn";
    std::string lr = {};
    std::string seed = {};
};

std::vector<model::SharedRun> runsOf(const std::vector<Spec>& specs) {
    std::vector<model::SharedRun> runs;
    for (const auto& spec : specs) {
        auto run = std::make_shared<model::RunRecord>();
        run->id = RunId::derive(spec.name);
        run->number = static_cast<std::int64_t>(runs.size()) + 1;
        run->name = spec.name;
        run->experiment = Symbol(spec.experiment);
        if (!spec.lr.empty()) {
            run->params.push_back({Symbol("lr"), Symbol(spec.lr)});
        }
        if (!spec.seed.empty()) {
            run->params.push_back({Symbol("trainer.seed"), Symbol(spec.seed)});
        }
        run->sortKeys();
        runs.push_back(std::move(run));
    }
    return runs;
}

const RunKey kLr{RunKey::Kind::Param, Symbol("lr")};

}  // namespace

class LooksTest final : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { Theme::install(*qApp, ThemeChoice::Light); }

    // Which entries a click at any place of the legend reaches.
    void aLongEntryDoesNotHideTheShortOnesBehindIt() {
        const QString longName(60, QLatin1Char('m'));
        std::vector<CurveLegend::Entry> entries;
        for (const auto& name : {QStringLiteral("a"), longName, QStringLiteral("b"), QStringLiteral("c")}) {
            entries.push_back({name, {}, Qt::red, Qt::SolidLine, {RunId::derive(name.toStdString())}});
        }
        CurveLegend legend(nullptr);
        legend.setContent({}, entries, std::nullopt);
        const auto reached = [&](int width) {
            legend.resize(width, 24);
            const auto picture = legend.grab();
            std::vector<RunId> runs;
            connect(&legend, &CurveLegend::clicked, &legend, [&](const std::vector<RunId>& clicked) {
                if (runs.empty() || runs.back() != clicked.front()) {
                    runs.push_back(clicked.front());
                }
            });
            for (int x = 0; x < width; ++x) {
                QTest::mouseClick(&legend, Qt::LeftButton, {}, QPoint(x, 12));
            }
            legend.disconnect(&legend);
            return runs;
        };
        const auto a = RunId::derive("a");
        const auto b = RunId::derive("b");
        const auto c = RunId::derive("c");
        QCOMPARE(reached(800), (std::vector<RunId>{a, RunId::derive(longName.toStdString()), b, c}));
        QCOMPARE(reached(250), (std::vector<RunId>{a, b, c}));
        QCOMPARE(reached(150), (std::vector<RunId>{a}));
    }

    void colorsAreThoseOfTheRun() {
        const auto runs = runsOf({{"a"}, {"b"}, {"c"}});
        const CurveLooks looks({}, runs);
        QCOMPARE(looks.color(*runs[1]), Theme::current().seriesColor(1));
        QVERIFY(looks.legend().empty());
        auto picked = std::make_shared<model::RunRecord>(*runs[1]);
        picked->color = 0x123456;
        QCOMPARE(looks.color(*picked), QColor(0x12, 0x34, 0x56));
        const CurveLooks byLr({kLr, {}}, runs);
        QCOMPARE(byLr.color(*picked), QColor(0x12, 0x34, 0x56));  // whatever tells the others apart
    }

    void aParamOfNumbersHasAScale() {
        const auto runs = runsOf({{"a", "cnn", "1e-4"}, {"b", "cnn", "1e-3"}, {"c", "cnn", "1e-2"}, {"d"}});
        const CurveLooks looks({kLr, {}}, runs);
        QVERIFY(looks.scale());
        QVERIFY(looks.scale()->log);  // two decades
        QCOMPARE(looks.scale()->share(1e-3), 0.5);
        QCOMPARE(looks.color(*runs[0]), Theme::current().sequential(0));
        QCOMPARE(looks.color(*runs[1]), Theme::current().sequential(looks.scale()->share(1e-3)));
        QCOMPARE(looks.color(*runs[3]), Theme::current().color(Token::TextDisabled));
        const CurveLooks near({kLr, {}}, runsOf({{"a", "cnn", "1"}, {"b", "cnn", "3"}}));
        QVERIFY(!near.scale()->log);
        const CurveLooks words({kLr, {}}, runsOf({{"a", "cnn", "1"}, {"b", "cnn", "auto"}}));
        QVERIFY(!words.scale());
        QCOMPARE(words.legend().size(), std::size_t(2));
    }

    void colorsOfValuesStayWhenOthersAreShown() {
        const auto runs = runsOf({{"a", "x"}, {"b", "y"}, {"c", "z"}});
        const LooksChoice byExperiment{{RunKey::Kind::Experiment, {}}, {}};
        const CurveLooks all(byExperiment, runs);
        const CurveLooks last(byExperiment, {runs[2]}, &all);
        QCOMPARE(last.color(*runs[2]), all.color(*runs[2]));
        QSet<QRgb> colors;
        for (const auto& run : runs) {
            colors.insert(all.color(*run).rgb());
        }
        QCOMPARE(colors.size(), 3);
    }

    void dashesByASecondKey() {
        const auto runs = runsOf({{"a", "cnn", "1"}, {"b", "cnn", "2"}, {"c", "cnn", "1"}});
        const CurveLooks looks({{}, kLr}, runs);
        QCOMPARE(looks.style(*runs[0]), Qt::SolidLine);
        QCOMPARE(looks.style(*runs[1]), Qt::DashLine);
        QCOMPARE(looks.style(*runs[2]), Qt::SolidLine);
    }

    void repeatsDifferInTheSeedOnly() {
        const auto runs = runsOf({{"cnn-base s1", "cnn", "1e-3", "1"},
                                  {"cnn-base s2", "cnn", "1e-3", "2"},
                                  {"cnn-fast_seed=1", "cnn", "1e-2", "1"},
                                  {"cnn-fast_seed=2", "cnn", "1e-2", "2"},
                                  {"alone", "mlp", "1e-2", "1"}});
        const auto groups = groupRuns(runs, {RunKey::Kind::Repeat, {}});
        QCOMPARE(groups.size(), std::size_t(3));
        QCOMPARE(groups[0].name, QStringLiteral("cnn-base"));
        QCOMPARE(groups[1].name, QStringLiteral("cnn-fast"));
        QCOMPARE(groups[2].name, QStringLiteral("alone"));
        QCOMPARE(groups[0].members.size(), std::size_t(2));
        QVERIFY(groups[0].id != groups[1].id);
        QCOMPARE(groupRuns(runs, kLr)[0].name, QStringLiteral("lr = 1e-3"));
        QVERIFY(isSeed("model.random_state") && isSeed("SEED") && !isSeed("seed_layers"));
    }

    void wordsRoundTrip() {
        for (const auto* text : {"experiment", "param:lr", "tag:stage", "repeats", ""}) {
            QCOMPARE(textOf(runKeyFromText(QLatin1String(text))), QLatin1String(text));
        }
        QVERIFY(runKeyFromText(QStringLiteral("param:")).empty());
        for (const auto* text : {"none", "minmax", "sd", "se", "ci", "bootstrap"}) {
            QCOMPARE(textOf(*bandFromText(QLatin1String(text))), QLatin1String(text));
        }
        QVERIFY(!bandFromText(QStringLiteral("iqr")));
    }

    void aViewComesBackAsItWas() {
        CurvesState state;
        state.settings.x = XAxis::Metric;
        state.settings.xMetric = Symbol("epoch");
        state.settings.smoothingKind = series::SmoothingKind::Gaussian;
        state.settings.smoothing = 7.5;
        state.settings.robustY = true;
        state.settings.overlap = series::Overlap::LaterOverwrites;
        state.settings.group = {kLr, series::Centre::Median, series::Band::MinMax};
        state.looks = {kLr, {RunKey::Kind::Tag, Symbol("stage")}};
        state.linkedX = false;
        state.tooltipOrder = TooltipOrder::Nearest;
        state.custom = {ChartSpec::custom(customId(QStringLiteral("c1")), QStringLiteral("gap"),
                                          {"train/loss - val/loss", "`a b`"})};
        state.pinned = {Symbol("val/loss"), state.custom[0].id, Symbol("=odd")};
        state.order = {Symbol("val/acc")};
        state.own[Symbol("val/loss")] = {0.25, true, std::nullopt, std::pair(-1.0, 2.5)};
        state.folded = {QStringLiteral("b"), QStringLiteral("a")};
        const auto json = state.toJson();
        const auto back = CurvesState::fromJson(json);
        QCOMPARE(back.toJson(), json);
        QCOMPARE(back.settings, state.settings);
        QCOMPARE(back.pinned, state.pinned);
        QVERIFY(back.own == state.own);
        QVERIFY(back.looks == state.looks);
        QCOMPARE(back.custom[0].lines.size(), std::size_t(2));
        QCOMPARE(back.folded, state.folded);
        QCOMPARE(json[QLatin1String("folded")].toArray()[0].toString(), QStringLiteral("a"));
    }

    void anOddViewIsTakenAsFarAsItMakesSense() {
        const auto read = [](const char* text) {
            return CurvesState::fromJson(QJsonDocument::fromJson(text).object());
        };
        QCOMPARE(read("{}").settings, ChartSettings());
        const auto odd = read(R"({"x":"metric","smoothing":{"kind":"ema","amount":7},"pinned":[1,"","a","a"],
            "charts":[{"id":"c1","lines":["a -"]},{"id":"","lines":["a"]},{"id":"c2","lines":["a"]}],
            "own":{"a":{"y_limits":[2,1],"log_y":"yes"}}})");
        QCOMPARE(odd.settings.x, XAxis::Step);
        QVERIFY(odd.settings.smoothing < 1);
        QCOMPARE(odd.pinned, std::vector<Symbol>{Symbol("a")});
        QCOMPARE(odd.custom.size(), std::size_t(1));
        QVERIFY(odd.own.at(Symbol("a")).empty());
    }
};

QTEST_MAIN(LooksTest)
#include "tst_looks.moc"
