// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <atomic>
#include <random>
#include <set>
#include <sstream>
#include <thread>
#include <unordered_map>
#include <unordered_set>

#include "runglass/git/history.h"
#include "runglass/git/snapshot.h"
#include "scratch_repository.h"

using namespace runglass;

namespace {

using Rows = std::vector<git::HistoryRow>;

struct Walked {
    Result<void> result;
    Rows rows;
    std::vector<std::size_t> batches;
    int takenBack = 0;
};

Walked walk(const std::filesystem::path& folder, git::HistoryOptions options = {}, bool early = false) {
    Walked walked;
    if (early) {
        options.takeBack = [&] {
            ++walked.takenBack;
            walked.rows.clear();
        };
    }
    walked.result = git::walkHistory(folder, options, [&](Rows&& rows) {
        walked.batches.push_back(rows.size());
        std::move(rows.begin(), rows.end(), std::back_inserter(walked.rows));
        return true;
    });
    return walked;
}

/// As `git log --format='%H|%P|%an|%ae|%at|%s'` prints it.
std::string listing(const Rows& rows) {
    std::ostringstream text;
    for (const auto& row : rows) {
        const auto& commit = row.commit;
        text << commit.id.hex() << '|';
        for (std::size_t i = 0; i < commit.parents.size(); ++i) {
            text << (i == 0 ? "" : " ") << commit.parents[i].hex();
        }
        text << '|' << commit.authorName << '|' << commit.authorEmail << '|' << commit.authorTime << '|'
             << commit.summary << '\n';
    }
    return text.str();
}

std::string log(const test::ScratchRepository& repository, std::vector<std::string> more) {
    more.insert(more.begin(), {"log", "--date-order", "--format=%H|%P|%an|%ae|%at|%s"});
    return repository.git(more);
}

/// A random history of several branches with merges; each commit's time is `time(number)`.
template <typename Time>
void import(const test::ScratchRepository& repository, int commits, Time&& time) {
    std::mt19937 random(11);
    std::vector<int> tips(8, 0);
    std::ostringstream stream;
    for (int i = 0; i < commits; ++i) {
        const auto branch = i == 0 ? 0 : random() % tips.size();
        const auto when = std::to_string(time(i)) + " +0530";
        stream << "commit refs/heads/b" << branch << "\nmark :" << i + 1 << "\nauthor Zoë Ö <z@example.org> "
               << when << "\ncommitter C <c@example.org> " << when << "\ndata 10\ncommit " << 100 + i % 900
               << "\n";
        const int parent = tips[branch] != 0 ? tips[branch] : tips[0];
        if (parent != 0) {
            stream << "from :" << parent << '\n';
            const int other = tips[random() % tips.size()];
            if (random() % 5 == 0 && other != 0 && other != parent) {
                stream << "merge :" << other << '\n';
            }
        }
        stream << '\n';
        tips[branch] = i + 1;
    }
    const auto result = test::runProcess({"git", "fast-import", "--quiet"}, repository.path(), stream.str());
    QVERIFY2(result.exitCode == 0, result.err.c_str());
    repository.git({"symbolic-ref", "HEAD", "refs/heads/b0"});
}

void verifyChildrenFirst(const Rows& rows) {
    std::unordered_set<git::ObjectId> seen;
    for (const auto& row : rows) {
        for (const auto& parent : row.commit.parents) {
            QVERIFY(!seen.contains(parent));
        }
        QVERIFY(seen.insert(row.commit.id).second);
    }
}

std::int64_t steadyClock(int number) {
    return 1'500'000'000 + 977LL * number;
}

}  // namespace

class TestHistory : public test::GitTestCase {
    Q_OBJECT
private Q_SLOTS:
    void sameOrderAndValuesAsGitLog() {
        const test::ScratchRepository repository;
        import(repository, 6000, steadyClock);
        const auto expected = log(repository, {"--all"});
        const auto whole = walk(repository.path());
        VERIFY_OK(whole.result);
        QVERIFY(listing(whole.rows) == expected);
        QCOMPARE(whole.batches.front(), std::size_t{200});
        const auto early = walk(repository.path(), {}, true);
        VERIFY_OK(early.result);
        QVERIFY(listing(early.rows) == expected);
        QCOMPARE(early.batches.front(), std::size_t{200});
        QCOMPARE(early.takenBack, 0);
        QCOMPARE(whole.rows.front().commit.authorOffsetMinutes, 330);
    }
    void wrongClocksNeverPutAParentFirst() {
        // Every third commit claims to be ten years older, so that dates say nothing about the order.
        const test::ScratchRepository repository;
        import(repository, 5000,
               [](int i) { return steadyClock(i) - (i % 3 == 0 ? 315'360'000LL : 0LL);
    });
    for (const bool early : {false, true}) {
        const auto walked = walk(repository.path(), {}, early);
        VERIFY_OK(walked.result);
        QCOMPARE(walked.rows.size(), std::size_t{5000});
        verifyChildrenFirst(walked.rows);
    }
} void takesBackWhatALateChildContradicts() {
    // 3,000 commits in a line; one whose clock stood at 2001 comes after the newest, which is thus its
    // parent and is handed out too early when the walk hurries.
    const test::ScratchRepository repository;
    std::ostringstream stream;
    for (int i = 0; i < 3000; ++i) {
        stream << "commit refs/heads/main\ncommitter C <c@x> " << steadyClock(i) << " +0000\ndata 1\nc\n";
    }
    stream << "commit refs/heads/late\ncommitter C <c@x> 1000000000 +0000\ndata 4\nlate\n"
           << "from refs/heads/main\n\n";
    const auto result = test::runProcess({"git", "fast-import", "--quiet"}, repository.path(), stream.str());
    QCOMPARE(result.exitCode, 0);
    repository.git({"symbolic-ref", "HEAD", "refs/heads/main"});
    const auto walked = walk(repository.path(), {}, true);
    VERIFY_OK(walked.result);
    QCOMPARE(walked.takenBack, 1);
    QCOMPARE(walked.rows.size(), std::size_t{3001});
    QCOMPARE(walked.rows.front().commit.summary, std::string("late"));
    verifyChildrenFirst(walked.rows);
    QCOMPARE(listing(walked.rows), log(repository, {"--all"}));
}
void firstParentLineOfTheCurrentBranchIsLaneZero() {
    const test::ScratchRepository repository;
    import(repository, 800, steadyClock);
    repository.git({"symbolic-ref", "HEAD", "refs/heads/b3"});
    std::set<std::string> main;
    std::istringstream lines(repository.git({"log", "--first-parent", "--format=%H", "b3"}));
    for (std::string line; std::getline(lines, line);) {
        main.insert(line);
    }
    const auto walked = walk(repository.path());
    for (const auto& row : walked.rows) {
        QCOMPARE(row.lane == 0, main.contains(row.commit.id.hex()));
    }
}
void chosenTipsAndFirstParents() {
    const test::ScratchRepository repository;
    import(repository, 300, steadyClock);
    git::HistoryOptions options;
    options.from = {"b2", "b5~1"};
    QCOMPARE(listing(walk(repository.path(), options).rows), log(repository, {"b2", "b5~1"}));
    options.firstParentOnly = true;
    options.from = {"b2"};
    const auto walked = walk(repository.path(), options);
    QCOMPARE(
        walked.rows.size(),
        static_cast<std::size_t>(std::stoi(repository.ask({"rev-list", "--count", "--first-parent", "b2"}))));
    options.from = {"nothing-like-it"};
    const auto missing = walk(repository.path(), options);
    QVERIFY(!missing.result.ok());
    QCOMPARE(missing.result.error().code, ErrorCode::NotFound);
    QVERIFY(missing.result.error().message.find("nothing-like-it") != std::string::npos);
}
void emptyRepositoryHasNoRows() {
    const test::ScratchRepository repository;
    const auto walked = walk(repository.path());
    VERIFY_OK(walked.result);
    QVERIFY(walked.batches.empty());
}
void detachedHeadAndUnbornBranch() {
    const test::ScratchRepository repository;
    repository.commit("first");
    repository.git({"checkout", "-q", "--detach"});
    const auto alone = repository.commit("on no branch");
    auto walked = walk(repository.path());
    QCOMPARE(walked.rows.size(), std::size_t{2});
    QCOMPARE(walked.rows.front().commit.id.hex(), alone);
    QCOMPARE(int{walked.rows.front().lane}, 0);
    repository.git({"checkout", "-q", "--orphan", "fresh"});
    walked = walk(repository.path());
    QCOMPARE(walked.rows.size(), std::size_t{1});
}
void shallowCloneEndsAtItsBorder() {
    const test::ScratchRepository origin;
    import(origin, 200, steadyClock);
    const test::ScratchRepository clone(false);
    clone.git({"clone", "-q", "--depth", "5", "file://" + origin.path().string(), "."});
    const auto walked = walk(clone.path());
    VERIFY_OK(walked.result);
    QCOMPARE(listing(walked.rows), log(clone, {"--all"}));
}
void snapshotsAreNotHistory() {
    const test::ScratchRepository repository;
    repository.write("a", "1");
    repository.commit("first");
    repository.write("a", "2");
    VERIFY_OK(git::takeSnapshot(repository.path(), RunId::generate()));
    QCOMPARE(walk(repository.path()).rows.size(), std::size_t{1});
}
void replacedCommitsAreShownAsTheyAre() {
    const test::ScratchRepository repository;
    const auto first = repository.commit("first");
    const auto second = repository.commit("second");
    const auto other = repository.ask({"commit-tree", "-m", "instead", second + "^{tree}"});
    repository.git({"replace", second, other});
    const auto walked = walk(repository.path());
    QCOMPARE(walked.rows.size(), std::size_t{2});
    QCOMPARE(walked.rows.front().commit.summary, std::string("second"));
    QCOMPARE(walked.rows.back().commit.id.hex(), first);
}
void textInOtherEncodings() {
    const test::ScratchRepository repository;
    repository.git({"-c", "i18n.commitEncoding=ISO-8859-1", "commit", "-q", "--allow-empty", "-m",
                    "Gr\xC3\xB6\xC3\x9F"
                    "e"});  // stored as UTF-8 bytes that claim to be Latin-1: two letters for each
    const auto raw =
        test::runProcess({"git", "hash-object", "-t", "commit", "-w", "--stdin"}, repository.path(),
                         "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n"
                         "author J\xFCrgen <j@x> 1700000000 -0130\n"
                         "committer J\xFCrgen <j@x> 1700000000 -0130\n"
                         "encoding ISO-8859-1\n\nGr\xF6\xDF"
                         "e\nzweite Zeile\n\nText\n");
    const auto id = raw.out.substr(0, 40);
    const auto opened = git::Repository::open(repository.path());
    VERIFY_OK(opened);
    const auto commit = opened->commit(*git::ObjectId::fromHex(id));
    VERIFY_OK(commit);
    QCOMPARE(commit->authorName, std::string("Jürgen"));
    QCOMPARE(commit->summary, std::string("Größe zweite Zeile"));
    QCOMPARE(commit->authorOffsetMinutes, -90);
    QCOMPARE(*opened->message(*git::ObjectId::fromHex(id)), std::string("Größe\nzweite Zeile\n\nText\n"));
}
void stopsWhenAsked() {
    const test::ScratchRepository repository;
    import(repository, 6000, steadyClock);
    std::stop_source stop;
    std::size_t rows = 0;
    const auto cancelled = git::walkHistory(
        repository.path(), {},
        [&](Rows&& batch) {
            rows += batch.size();
            stop.request_stop();
            return true;
        },
        stop.get_token());
    QVERIFY(!cancelled.ok());
    QCOMPARE(cancelled.error().code, ErrorCode::Cancelled);
    QCOMPARE(rows, std::size_t{200});
    rows = 0;
    VERIFY_OK(git::walkHistory(repository.path(), {}, [&](Rows&& batch) {
        rows += batch.size();
        return false;
    }));
    QCOMPARE(rows, std::size_t{200});
}
void twoWalksAtOnce() {
    const test::ScratchRepository repository;
    import(repository, 3000, steadyClock);
    std::atomic<std::size_t> total{0};
    const auto count = [&] { total += walk(repository.path(), {}, true).rows.size(); };
    std::thread other(count);
    std::thread third(count);
    count();
    other.join();
    third.join();
    QCOMPARE(total.load(), std::size_t{9000});
}
void folderWithoutGit() {
    const test::TempFolder folder;
    const auto walked = walk(folder.path());
    QVERIFY(!walked.result.ok());
    QCOMPARE(walked.result.error().code, ErrorCode::NotFound);
    QVERIFY(walked.result.error().message.find("is not in a git repository") != std::string::npos);
}
}
;

QTEST_GUILESS_MAIN(TestHistory)
#include "tst_history.moc"
