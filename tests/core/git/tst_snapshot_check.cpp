// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/git/snapshot_check.h"

#include "runglass/git/snapshot.h"
#include "support/test.h"

using namespace runglass;

class TestSnapshotCheck : public test::TestCase {
    Q_OBJECT
private:
    std::unique_ptr<test::TempFolder> m_folder;
    git::RecordedSnapshot m_recorded;

    std::string fault() const {
        const auto faults = git::checkSnapshots(m_folder->path(), {&m_recorded, 1});
        if (!faults.ok()) {
            return "failed: " + faults.error().message;
        }
        return faults->empty() ? std::string() : faults->front().message;
    }
    void removeObject(const std::string& revision) const {
        auto name = test::git(m_folder->path(), {"rev-parse", revision});
        name.pop_back();
        std::filesystem::remove(*m_folder / (".git/objects/" + name.substr(0, 2) + "/" + name.substr(2)));
    }

protected:
    void setUp() override {
        m_folder = std::make_unique<test::TempFolder>();
        test::git(m_folder->path(), {"init", "-q"});
        m_folder->write("src/train.py", "print(1)\n");
        test::git(m_folder->path(), {"add", "-A"});
        test::git(m_folder->path(), {"commit", "-qm", "one"});
        m_folder->write("src/new.py", "print(2)\n");
        const auto run = RunId::generate();
        const auto snapshot = git::takeSnapshot(m_folder->path(), run);
        VERIFY_OK(snapshot);
        m_recorded = {run, snapshot->commit.hex()};
    }

private Q_SLOTS:
    void wholeSnapshot() {
        QCOMPARE(fault(), std::string());
        test::git(m_folder->path(), {"gc", "-q", "--prune=now"});
        QCOMPARE(fault(), std::string());
    }
    void missingReference() {
        test::git(m_folder->path(), {"update-ref", "-d", "refs/runglass/runs/" + m_recorded.run.hex()});
        QVERIFY(fault().find("is gone") != std::string::npos);
    }
    void movedReference() {
        test::git(m_folder->path(), {"update-ref", "refs/runglass/runs/" + m_recorded.run.hex(), "HEAD"});
        QVERIFY(fault().find("in place of " + m_recorded.commit.substr(0, 7)) != std::string::npos);
    }
    void missingFile() {
        removeObject(m_recorded.commit + ":src/new.py");
        QVERIFY2(fault().starts_with("src/new.py of its snapshot"), fault().c_str());
    }
    void missingTree() {
        removeObject(m_recorded.commit + ":src");
        QVERIFY2(fault().starts_with("src of its snapshot"), fault().c_str());
    }
    void noRepository() {
        std::filesystem::remove_all(*m_folder / ".git");
        QVERIFY(fault().starts_with("failed: "));
    }
};

QTEST_GUILESS_MAIN(TestSnapshotCheck)
#include "tst_snapshot_check.moc"
