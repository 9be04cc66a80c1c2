// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid_layout.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

std::vector<GridChart> chartsOf(const std::vector<std::string>& keys) {
    std::vector<GridChart> charts;
    for (const auto& key : keys) {
        charts.push_back({Symbol(key), QString::fromStdString(key), false});
    }
    return charts;
}

QStringList titles(const std::vector<ChartSection>& sections) {
    QStringList titles;
    for (const auto& section : sections) {
        titles << section.title;
    }
    return titles;
}

}  // namespace

class GridTest final : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void placesOnlyByArithmetic() {
        std::vector<std::string> keys;
        for (int i = 0; i < 2000; ++i) {
            keys.push_back("val/m" + std::to_string(i));
        }
        keys.emplace_back("loss");
        keys.emplace_back("train/loss");
        const std::vector<Symbol> pinned{Symbol("val/m3")};
        const auto sections = chartSections(chartsOf(keys), {pinned, {}, {}});
        QCOMPARE(titles(sections).join(QLatin1Char(' ')), QStringLiteral("val train metrics"));
        QCOMPARE(sections[0].ids.size(), std::size_t(1999));
        const auto layout = layOutGrid(sections, pinned, {}, 1000, {});
        QCOMPARE(layout.cards.size(), keys.size());
        for (std::size_t i = 1; i < layout.cards.size(); ++i) {
            const auto& card = layout.cards[i].rect;
            QVERIFY(card.left() >= 8 && card.right() < 1000 - 7);
            QVERIFY(!card.intersects(layout.cards[i - 1].rect));
        }
        QCOMPARE(layout.cards[3].rect.right(), 991);  // the third column ends at the margin
        const auto folded = layOutGrid(sections, {}, {QStringLiteral("val")}, 1000, {});
        QCOMPARE(folded.cards.size(), std::size_t(2));
        const ChartFilter filter(QStringLiteral("LOSS"), false);
        QCOMPARE(chartSections(chartsOf(keys), {{}, {}, filter}).size(), std::size_t(2));
    }

    void sectionsEndWithTheMachine() {
        auto charts = chartsOf({"system/cpu_percent", "loss", "zeta/x", "optim/lr", "train/loss", "val/loss",
                                "systematic/error"});
        charts.push_back({Symbol("\x1f"
                                 "c1"),
                          QStringLiteral("gap"), true});
        QCOMPARE(titles(chartSections(charts, {})).join(QLatin1Char('|')),
                 QStringLiteral("own charts|val|train|optim|systematic|zeta|metrics|system"));
    }

    void searchByExpression() {
        const auto charts = chartsOf({"val/loss", "val/acc", "train/loss"});
        const auto count = [&](const QString& text, bool expression) {
            std::size_t found = 0;
            for (const auto& section : chartSections(charts, {{}, {}, ChartFilter(text, expression)})) {
                found += section.ids.size();
            }
            return found;
        };
        QCOMPARE(count(QStringLiteral("^val/(loss|acc)$"), true), std::size_t(2));
        QCOMPARE(count(QStringLiteral("LOSS$"), true), std::size_t(2));
        QCOMPARE(count(QStringLiteral("^val"), false), std::size_t(0));  // text is text
        QCOMPARE(count(QStringLiteral("val/(loss"), true), std::size_t(3));
        const ChartFilter bad(QStringLiteral("val/(loss"), true);
        QVERIFY(bad.mistake().contains(QStringLiteral("position 10")));
        QVERIFY(ChartFilter(QStringLiteral("val/(loss"), false).mistake().isEmpty());
    }

    void orderIsKeptAndDroppedOn() {
        const auto charts = chartsOf({"val/a", "val/b", "val/c", "val/d"});
        const auto ids = [&](const std::vector<Symbol>& order) {
            QString text;
            const auto sections = chartSections(charts, {{}, order, {}});
            for (const auto id : sections[0].ids) {
                text += QString::fromStdString(id.str()).right(1);
            }
            return text;
        };
        QCOMPARE(ids({}), QStringLiteral("abcd"));
        QCOMPARE(ids({Symbol("val/c"), Symbol("val/a")}), QStringLiteral("cabd"));
        const auto layout = layOutGrid(chartSections(charts, {}), {}, {}, 1000, {});
        const Symbol dragged("val/a");
        QCOMPARE(layout.neighbours(dragged).size(), std::size_t(4));
        const auto second = layout.card(Symbol("val/b"))->rect;
        QCOMPARE(layout.dropPlace(dragged, second.center() + QPoint(40, 0)).first, 2);
        QCOMPARE(layout.dropPlace(dragged, second.center() - QPoint(40, 0)).first, 1);
        QVERIFY(layout.dropPlace(dragged, second.center() + QPoint(40, 0)).second.left() > second.right());
    }
};

QTEST_MAIN(GridTest)
#include "tst_grid.moc"
