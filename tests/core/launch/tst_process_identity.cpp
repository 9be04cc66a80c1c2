// SPDX-License-Identifier: GPL-3.0-or-later
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runglass/launch/process_identity.h"
#include "support/test.h"

using runglass::launch::ProcessIdentity;

class TestProcessIdentity : public runglass::test::TestCase {
    Q_OBJECT

    static pid_t startSleep() {
        pid_t pid = 0;
        const char* arguments[] = {"sleep", "60", nullptr};
        posix_spawnp(&pid, "sleep", nullptr, nullptr, const_cast<char**>(arguments), environ);
        return pid;
    }

private Q_SLOTS:
    void selfIsAlive() {
        const auto self = ProcessIdentity::self();
        QCOMPARE(self.pid, ::getpid());
        QVERIFY(self.startTicks > 0);
        QCOMPARE(self.bootId.size(), std::size_t{36});
        QVERIFY(self.isAlive());
    }

    void startTicksAreThoseOfTheKernel() {
        // Another road to field 22: awk on the text behind the program's name.
        const auto shell = runglass::test::runProcess(
            {"sh", "-c", "sed 's/.*) //' /proc/" + std::to_string(::getpid()) + "/stat | cut -d' ' -f20"});
        QCOMPARE(std::to_string(ProcessIdentity::self().startTicks) + "\n", shell.out);
    }

    void aReusedPidIsNotTheSameProcess() {
        auto other = ProcessIdentity::self();
        other.startTicks -= 1;  // what an earlier owner of this pid would have had
        QVERIFY(!other.isAlive());
    }

    void anotherBootIsNotTheSameProcess() {
        auto other = ProcessIdentity::self();
        other.bootId = "00000000-0000-4000-8000-000000000000";
        QVERIFY(!other.isAlive());
        other.bootId.clear();
        QVERIFY(!other.isAlive());
    }

    void aZombieIsNotAlive() {
        const pid_t pid = startSleep();
        const auto identity = ProcessIdentity::ofPid(pid);
        QVERIFY(identity.has_value());
        QVERIFY(identity->isAlive());
        ::kill(pid, SIGKILL);
        QTRY_VERIFY(!identity->isAlive());  // not waited for yet: a zombie
        QVERIFY(ProcessIdentity::ofPid(pid).has_value());
        ::waitpid(pid, nullptr, 0);
        QVERIFY(!ProcessIdentity::ofPid(pid).has_value());
    }
};

QTEST_GUILESS_MAIN(TestProcessIdentity)
#include "tst_process_identity.moc"
