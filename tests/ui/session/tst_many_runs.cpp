// SPDX-License-Identifier: GPL-3.0-or-later
#include <QElapsedTimer>
#include <QTest>
#include <QTimer>
#include <thread>
#include <tuple>

#include "runglass/base/clock.h"
#include "runglass/store/run_writer.h"
#include "runglass/ui/session/project_session.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::ui;

namespace {

constexpr int kRuns = 100'000;

/// Measures how long the event loop was held at most.
class LoopWatch : public QObject {
public:
    LoopWatch() {
        m_timer.setInterval(0);
        connect(&m_timer, &QTimer::timeout, this, [this] {
            m_longest = std::max(m_longest, m_clock.nsecsElapsed());
            m_clock.restart();
        });
        restart();
        m_timer.start();
    }
    void restart() {
        m_longest = 0;
        m_clock.restart();
    }
    [[nodiscard]] double longestMs() const { return static_cast<double>(m_longest) / 1e6; }

private:
    QTimer m_timer;
    QElapsedTimer m_clock;
    qint64 m_longest = 0;
};

}  // namespace

class ManyRunsTest : public test::TestCase {
    Q_OBJECT
private:
    test::TempFolder m_folder;
    std::vector<RunId> m_ids;

private Q_SLOTS:
    void initTestCase() {
        auto database = store::Database::open(m_folder.path(), store::OpenMode::ReadWrite);
        QVERIFY(database.ok());
        store::RunWriter writer(*database);
        const auto created = writer.transaction([&]() -> Result<void> {
            model::RunDetail detail;
            detail.record.experiment = Symbol("digits");
            detail.record.source = Symbol("runglass");
            detail.record.status = model::RunStatus::Finished;
            detail.record.params = {{Symbol("lr"), Symbol("0.1")}};
            for (int i = 0; i < kRuns; ++i) {
                detail.record.id = RunId::generate();
                detail.record.name = "run " + std::to_string(i);
                RUNGLASS_TRY(writer.createRun(detail));
                m_ids.push_back(detail.record.id);
            }
            return {};
        });
        QVERIFY(created.ok());
    }

    /// One frame is 16 ms; the limit leaves room for a machine that is busy with other things.
    void theGuiThreadIsNeverHeld() {
        constexpr double kLimitMs = 120;
        ProjectSession session(m_folder.path());
        LoopWatch watch;
        session.start();
        QTRY_VERIFY_WITH_TIMEOUT(session.loaded(), 60'000);
        QCOMPARE(session.runs()->runs.size(), static_cast<std::size_t>(kRuns));
        QCOMPARE(session.shown().size(), static_cast<std::size_t>(kRuns));
        qInfo("loading held the event loop for at most %.1f ms", watch.longestMs());
        QVERIFY2(watch.longestMs() < kLimitMs, QByteArray::number(watch.longestMs()));

        watch.restart();
        std::jthread other([this] {
            auto database = store::Database::open(m_folder.path(), store::OpenMode::ReadWrite);
            for (std::size_t i = 0; database.ok() && i < 20; ++i) {
                std::ignore = store::RunWriter(*database).setStarred(m_ids[i * 1000], true).ok();
            }
        });
        QTRY_VERIFY(session.run(m_ids[19'000])->starred);
        qInfo("following changes held it for at most %.1f ms", watch.longestMs());
        QVERIFY2(watch.longestMs() < kLimitMs, QByteArray::number(watch.longestMs()));

        watch.restart();
        session.setArchived({m_ids.begin(), m_ids.begin() + 1000}, true);
        QTRY_VERIFY(session.run(m_ids[999])->archived);
        QCOMPARE(session.shown().size(), static_cast<std::size_t>(kRuns - 1000));
        qInfo("archiving 1,000 runs held it for at most %.1f ms", watch.longestMs());
        QVERIFY2(watch.longestMs() < kLimitMs, QByteArray::number(watch.longestMs()));
    }
};

QTEST_MAIN(ManyRunsTest)
#include "tst_many_runs.moc"
