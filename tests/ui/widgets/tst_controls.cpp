// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QImage>
#include <QSignalSpy>
#include <QToolTip>

#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/banner.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/chip.h"
#include "runglass/ui/widgets/key_cap.h"
#include "runglass/ui/widgets/label.h"
#include "runglass/ui/widgets/remark.h"
#include "runglass/ui/widgets/search_field.h"
#include "runglass/ui/widgets/section_header.h"
#include "runglass/ui/widgets/segmented_control.h"
#include "runglass/ui/widgets/sparkline.h"
#include "runglass/ui/widgets/splitter.h"
#include "runglass/ui/widgets/toast.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

class ControlsTest : public test::TestCase {
    Q_OBJECT
protected:
    void setUp() override { Theme::install(*qApp, ThemeChoice::Light); }

private Q_SLOTS:
    void segmentsAreChosenByMouseAndKeys() {
        SegmentedControl control;
        control.addPart(QStringLiteral("Differences"));
        control.addPart(QStringLiteral("Parallel"));
        control.addPart({}, QStringLiteral("scatter"), QStringLiteral("Scatter"));
        control.resize(control.sizeHint());
        control.show();
        QVERIFY(QTest::qWaitForWindowExposed(&control));
        QSignalSpy changed(&control, &SegmentedControl::currentChanged);
        QTest::mouseClick(&control, Qt::LeftButton, {}, QPoint(control.width() - 8, 12));
        QCOMPARE(control.currentIndex(), 2);
        control.setFocus(Qt::TabFocusReason);
        QTest::keyClick(&control, Qt::Key_Left);
        QCOMPARE(control.currentIndex(), 1);
        QTest::keyClick(&control, Qt::Key_Right);
        QTest::keyClick(&control, Qt::Key_Right);
        QCOMPARE(control.currentIndex(), 2);
        QCOMPARE(changed.count(), 3);
        control.setCurrentIndex(0);
        QCOMPARE(changed.count(), 3);
    }

    void sectionsFoldTheirContent() {
        QWidget window;
        SectionHeader header(QStringLiteral("Params"), true, &window);
        QWidget content(&window);
        header.resize(200, 28);
        window.show();
        header.setContent(&content);
        QVERIFY(content.isVisible());
        QTest::mouseClick(&header, Qt::LeftButton, {}, QPoint(20, 14));
        QVERIFY(header.isFolded());
        QVERIFY(!content.isVisible());
        QTest::keyClick(&header, Qt::Key_Right);
        QVERIFY(content.isVisible());
    }

    void searchClearsWithEscape() {
        SearchField field(QStringLiteral("Filter charts"));
        QTest::keyClicks(&field, QStringLiteral("loss"));
        QCOMPARE(field.text(), QStringLiteral("loss"));
        QTest::keyClick(&field, Qt::Key_Escape);
        QVERIFY(field.text().isEmpty());
    }

    void keysAreNamedAsOnTheKeyboard() {
        QCOMPARE(keyNames(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_B)),
                 (QStringList{QStringLiteral("Ctrl"), QStringLiteral("Shift"), QStringLiteral("B")}));
        QCOMPARE(keyNames(QKeySequence(Qt::CTRL | Qt::Key_Plus)),
                 (QStringList{QStringLiteral("Ctrl"), QStringLiteral("+")}));
        QCOMPARE(keyNames(QKeySequence(Qt::Key_Plus)), QStringList{QStringLiteral("+")});
        QVERIFY(keyNames(QKeySequence()).isEmpty());
    }

    void splitterIsThinAndEasyToTakeHoldOf() {
        Splitter splitter(Qt::Horizontal);
        splitter.addWidget(new QWidget);
        splitter.addWidget(new QWidget);
        splitter.resize(401, 100);
        splitter.setSizes({200, 200});
        splitter.show();
        QVERIFY(QTest::qWaitForWindowExposed(&splitter));
        QSplitterHandle* handle = splitter.handle(1);
        QCOMPARE(handle->width(), 7);
        QCOMPARE(handle->contentsRect().width(), 1);
        QCOMPARE(splitter.widget(0)->width() + splitter.widget(1)->width() + 1, 401);
        // Three pixels beside the line it can still be dragged.
        const int before = splitter.widget(0)->width();
        QTest::mousePress(handle, Qt::LeftButton, {}, QPoint(0, 50));
        QTest::mouseMove(handle, QPoint(40, 50));
        QTest::mouseRelease(handle, Qt::LeftButton, {}, QPoint(40, 50));
        QVERIFY(splitter.widget(0)->width() > before + 20);
    }

    void labelsElideAndKeepProjectTextPlain() {
        Label label(QStringLiteral("a name that is far too long for this"));
        label.resize(60, 16);
        const QImage narrow = label.grab().toImage();
        label.resize(400, 16);
        QVERIFY(label.sizeHint().width() > 60);
        QVERIFY(label.grab().toImage() != narrow);
    }

    void toastsStackAndGo() {
        QWidget window;
        window.resize(800, 600);
        ToastStack toasts(&window, 24);
        window.show();
        bool undone = false;
        toasts.show(Tone::Plain, QStringLiteral("2 runs archived"), {}, QStringLiteral("Undo"),
                    [&] { undone = true; });
        toasts.show(Tone::Danger, QStringLiteral("The run did not start."), QStringLiteral("exit 127"));
        toasts.show(Tone::Ok, QStringLiteral("Saved"));
        toasts.show(Tone::Ok, QStringLiteral("Saved again"));
        QCOMPARE(toasts.count(), 3);
        const auto shown = window.findChildren<QWidget*>(QStringLiteral("toast"));
        QCOMPARE(shown.size(), 3);
        for (const QWidget* toast : shown) {
            QCOMPARE(toast->geometry().right(), 800 - 12 - 1);
            QVERIFY(toast->geometry().bottom() < 600 - 24 - 11);
        }
        // The first one, with Undo, made room for the newest.
        QVERIFY(!undone);
        QTest::mouseClick(shown.last()->findChild<QToolButton*>(), Qt::LeftButton);
        QTRY_COMPARE(toasts.count(), 2);
    }

    void bannerHasOneButton() {
        Banner banner(Tone::Warn, QStringLiteral("Runs cannot be recorded here."));
        banner.setButton(QStringLiteral("Why"));
        banner.resize(400, banner.sizeHint().height());
        QSignalSpy clicked(&banner, &Banner::clicked);
        QTest::mouseClick(banner.findChild<QPushButton*>(), Qt::LeftButton);
        QCOMPARE(clicked.count(), 1);
        QCOMPARE(banner.grab().toImage().pixelColor(200, 2), themeColor(Token::SemanticWarnBg));
    }

    void sparklineShowsGapsForWhatIsNotFinite() {
        Sparkline line;
        line.resize(64, 18);
        const auto inkAt = [&](int from, int to) {
            const QImage image = line.grab().toImage();
            int ink = 0;
            for (int x = from; x < to; ++x) {
                for (int y = 0; y < image.height(); ++y) {
                    ink += image.pixelColor(x, y).blue() < 100 ? 1 : 0;
                }
            }
            return ink;
        };
        const double nan = std::numeric_limits<double>::quiet_NaN();
        line.setValues({0, 1, nan, nan, nan, nan, nan, nan, 1, 0}, Qt::black);
        QVERIFY(inkAt(0, 8) > 0);
        QCOMPARE(inkAt(14, 48), 0);
        QVERIFY(inkAt(56, 64) > 0);
        line.setValues({1}, Qt::black);  // one value is no curve, and no division by zero
        QCOMPARE(inkAt(0, 64), 0);
    }

    void aRemarkFollowsTheTheme() {
        Remark remark(QStringLiteral("<b>plain</b>"), Token::SemanticDanger);
        const auto ink = [&] { return remark.palette().color(QPalette::WindowText); };
        Theme::current().setChoice(ThemeChoice::Dark);
        const QColor dark = ink();
        QCOMPARE(dark, themeColor(Token::SemanticDanger));
        Theme::current().setChoice(ThemeChoice::Light);
        QCOMPARE(ink(), themeColor(Token::SemanticDanger));
        QVERIFY(ink() != dark);
        remark.setColor(Token::TextTertiary);
        QCOMPARE(ink(), themeColor(Token::TextTertiary));
        QCOMPARE(remark.textFormat(), Qt::PlainText);
    }
};

QTEST_MAIN(ControlsTest)
#include "tst_controls.moc"
