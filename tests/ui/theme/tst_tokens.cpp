// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QPalette>
#include <QSignalSpy>
#include <cmath>

#include "runglass/ui/theme/theme.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

/// Relative luminance and contrast as WCAG 2.1 defines them.
double luminance(const QColor& color) {
    const auto linear = [](double c) {
        return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor& a, const QColor& b) {
    const double la = luminance(a);
    const double lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

}  // namespace

class TokensTest : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void valuesAreThoseOfTheDesign() {
        Theme& theme = Theme::install(*qApp, ThemeChoice::Light);
        QCOMPARE(theme.color(Token::SurfaceWindow).name(), QStringLiteral("#e8ebee"));
        QCOMPARE(theme.color(Token::AccentBase).name(), QStringLiteral("#0b7186"));
        QCOMPARE(theme.color(Token::SyntaxType).name(), QStringLiteral("#8f5200"));
        QCOMPARE(theme.color(Token::Scrim), QColor(0x15, 0x19, 0x1e, 0x59));
        QCOMPARE(theme.color(Token::Scroll).name(), QStringLiteral("#b4bbc3"));
        theme.setChoice(ThemeChoice::Dark);
        QVERIFY(theme.isDark());
        QCOMPARE(theme.color(Token::SurfaceWindow).name(), QStringLiteral("#101215"));
        QCOMPARE(theme.color(Token::Scrim), QColor(5, 6, 7, 0x99));
        QCOMPARE(theme.ansiColor(2).name(), QStringLiteral("#52c47f"));
        theme.setChoice(ThemeChoice::Light);
        QCOMPARE(theme.metric("size.railItem"), 52.0);
        QCOMPARE(theme.metric("radius.card"), 6.0);
        QCOMPARE(theme.font(TextRole::Caption).pixelSize(), 11);
        QCOMPARE(theme.font(TextRole::Strong, 600).weight(), QFont::DemiBold);
    }

    void highContrastStrengthensWhatIsFaint() {
        Theme& theme = Theme::install(*qApp, ThemeChoice::Light);
        QSignalSpy changed(&theme, &Theme::changed);
        theme.setContrast(ContrastChoice::High);
        QCOMPARE(changed.count(), 1);
        QVERIFY(theme.isHighContrast());
        QCOMPARE(theme.color(Token::BorderSubtle).name(), QStringLiteral("#7b838e"));
        QCOMPARE(theme.color(Token::BorderDefault).name(), QStringLiteral("#7b838e"));
        QCOMPARE(theme.color(Token::TextTertiary).name(), QStringLiteral("#434b55"));
        QCOMPARE(QApplication::palette().color(QPalette::Mid).name(), QStringLiteral("#7b838e"));
        theme.setContrast(ContrastChoice::System);
        QCOMPARE(changed.count(), 2);
        QCOMPARE(theme.color(Token::BorderSubtle).name(), QStringLiteral("#e7eaed"));
    }

    void theDesktopDecidesWhereThePersonLeavesItTo() {
        Theme& theme = Theme::install(*qApp, ThemeChoice::System);
        QSignalSpy changed(&theme, &Theme::changed);
        theme.setSystemLook({true, true});
        QCOMPARE(changed.count(), 1);
        QVERIFY(theme.isDark() && theme.isHighContrast());
        QCOMPARE(theme.color(Token::BorderSubtle).name(), QStringLiteral("#757e89"));
        theme.setContrast(ContrastChoice::Normal);
        QVERIFY(!theme.isHighContrast());
        theme.setChoice(ThemeChoice::Light);
        QVERIFY(!theme.isDark());
        theme.setSystemLook({std::nullopt, false});
        QCOMPARE(changed.count(), 3);  // nothing of this is shown
        theme.setChoice(ThemeChoice::System);
        QVERIFY(theme.isDark());  // the desktop has not said otherwise
        theme.setSystemLook({false, false});
        QVERIFY(!theme.isDark());
        theme.setContrast(ContrastChoice::System);
    }

    void contrastMatchesThePublishedTable_data() {
        QTest::addColumn<int>("front");
        QTest::addColumn<int>("back");
        QTest::addColumn<double>("light");
        QTest::addColumn<double>("dark");
        const auto row = [](const char* name, Token front, Token back, double light, double dark) {
            QTest::newRow(name) << static_cast<int>(front) << static_cast<int>(back) << light << dark;
        };
        // The figures are those of VISUAL.md §4.
        row("primary on window", Token::TextPrimary, Token::SurfaceWindow, 14.8, 15.5);
        row("secondary on panel", Token::TextSecondary, Token::SurfacePanel, 8.1, 8.3);
        row("tertiary on base", Token::TextTertiary, Token::SurfaceBase, 5.9, 6.1);
        row("tertiary on selection", Token::TextTertiary, Token::SelectionBg, 4.8, 4.7);
        row("tertiary on raised", Token::TextTertiary, Token::SurfaceRaised, 5.9, 5.0);
        row("link on tint", Token::TextLink, Token::AccentTint, 5.8, 7.0);
        row("onAccent on accent", Token::TextOnAccent, Token::AccentBase, 5.6, 7.3);
        row("warn on warnBg", Token::SemanticWarn, Token::SemanticWarnBg, 5.5, 6.9);
        row("danger on dangerBg", Token::SemanticDanger, Token::SemanticDangerBg, 5.2, 5.9);
        row("running on base", Token::StatusRunning, Token::SurfaceBase, 5.9, 7.6);
        row("lost on base", Token::StatusLost, Token::SurfaceBase, 8.4, 9.8);
        row("primary on addedWord", Token::TextPrimary, Token::DiffAddedWord, 12.5, 7.1);
        row("tick on chart", Token::ChartTick, Token::ChartBg, 5.9, 6.1);
        row("border.strong on panel", Token::BorderStrong, Token::SurfacePanel, 3.5, 3.9);
        row("focus on window", Token::AccentFocus, Token::SurfaceWindow, 4.7, 8.6);
    }

    void contrastMatchesThePublishedTable() {
        QFETCH(int, front);
        QFETCH(int, back);
        QFETCH(double, light);
        QFETCH(double, dark);
        Theme& theme = Theme::install(*qApp, ThemeChoice::Light);
        const auto measured = [&] {
            return contrast(theme.color(static_cast<Token>(front)), theme.color(static_cast<Token>(back)));
        };
        QVERIFY2(std::abs(measured() - light) < 0.051, QByteArray::number(measured()));
        theme.setChoice(ThemeChoice::Dark);
        QVERIFY2(std::abs(measured() - dark) < 0.051, QByteArray::number(measured()));
        theme.setChoice(ThemeChoice::Light);
    }

    void paletteFollowsTheTheme() {
        Theme& theme = Theme::install(*qApp, ThemeChoice::Light);
        QSignalSpy changed(&theme, &Theme::changed);
        QCOMPARE(QApplication::palette().color(QPalette::Window).name(), QStringLiteral("#f4f5f7"));
        QCOMPARE(QApplication::palette().color(QPalette::Inactive, QPalette::Highlight).name(),
                 QStringLiteral("#e4e8ec"));
        QCOMPARE(QApplication::palette().color(QPalette::Disabled, QPalette::ButtonText).name(),
                 QStringLiteral("#9ba2ab"));
        theme.setChoice(ThemeChoice::Dark);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(QApplication::palette().color(QPalette::Window).name(), QStringLiteral("#1d2125"));
        theme.setChoice(ThemeChoice::Dark);
        QCOMPARE(changed.count(), 1);
        theme.setChoice(ThemeChoice::Light);
    }

    void densityChangesRows() {
        Theme& theme = Theme::install(*qApp, ThemeChoice::Light);
        QCOMPARE(theme.rowHeight(), 24);
        theme.setDensity(Density::Compact);
        QCOMPARE(theme.rowHeight(), 20);
        theme.setDensity(Density::Comfortable);
        QCOMPARE(theme.rowHeight(), 28);
        QCOMPARE(theme.font(TextRole::Body).pixelSize(), 13);
        QCOMPARE(theme.font(TextRole::Caption).pixelSize(), 11);
        theme.setDensity(Density::Normal);
    }

    void seriesRepeatWithDashes() {
        const Theme& theme = Theme::install(*qApp, ThemeChoice::Light);
        QCOMPARE(theme.seriesColor(12), theme.seriesColor(0));
        QCOMPARE(theme.seriesPenStyle(11), Qt::SolidLine);
        QCOMPARE(theme.seriesPenStyle(12), Qt::DashLine);
        QCOMPARE(theme.seriesPenStyle(24), Qt::DotLine);
        QCOMPARE(theme.seriesPenStyle(36), Qt::SolidLine);
        QCOMPARE(theme.laneColor(3), theme.seriesColor(4));
        QCOMPARE(theme.laneColor(6), theme.seriesColor(0));
    }

    void scalesMeetTheirStops() {
        const Theme& theme = Theme::install(*qApp, ThemeChoice::Light);
        QCOMPARE(theme.sequential(0).name(), QStringLiteral("#440154"));
        QCOMPARE(theme.sequential(1).name(), QStringLiteral("#addc30"));
        QCOMPARE(theme.sequential(3.0 / 7).name(), QStringLiteral("#2c728e"));
        QCOMPARE(theme.diverging(0.5).name(), QStringLiteral("#e4e6e8"));
        QCOMPARE(theme.sequential(std::nan("")).name(), QStringLiteral("#440154"));
        // The middle of #440154 and #472D7B in OKLab, computed with NumPy from the published matrices.
        QCOMPARE(theme.sequential(0.5 / 7).name(), QStringLiteral("#471a67"));
    }

    void verbatimTurnsLigaturesOffOnlyWhereThatIsSafe() {
        const QFont font = Theme::install(*qApp, ThemeChoice::Light).font(TextRole::Body);
        QVERIFY(Theme::verbatim(font, QStringLiteral("mlp-256x2 ->")).styleStrategy() &
                QFont::PreferNoShaping);
        QVERIFY(
            !(Theme::verbatim(font, QString::fromUtf8("تجربة")).styleStrategy() & QFont::PreferNoShaping));
    }
};

QTEST_MAIN(TokensTest)
#include "tst_tokens.moc"
