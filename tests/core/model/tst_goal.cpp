// SPDX-License-Identifier: GPL-3.0-or-later
#include <limits>

#include "runglass/model/goal.h"
#include "support/test.h"

using namespace runglass::model;

class GoalTest final : public runglass::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void readsTheKey() {
        for (const char* key :
             {"loss", "val/loss", "train_mae", "eval-RMSE", "test.ece", "f1_loss", "val_err"}) {
            QVERIFY2(goalOf(key) == Goal::Minimize, key);
        }
        for (const char* key :
             {"acc", "val/acc", "Accuracy", "metrics/mAP50 mAP", "macro.f1", "episode_reward"}) {
            QVERIFY2(goalOf(key) == Goal::Maximize, key);
        }
        for (const char* key : {"", "lr", "epoch", "glossy", "optim/grad_norm", "accumulated", "/"}) {
            QVERIFY2(goalOf(key) == Goal::Unknown, key);
        }
    }

    void findsTheBest() {
        MetricSummary summary;
        for (const double value : {0.5, std::numeric_limits<double>::quiet_NaN(), 0.25, 0.75}) {
            summary.add({0, 0, value});
        }
        QCOMPARE(bestOf(summary, Goal::Minimize), std::optional(0.25));
        QCOMPARE(bestOf(summary, Goal::Maximize), std::optional(0.75));
        QVERIFY(!bestOf(summary, Goal::Unknown));
        MetricSummary onlyNan;
        onlyNan.add({0, 0, std::numeric_limits<double>::quiet_NaN()});
        QVERIFY(!bestOf(onlyNan, Goal::Maximize));
        QVERIFY(!bestOf(MetricSummary{}, Goal::Maximize));
    }
};

QTEST_APPLESS_MAIN(GoalTest)
#include "tst_goal.moc"
