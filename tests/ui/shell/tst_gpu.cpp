// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QToolButton>
#include <atomic>
#include <cmath>

#include "gpu_item.h"
#include "gpu_monitor.h"
#include "header_bar.h"
#include "shell_support.h"

using namespace runglass;
using namespace runglass::ui;

class GpuTest : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { Theme::install(*qApp, ThemeChoice::Light); }

    void theHeaderShowsTheMeanAndTheTooltipEach() {
        HeaderBar header;
        header.resize(1280, 36);
        header.show();
        auto* item = header.findChild<GpuItem*>();
        QVERIFY(item->isHidden());
        GpuMonitor monitor;
        header.showGpus(&monitor);
        monitor.start([] {
            return std::vector<launch::GpuLoad>{{"NVIDIA H200", 92.0, 3'100'000'000, 150'000'000'000},
                                                {"NVIDIA <T4>", 50.0, std::nullopt, std::nullopt},
                                                {"old", std::nullopt, std::nullopt, std::nullopt}};
        });
        QTRY_VERIFY(item->isVisible());
        QCOMPARE(item->text(), QStringLiteral("GPU 71 %"));  // (92 + 50) / 2; the third says nothing
        QCOMPARE(
            item->toolTip(),
            QStringLiteral("NVIDIA H200, 92 %, 3.1 GB of 150 GB in use<br>NVIDIA &lt;T4&gt;, 50 %<br>old"));
        QCOMPARE(item->accessibleName(), item->text());
        // The first: where a widget that no layout has placed yet is not.
        QTRY_VERIFY(item->geometry().left() > header.width() / 2);
        QVERIFY(item->geometry().right() < header.bottomToggle()->geometry().left());
    }

    void aMinuteIsKept() {
        GpuMonitor monitor;
        auto calls = std::make_shared<std::atomic<int>>(0);
        monitor.start(
            [calls] {
                return std::vector<launch::GpuLoad>{{"one", ++*calls, std::nullopt, std::nullopt}};
            },
            1);
        QTRY_VERIFY(monitor.history().size() == GpuMonitor::kHistory && monitor.history().front() > 5);
        for (std::size_t i = 1; i < monitor.history().size(); ++i) {
            QCOMPARE(monitor.history()[i], monitor.history()[i - 1] + 1);
        }
    }

    void aMachineWithoutOneIsAskedOnce() {
        GpuItem item;
        GpuMonitor monitor;
        item.follow(&monitor);
        auto calls = std::make_shared<std::atomic<int>>(0);
        monitor.start(
            [calls] {
                ++*calls;
                return std::vector<launch::GpuLoad>{};
            },
            1);
        QTRY_COMPARE(calls->load(), 1);
        QTest::qWait(50);
        QCOMPARE(calls->load(), 1);
        QVERIFY(item.isHidden());
    }
};

QTEST_MAIN(GpuTest)
#include "tst_gpu.moc"
