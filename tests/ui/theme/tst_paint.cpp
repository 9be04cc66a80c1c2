// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QDir>
#include <QImage>
#include <QPushButton>
#include <QScrollBar>
#include <QStyle>
#include <QStyleOptionSlider>
#include <QTabBar>
#include <QToolButton>

#include "runglass/ui/theme/icons.h"
#include "runglass/ui/theme/paint.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

QImage canvas(int width, int height) {
    QImage image(width, height, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::white);
    return image;
}

/// Columns that hold ink, as the first and last x.
std::pair<int, int> inkColumns(const QImage& image) {
    int first = image.width();
    int last = -1;
    for (int x = 0; x < image.width(); ++x) {
        for (int y = 0; y < image.height(); ++y) {
            if (qGray(image.pixel(x, y)) < 160) {
                first = std::min(first, x);
                last = std::max(last, x);
            }
        }
    }
    return {first, last};
}

}  // namespace

class PaintTest : public test::TestCase {
    Q_OBJECT
protected:
    void setUp() override { Theme::install(*qApp, ThemeChoice::Light); }

private Q_SLOTS:
    void digitsTakeTheSameRoom() {
        const QFont font = Theme::current().font(TextRole::Body);
        const qreal ones = tabularWidth(font, QStringLiteral("1111"));
        QCOMPARE(ones, tabularWidth(font, QStringLiteral("0000")));
        QCOMPARE(ones, tabularWidth(font, QStringLiteral("9876")));
        QCOMPARE(tabularWidth(font, QStringLiteral("1.1")), tabularWidth(font, QStringLiteral("0.0")));
        QVERIFY(tabularWidth(font, QStringLiteral("1.1")) < tabularWidth(font, QStringLiteral("111")));
        QVERIFY(tabularWidth(font, QString(QChar(0x2212))) > 0);
    }

    void rightAlignedNumbersEndAtTheEdge() {
        for (const QString& text :
             {QStringLiteral("0.9917"), QStringLiteral("0.8880"), QStringLiteral("0.0000")}) {
            QImage image = canvas(100, 24);
            QPainter painter(&image);
            painter.setFont(Theme::current().font(TextRole::Body));
            painter.setPen(Qt::black);
            drawTabular(&painter, QRectF(0, 0, 90, 24), Qt::AlignRight | Qt::AlignVCenter, text);
            painter.end();
            const auto [first, last] = inkColumns(image);
            QVERIFY2(last >= 86 && last <= 90, qPrintable(text + QString::number(last)));
            QVERIFY(first > 40);
        }
    }

    void charactersTheFontLacksAreStillDrawn() {
        QImage image = canvas(100, 24);
        QPainter painter(&image);
        painter.setFont(Theme::current().font(TextRole::Body));
        drawTabular(&painter, QRectF(0, 0, 90, 24), Qt::AlignLeft | Qt::AlignVCenter,
                    QString::fromUtf8("12 \u2387"));
        painter.end();
        QVERIFY(inkColumns(image).second > 10);
    }

    void statesDifferInShapeNotOnlyInColour() {
        QList<QImage> shapes;
        for (int i = 0; i < 6; ++i) {
            QImage image = canvas(24, 24);
            QPainter painter(&image);
            paintStatus(&painter, QRectF(0, 0, 24, 24), static_cast<StatusGlyph>(i));
            painter.end();
            QImage mask = image.createHeuristicMask();
            QVERIFY(inkColumns(image).first >= 6 && inkColumns(image).second <= 17);
            for (const QImage& other : shapes) {
                QVERIFY(other != mask);
            }
            shapes.push_back(mask);
        }
        // Rings are hollow, discs are not.
        const auto centre = [](StatusGlyph glyph) {
            QImage image = canvas(24, 24);
            QPainter painter(&image);
            paintStatus(&painter, QRectF(0, 0, 24, 24), glyph);
            painter.end();
            return image.pixelColor(12, 12);
        };
        QCOMPARE(centre(StatusGlyph::Scheduled), QColor(Qt::white));
        QCOMPARE(centre(StatusGlyph::Lost), QColor(Qt::white));
        QCOMPARE(centre(StatusGlyph::Finished), themeColor(Token::StatusFinished));
        QCOMPARE(centre(StatusGlyph::Killed), themeColor(Token::StatusKilled));
    }

    void everyIconRendersInItsColour() {
        const QColor color(10, 20, 200);
        const QStringList names =
            QDir(QStringLiteral(":/runglass/icons")).entryList({QStringLiteral("*.svg")});
        QVERIFY(names.size() >= 62);
        for (const QString& file : names) {
            const QImage image = iconPixmap(file.chopped(4), 20, color, 2).toImage();
            QCOMPARE(image.size(), QSize(40, 40));
            int solid = 0;
            for (int y = 0; y < 40; ++y) {
                for (int x = 0; x < 40; ++x) {
                    const QColor pixel = image.pixelColor(x, y);
                    if (pixel.alpha() == 255) {
                        QCOMPARE(pixel, color);
                        ++solid;
                    }
                }
            }
            QVERIFY2(solid > 20, qPrintable(file));
        }
    }

    void iconsFollowTheTheme() {
        const QIcon icon = themedIcon(QStringLiteral("stop"));
        const auto inkOf = [&](QIcon::Mode mode, QIcon::State state) {
            const QImage image = icon.pixmap(QSize(16, 16), 1, mode, state).toImage();
            for (int y = 0; y < 16; ++y) {
                for (int x = 0; x < 16; ++x) {
                    if (image.pixelColor(x, y).alpha() == 255) {
                        return image.pixelColor(x, y);
                    }
                }
            }
            return QColor();
        };
        QCOMPARE(inkOf(QIcon::Normal, QIcon::Off), themeColor(Token::TextSecondary));
        QCOMPARE(inkOf(QIcon::Disabled, QIcon::Off), themeColor(Token::TextDisabled));
        QCOMPARE(inkOf(QIcon::Normal, QIcon::On), themeColor(Token::AccentBase));
        Theme::current().setChoice(ThemeChoice::Dark);
        QCOMPARE(inkOf(QIcon::Normal, QIcon::Off), themeColor(Token::TextSecondary));
        Theme::current().setChoice(ThemeChoice::Light);
    }

    void scrollBarsAreSlimAndHaveNoArrows() {
        QScrollBar bar(Qt::Vertical);
        bar.setRange(0, 900);
        bar.setPageStep(100);
        bar.resize(bar.sizeHint().width(), 200);
        QCOMPARE(bar.width(), 10);
        QStyleOptionSlider option;
        option.initFrom(&bar);
        option.orientation = Qt::Vertical;
        option.maximum = 900;
        option.pageStep = 100;
        const auto part = [&](QStyle::SubControl sub) {
            return bar.style()->subControlRect(QStyle::CC_ScrollBar, &option, sub, &bar);
        };
        QVERIFY(part(QStyle::SC_ScrollBarAddLine).isEmpty());
        QCOMPARE(part(QStyle::SC_ScrollBarSlider).height(), 24);  // 20 by proportion, held at the minimum
        option.sliderPosition = 900;
        QCOMPARE(part(QStyle::SC_ScrollBarSlider).bottom(), 199);
    }

    void tabsThatDoNotFitHaveArrows() {
        QTabBar tabs;
        tabs.setExpanding(false);
        tabs.setUsesScrollButtons(true);
        tabs.setElideMode(Qt::ElideNone);
        for (int i = 0; i < 8; ++i) {
            tabs.addTab(QStringLiteral("some_file_%1.py").arg(i));
        }
        tabs.setCurrentIndex(4);
        tabs.resize(300, 28);
        tabs.show();
        QVERIFY(QTest::qWaitForWindowExposed(&tabs));
        const auto buttons = tabs.findChildren<QToolButton*>();
        QCOMPARE(buttons.size(), 2);
        for (QToolButton* button : buttons) {
            QVERIFY(button->isVisible());
            button->setEnabled(true);
            const auto [first, last] = inkColumns(button->grab().toImage());
            QVERIFY2(last - first >= 2 && last - first <= 10, "a chevron, and no part of a tab below it");
        }
    }

    void primaryButtonIsTheAccent() {
        QPushButton button(QStringLiteral("Launch"));
        button.setProperty("runglassKind", QStringList{QStringLiteral("primary")});
        button.resize(button.sizeHint());
        QCOMPARE(button.height(), 26);
        const QImage image = button.grab().toImage();
        QCOMPARE(image.pixelColor(4, 13), themeColor(Token::AccentBase));
    }
};

QTEST_MAIN(PaintTest)
#include "tst_paint.moc"
