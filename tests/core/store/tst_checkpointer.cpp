// SPDX-License-Identifier: GPL-3.0-or-later
// The log of a database whose writer never rests: copied beside it, and begun anew.
#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "connection.h"
#include "database_impl.h"
#include "runglass/store/checkpointer.h"
#include "runglass/store/layout.h"
#include "runglass/store/run_reader.h"
#include "runglass/store/run_writer.h"
#include "sqlite_program.h"
#include "support/test.h"

using namespace runglass;
using namespace runglass::store;

namespace {

constexpr std::uintmax_t kPage = 8192 + 24;  // with its header in the log (sqlite.org/walformat.html §2)

double valueAt(std::int64_t step) {
    return std::sqrt(static_cast<double>(step) + 0.1);
}

/// A project and one that logs a point a commit.
class Logging {
public:
    Logging() {
        auto opened = Database::open(m_folder.path(), OpenMode::ReadWrite);
        QVERIFY2(opened.ok(), opened.ok() ? "" : opened.error().message.c_str());
        m_database.emplace(std::move(opened).value());
        m_writer.emplace(*m_database);
        model::RunDetail detail;
        detail.record.id = run();
        detail.record.name = "logging";
        detail.record.experiment = Symbol("default");
        detail.record.source = Symbol("runglass");
        VERIFY_OK(m_writer->createRun(detail));
    }
    void log(int points) {
        for (int i = 0; i < points; ++i, ++m_logged) {
            const std::vector<MetricPoint> point{
                {"loss", {m_logged, 1'700'000'000'000 + m_logged, valueAt(m_logged)}}};
            VERIFY_OK(m_writer->appendPoints(run(), point));
        }
    }
    /// The file does not get shorter while it is in use: it is as long as the log has ever been.
    [[nodiscard]] std::uintmax_t longestLog() const {
        return std::filesystem::file_size(file().native() + "-wal") / kPage;
    }
    [[nodiscard]] std::string check() const {
        return test::sqliteSays(m_folder.path(), "PRAGMA integrity_check");
    }
    [[nodiscard]] const std::filesystem::path& project() const { return m_folder.path(); }
    [[nodiscard]] std::filesystem::path file() const { return Layout(m_folder.path()).database(); }
    [[nodiscard]] Database& database() { return *m_database; }
    static RunId run() { return RunId::derive("logging"); }

private:
    test::TempFolder m_folder;
    std::optional<Database> m_database;
    std::optional<RunWriter> m_writer;
    std::int64_t m_logged = 0;
};

}  // namespace

class TestCheckpointer : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void keepsTheLogOfOneThatDoesNotRestShort() {
        std::uintmax_t uncopied = 0;
        {
            Logging without;
            sqlite3_wal_autocheckpoint(without.database().impl().connection.get(), 0);
            without.log(2000);
            uncopied = without.longestLog();
        }
        QVERIFY2(uncopied > 4000, std::to_string(uncopied).c_str());
        Logging logging;
        const Checkpointer checkpointer(logging.database(), {50, 100, 40, 1000});
        logging.log(2000);
        QVERIFY2(logging.longestLog() < 1100, std::to_string(logging.longestLog()).c_str());
        QCOMPARE(logging.check(), std::string("ok\n"));
    }

    void keepsEveryPoint() {
        Logging logging;
        {
            const Checkpointer checkpointer(logging.database(), {20, 40, 10, 100});
            logging.log(2000);
        }
        logging.log(50);
        auto again = Database::open(logging.project(), OpenMode::ReadOnly);
        VERIFY_OK(again);
        const auto series = RunReader(*again).series(Logging::run(), "loss");
        VERIFY_OK(series);
        QCOMPARE(series->size(), std::size_t{2050});
        for (std::size_t i = 0; i < series->size(); ++i) {
            const auto step = static_cast<std::int64_t>(i);
            QCOMPARE(series->steps[i], step);
            QCOMPARE(series->values[i], valueAt(step));
        }
    }

    void waitsForAReaderOfWhatWas() {
        Logging logging;
        const Checkpointer checkpointer(logging.database(), {20, 50, 20, 200});
        auto reader = openFile(logging.file(), FileAccess::Read);
        VERIFY_OK(reader);
        VERIFY_OK(execute(reader->get(), "BEGIN; SELECT count(*) FROM sqlite_schema"));
        logging.log(500);
        const auto kept = logging.longestLog();
        QVERIFY2(kept > 1000, std::to_string(kept).c_str());
        rollback(reader->get());
        logging.log(100);  // begins anew within these
        const auto then = logging.longestLog();
        logging.log(200);
        QCOMPARE(logging.longestLog(), then);
    }

    void letsTheLogGrowNoFurtherThanItMay() {
        Logging logging;
        // Each commit finds the thread at work, or its copy too old.
        const Checkpointer checkpointer(logging.database(), {1, 1, 0, 5});
        logging.log(200);
        QVERIFY2(logging.longestLog() < 100, std::to_string(logging.longestLog()).c_str());
    }

    void endsWhileItCopies() {
        Logging logging;
        for (int i = 0; i < 40; ++i) {
            const Checkpointer checkpointer(logging.database(), {1, 2, 1, 1000});
            logging.log(3);
        }
        QCOMPARE(logging.check(), std::string("ok\n"));
    }
};

QTEST_GUILESS_MAIN(TestCheckpointer)
#include "tst_checkpointer.moc"
