// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QApplication>
#include <QElapsedTimer>

#include "fuzzy_match.h"
#include "palette_model.h"
#include "palette_search.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

int scoreOf(const char* query, const char* text) {
    const auto hit = fuzzyMatch(fuzzyTerms(QString::fromUtf8(query)), QString::fromUtf8(text));
    return hit ? hit->score : -1000;
}

PaletteItem item(const QString& text, const QString& group) {
    PaletteItem line;
    line.text = text;
    line.group = group;
    line.run = [] {};
    return line;
}

}  // namespace

class PaletteTest : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void everyTermHasToOccur() {
        QVERIFY(scoreOf("comp best", "Compare with the best run") > 0);
        QCOMPARE(scoreOf("comp best", "Compare selected runs"), -1000);
        QCOMPARE(scoreOf("zz", "Compare"), -1000);
        QVERIFY(scoreOf("", "Compare") > -1000);
        QVERIFY(scoreOf("crv", "Curves") > -1000);
    }

    void beginningsOfWordsWin() {
        QVERIFY(scoreOf("comp", "Compare selected runs") > scoreOf("comp", "Decompose"));
        QVERIFY(scoreOf("run", "Open run") > scoreOf("run", "Prune"));
        QVERIFY(scoreOf("theme", "Theme: dark") > scoreOf("theme", "The mean value"));
        QVERIFY(scoreOf("run", "New run") >
                scoreOf("run", "New run of a very long command with many words in it"));
    }

    void positionsPointAtTheLetters() {
        const auto hit = fuzzyMatch(fuzzyTerms(QStringLiteral("comp BEST")), QStringLiteral("Compare best"));
        QVERIFY(hit);
        QCOMPARE(hit->positions, (QList<int>{0, 1, 2, 3, 8, 9, 10, 11}));
    }

    void modelKeepsTitlesApart() {
        PaletteModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setItems({item(QStringLiteral("a"), QStringLiteral("Commands")),
                        item(QStringLiteral("b"), QStringLiteral("Commands")),
                        item(QStringLiteral("r"), QStringLiteral("Runs"))});
        QCOMPARE(model.rowCount(), 5);
        QCOMPARE(model.itemCount(), 3);
        QVERIFY(model.item(model.index(0)) == nullptr);
        QCOMPARE(model.item(model.index(1))->text, QStringLiteral("a"));
        QCOMPARE(model.nextRow(-1, 1), 1);
        QCOMPARE(model.nextRow(2, 1), 4);  // over the title
        QCOMPARE(model.nextRow(4, 1), 1);  // round
        QCOMPARE(model.nextRow(1, -1), 4);
        QVERIFY(!(model.flags(model.index(3)) & Qt::ItemIsEnabled));
        model.setItems({});
        QCOMPARE(model.nextRow(-1, 1), -1);
    }

    void runsAreFoundByNameAndId() {
        model::RunTable table;
        RunId wanted;
        for (int i = 0; i < 1000; ++i) {
            auto record = std::make_shared<model::RunRecord>();
            record->id = RunId::generate();
            record->number = i + 1;
            record->name = i == 500 ? "cnn-cos-aug s3" : "mlp-" + std::to_string(i);
            if (i == 500) {
                wanted = record->id;
            }
            table.runs.push_back(std::move(record));
        }
        const auto find = [&](const QString& query) { return findRuns(table, fuzzyTerms(query), 8, {}); };
        QCOMPARE(find(QStringLiteral("cos")).size(), 1);
        QCOMPARE(find(QStringLiteral("cos")).first().run->id, wanted);
        QCOMPARE(find(QString::fromStdString(wanted.shortHex())).first().run->id, wanted);
        const auto many = find(QStringLiteral("mlp"));
        QCOMPARE(many.size(), 8);
        // Of equals the newest come first.
        QVERIFY(std::is_sorted(many.begin(), many.end(), [](const FoundRun& a, const FoundRun& b) {
            return a.score != b.score ? a.score > b.score : a.run->number > b.run->number;
        }));
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(findRuns(table, {QStringLiteral("mlp")}, 8, stop.get_token()).isEmpty());
    }
};

QTEST_MAIN(PaletteTest)
#include "tst_palette.moc"
