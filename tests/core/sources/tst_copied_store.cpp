// SPDX-License-Identifier: GPL-3.0-or-later
// A store that was copied within the project has all ids twice: they, and what a person has said of the runs,
// stay with the store that was there first, whatever the two are called.
#include <chrono>
#include <thread>

#include "runglass/sources/catalogue.h"
#include "runglass/sources/run_table.h"
#include "runglass/store/database.h"
#include "runglass/store/marks.h"
#include "support/test.h"

using namespace runglass;

namespace {

constexpr const char* kId = "00112233445566778899aabbccddeeff";

void writeStore(const test::TempFolder& project, const std::string& name) {
    project.write(name + "/0/meta.yaml", "name: Default\nexperiment_id: '0'\nlifecycle_stage: active\n");
    project.write(name + "/0/" + kId + "/meta.yaml", std::string("run_id: ") + kId +
                                                         "\nrun_name: mine\nstatus: 3\nstart_time: 1000\n"
                                                         "end_time: 2000\nlifecycle_stage: active\n");
    project.write(name + "/0/" + kId + "/metrics/loss", "1500 0.5 0\n");
}

/// Of the run with this id, as the table of the project shows it.
std::string noteAndPlace(const test::TempFolder& project, const std::string& id) {
    sources::Catalogue catalogue({.project = project.path(), .cache = false});
    const auto table = *sources::readRunTable(project.path(), catalogue);
    const auto* record = table->find(*RunId::fromHex(id));
    return record == nullptr ? "none" : std::string(record->hasNote ? "noted " : "plain ") + record->location;
}

}  // namespace

class TestCopiedStore : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void marksStayWithTheFirst_data() {
        QTest::addColumn<QByteArray>("first");
        QTest::addColumn<QByteArray>("copy");
        QTest::newRow("a copy that sorts first") << QByteArray("mlruns") << QByteArray("backup");
        QTest::newRow("a copy that sorts last") << QByteArray("mlruns") << QByteArray("old");
    }

    void marksStayWithTheFirst() {
        QFETCH(QByteArray, first);
        QFETCH(QByteArray, copy);
        const test::TempFolder project;
        writeStore(project, first.toStdString());
        {
            auto database = *store::Database::open(project.path(), store::OpenMode::ReadWrite);
            VERIFY_OK(store::MarkWriter(database).setNote(*RunId::fromHex(kId), "my own note"));
        }
        const auto place = first.toStdString() + "/0/" + kId;
        QCOMPARE(noteAndPlace(project, kId), "noted " + place);
        std::this_thread::sleep_for(std::chrono::milliseconds(50));  // more than a tick of the file system
        std::filesystem::copy(project / first.toStdString(), project / copy.toStdString(),
                              std::filesystem::copy_options::recursive);
        QCOMPARE(noteAndPlace(project, kId), "noted " + place);

        sources::Catalogue catalogue({.project = project.path(), .cache = false});
        QCOMPARE(catalogue.load()->runs.size(), std::size_t{2});

        // The first one goes: its id is the copy's then, which is the same run.
        std::filesystem::remove_all(project / first.toStdString());
        QCOMPARE(noteAndPlace(project, kId), "noted " + copy.toStdString() + "/0/" + kId);
    }

    void aStoreThatWasMovedKeepsThem() {
        const test::TempFolder project;
        writeStore(project, "mlruns");
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        std::filesystem::copy(project / "mlruns", project / "backup",
                              std::filesystem::copy_options::recursive);
        std::filesystem::rename(project / "mlruns", project / "zzz");
        QCOMPARE(noteAndPlace(project, kId), std::string("plain zzz/0/") + kId);
    }
};

QTEST_GUILESS_MAIN(TestCopiedStore)
#include "tst_copied_store.moc"
