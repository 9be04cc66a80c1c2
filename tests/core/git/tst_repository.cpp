// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>

#include <algorithm>
#include <sstream>

#include "runglass/git/repository.h"
#include "runglass/git/snapshot.h"
#include "scratch_repository.h"

using namespace runglass;
namespace fs = std::filesystem;
using git::ChangeKind;
using test::ScratchRepository;

namespace {

git::Repository opened(const fs::path& folder) {
    auto repository = git::Repository::open(folder);
    if (!repository.ok()) {
        QTest::qFail(repository.error().message.c_str(), __FILE__, __LINE__);
        std::abort();
    }
    return std::move(repository).value();
}

git::ObjectId idOf(const ScratchRepository& r, const std::string& revision) {
    return git::ObjectId::fromHex(r.ask({"rev-parse", revision})).value_or(git::ObjectId());
}

const git::StatusEntry* find(const std::vector<git::StatusEntry>& status, const std::string& path) {
    const auto entry =
        std::find_if(status.begin(), status.end(), [&](const auto& each) { return each.path == path; });
    return entry == status.end() ? nullptr : &*entry;
}

void verifyEntry(const std::vector<git::StatusEntry>& status, const std::string& path, ChangeKind kind,
                 bool staged, bool unstaged) {
    const auto* entry = find(status, path);
    QVERIFY2(entry != nullptr, path.c_str());
    QVERIFY2(entry->kind == kind, path.c_str());
    QVERIFY2(entry->staged == staged && entry->unstaged == unstaged, path.c_str());
}

QString joined(std::vector<std::string> texts) {
    std::sort(texts.begin(), texts.end());
    std::string result;
    for (const auto& text : texts) {
        result += text + '\n';
    }
    return QString::fromStdString(result);
}

/// The hunks as `git diff` prints them, without file headers.
std::string printed(const git::FileDiff& file) {
    std::ostringstream text;
    for (const auto& hunk : file.hunks) {
        const auto range = [](int start, int lines) {
            return std::to_string(start) + (lines == 1 ? "" : "," + std::to_string(lines));
        };
        text << "@@ -" << range(hunk.oldStart, hunk.oldLines) << " +" << range(hunk.newStart, hunk.newLines)
             << " @@\n";
        for (const auto& line : hunk.lines) {
            const bool added = line.kind == git::DiffLine::Kind::Added;
            text << (added                                       ? '+'
                     : line.kind == git::DiffLine::Kind::Removed ? '-'
                                                                 : ' ')
                 << line.text << '\n';
        }
    }
    return text.str();
}

std::string hunksOf(const std::string& patch) {
    std::istringstream lines(patch);
    std::string result;
    bool inside = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("@@")) {
            inside = true;
            line = line.substr(0, line.find("@@", 2) + 2);  // git adds the function's name
        }
        if (inside && !line.starts_with('\\')) {
            result += line + '\n';
        }
    }
    return result;
}

}  // namespace

class TestRepository : public test::GitTestCase {
    Q_OBJECT
private Q_SLOTS:
    void headOnABranchDetachedAndUnborn() {
        const ScratchRepository r;
        auto repository = opened(r.path());
        auto head = repository.head();
        VERIFY_OK(head);
        QVERIFY(head->unborn() && !head->detached());
        QCOMPARE(head->branch, std::string("main"));
        const auto first = r.commit("first");
        r.git({"checkout", "-q", "-b", "topic/é"});
        head = repository.head();
        QCOMPARE(head->branch, std::string("topic/é"));
        QCOMPARE(head->commit->hex(), first);
        r.git({"checkout", "-q", "--detach"});
        head = repository.head();
        QVERIFY(head->detached());
        QCOMPARE(head->commit->hex(), first);
    }
    void foldersOfWorkTrees() {
        const ScratchRepository r;
        r.write("src/a", "1");
        r.commit("first");
        const auto repository = opened(r / "src");
        QCOMPARE(repository.workTree(), r.path());
        QCOMPARE(repository.gitFolder(), r / ".git");
        const test::TempFolder other;
        r.git({"worktree", "add", "-q", (other / "side").string()});
        const auto side = opened(other / "side");
        QCOMPARE(side.workTree(), other / "side");
        QCOMPARE(side.commonFolder(), r / ".git");
        QCOMPARE(side.gitFolder(), r / ".git/worktrees/side");
        QVERIFY(!side.isBare() && !side.isShallow());
        r.git({"clone", "-q", "--bare", ".", (other / "bare.git").string()});
        const auto bare = opened(other / "bare.git");
        QVERIFY(bare.isBare());
        QVERIFY(bare.workTree().empty());
    }
    void references() {
        const ScratchRepository r;
        const auto first = r.commit("first");
        r.git({"tag", "light"});
        r.git({"tag", "-a", "-m", "a tag", "v1"});
        r.git({"tag", "-a", "-m", "a tag of a tag", "v1-again", "v1"});
        r.git({"tag", "a-tree", "HEAD^{tree}"});
        r.git({"branch", "topic/one"});
        r.git({"update-ref", "refs/remotes/origin/main", "HEAD"});
        r.git({"symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"});
        r.git({"update-ref", "refs/runglass/runs/0123", "HEAD"});
        r.git({"pack-refs", "--all"});
        r.write(".git/refs/heads/broken", "not an id\n");
        const auto references = opened(r.path()).references();
        VERIFY_OK(references);
        std::vector<std::string> names;
        for (const auto& each : *references) {
            QCOMPARE(each.target.hex(), first);
            names.push_back(std::to_string(static_cast<int>(each.kind)) + each.name);
        }
        QCOMPARE(joined(names),
                 joined({"0main", "0topic/one", "1origin/main", "2light", "2v1", "2v1-again"}));
    }
    void resolves() {
        const ScratchRepository r;
        const auto first = r.commit("first");
        const auto second = r.commit("second");
        r.git({"tag", "-a", "-m", "tag", "v1", first});
        const auto repository = opened(r.path());
        QCOMPARE(repository.resolveCommit("HEAD~1")->hex(), first);
        QCOMPARE(repository.resolveCommit("v1")->hex(), first);
        QCOMPARE(repository.resolveCommit(second.substr(0, 9))->hex(), second);
        QCOMPARE(repository.resolveCommit("main")->hex(), second);
        QCOMPARE(repository.resolveCommit("nope").error().code, ErrorCode::NotFound);
        QCOMPARE(repository.resolveCommit("HEAD^{tree}").error().code, ErrorCode::Invalid);
        QCOMPARE(repository.commit(git::ObjectId()).error().code, ErrorCode::NotFound);
        QCOMPARE(*repository.message(*git::ObjectId::fromHex(second)), std::string("second\n"));
    }
    void remoteOfTheCurrentBranch() {
        const ScratchRepository r;
        r.commit("first");
        QCOMPARE(opened(r.path()).remoteUrl(), std::string());
        r.git({"remote", "add", "origin", "https://ada:secret@example.org/a.git"});
        QCOMPARE(opened(r.path()).remoteUrl(), std::string("https://example.org/a.git"));
        r.git({"remote", "add", "lab", "ssh://git@lab.example.org:2222/b.git"});
        r.git({"config", "branch.main.remote", "lab"});
        r.git({"config", "branch.main.merge", "refs/heads/main"});
        QCOMPARE(opened(r.path()).remoteUrl(), std::string("ssh://lab.example.org:2222/b.git"));
    }
    void shorthandsOfAnAddressAreWrittenOut() {
        const ScratchRepository r;
        r.commit("first");
        r.git({"remote", "add", "origin", "gh:ada/x.git"});
        r.git({"config", "url.https://example.org/.insteadOf", "gh:"});
        QCOMPARE(opened(r.path()).remoteUrl(), std::string("https://example.org/ada/x.git"));
        // The longest wins, wherever it stands.
        r.git({"config", "url.https://ada.example.org/.insteadOf", "gh:ada/"});
        r.git({"config", "url.https://g.example.org/.insteadOf", "g"});
        r.git({"config", "--add", "url.https://other.example.org/.insteadOf", "gl:"});
        QCOMPARE(opened(r.path()).remoteUrl(), std::string("https://ada.example.org/x.git"));
        QCOMPARE(r.ask({"remote", "get-url", "origin"}), std::string("https://ada.example.org/x.git"));
    }
    void credentialsAreRemoved() {
        const auto check = [](const char* url, const char* expected) {
            QCOMPARE(git::withoutCredentials(url), std::string(expected));
        };
        check("https://user:pa@ss@example.org/x.git", "https://example.org/x.git");
        check("https://user:pa/ss@example.org/x.git", "https://example.org/x.git");
        check("https://token@example.org:8443/x", "https://example.org:8443/x");
        check("https://example.org/x.git?private_token=secret", "https://example.org/x.git");
        check("https://example.org/@scope/x.git", "https://example.org/@scope/x.git");
        check("https://example.org:8443/@scope/x.git", "https://example.org:8443/@scope/x.git");
        check("https://[::1]:80/a@b", "https://[::1]:80/a@b");
        check("git@example.org:group/x.git", "example.org:group/x.git");
        check("/home/ada@lab/x:y.git", "/home/ada@lab/x:y.git");
        check("../x.git", "../x.git");
        check("file:///srv/x.git", "file:///srv/x.git");
        check("", "");
    }
    void statusKinds() {
        const ScratchRepository r;
        for (const auto* name : {"changed", "deleted", "staged", "both", "unstage-me", "link-me"}) {
            r.write(name, std::string(name) + "\nsecond line\n");
        }
        r.write("old-name", "a file of some length\nthat is renamed\nwithout any change\n");
        r.commit("first");
        r.write("changed", "changed\nsecond line\nthird\n");
        fs::remove(r / "deleted");
        r.write("staged", "x\n");
        r.write("both", "x\n");
        r.write("added", "new\n");
        r.git({"mv", "old-name", "new-name"});
        r.git({"add", "staged", "both", "added"});
        r.write("both", "both\nsecond line\nmore\n");
        r.git({"rm", "-q", "--cached", "unstage-me"});
        fs::remove(r / "link-me");
        fs::create_symlink("changed", r / "link-me");
        r.write("untracked", "12345");
        const auto status = opened(r.path()).status(true);
        VERIFY_OK(status);
        QCOMPARE(status->size(), std::size_t{9});
        verifyEntry(*status, "changed", ChangeKind::Modified, false, true);
        verifyEntry(*status, "deleted", ChangeKind::Deleted, false, true);
        verifyEntry(*status, "staged", ChangeKind::Modified, true, false);
        verifyEntry(*status, "both", ChangeKind::Modified, true, true);
        verifyEntry(*status, "added", ChangeKind::Added, true, false);
        verifyEntry(*status, "new-name", ChangeKind::Renamed, true, false);
        verifyEntry(*status, "unstage-me", ChangeKind::Modified, true, true);
        verifyEntry(*status, "link-me", ChangeKind::TypeChanged, false, true);
        verifyEntry(*status, "untracked", ChangeKind::Untracked, false, true);
        QCOMPARE(find(*status, "new-name")->oldPath, std::string("old-name"));
        QCOMPARE(find(*status, "untracked")->size, std::int64_t{5});
        QCOMPARE(find(*status, "changed")->addedLines, 1);
        QCOMPARE(find(*status, "changed")->removedLines, 0);
        QCOMPARE(find(*status, "deleted")->removedLines, 2);
        QCOMPARE(find(*status, "both")->addedLines, 1);  // against HEAD, not against the index
        QCOMPARE(find(*status, "staged")->removedLines, 2);
        QCOMPARE(find(*status, "added")->addedLines, 1);
        QCOMPARE(find(*status, "untracked")->addedLines, -1);
    }
    void conflictsInStatus() {
        const ScratchRepository r;
        r.write("a", "base\n");
        r.commit("base");
        r.git({"checkout", "-q", "-b", "other"});
        r.write("a", "theirs\n");
        r.commit("theirs");
        r.git({"checkout", "-q", "main"});
        r.write("a", "ours\n");
        r.commit("ours");
        test::runProcess({"git", "-c", "user.name=A", "-c", "user.email=a@x", "merge", "-q", "other"},
                         r.path());
        const auto status = opened(r.path()).status(true);
        VERIFY_OK(status);
        QCOMPARE(status->size(), std::size_t{1});
        QVERIFY(status->front().kind == ChangeKind::Conflicted);
    }
    void diffHasTheHunksOfGit_data() {
        QTest::addColumn<int>("context");
        QTest::addColumn<bool>("blanks");
        QTest::newRow("3 lines of context") << 3 << false;
        QTest::newRow("none") << 0 << false;
        QTest::newRow("without changes of blanks") << 3 << true;
    }
    void diffHasTheHunksOfGit() {
        QFETCH(int, context);
        QFETCH(bool, blanks);
        const ScratchRepository r;
        std::string text;
        for (int i = 0; i < 60; ++i) {
            text += "line " + std::to_string(i) + "\n";
        }
        r.write("code.py", text);
        r.commit("before");
        text.replace(text.find("line 5\n"), 7, "changed 5\n");
        text.replace(text.find("line 30\n"), 8, "line  30\n");
        text.replace(text.find("line 40\n"), 8, "");
        text += "no end of line";
        r.write("code.py", text);
        r.commit("after");
        const auto diff = opened(r.path()).diff(idOf(r, "HEAD~1"), idOf(r, "HEAD"),
                                                {.contextLines = context, .ignoreWhitespace = blanks});
        VERIFY_OK(diff);
        std::vector<std::string> command{"diff", "-U" + std::to_string(context), "HEAD~1", "HEAD"};
        if (blanks) {
            command.insert(command.begin() + 1, "-w");
        }
        QCOMPARE(QString::fromStdString(printed(diff->front())),
                 QString::fromStdString(hunksOf(r.git(command))));
        QCOMPARE(diff->front().added, blanks ? 2 : 3);
        QCOMPARE(diff->front().removed, blanks ? 2 : 3);
    }
    void diffKindsOfFiles() {
        const ScratchRepository r;
        r.write("gone.txt", "x\n");
        r.write("old.txt", "a text of a file\nthat is long enough\nto be found again\n");
        r.write("run.sh", "#!/bin/sh\n");
        r.write("image.bin", std::string("\0\1\2", 3));
        r.write("big.txt", std::string(3000, 'x') + "\n");
        r.write("link", "text\n");
        r.write("blanks.txt", "a b\n");
        r.commit("before");
        fs::remove(r / "gone.txt");
        fs::rename(r / "old.txt", r / "renamed.txt");
        fs::permissions(r / "run.sh", fs::perms(0755));
        r.write("image.bin", std::string("\0\1\3", 3));
        r.write("big.txt", std::string(3001, 'x') + "\n");
        r.write("new.txt", "1\n2\n");
        fs::remove(r / "link");
        fs::create_symlink("new.txt", r / "link");
        r.write("blanks.txt", "a  b\n");
        r.commit("after");
        const auto repository = opened(r.path());
        const auto diff = repository.diff(idOf(r, "HEAD~1"), idOf(r, "HEAD"),
                                          {.ignoreWhitespace = true, .maxFileBytes = 2000});
        VERIFY_OK(diff);
        std::vector<std::string> seen;
        for (const auto& file : *diff) {
            seen.push_back(file.path() + " " + std::to_string(static_cast<int>(file.kind)) +
                           (file.binary ? " binary" : "") + (file.tooLarge ? " too large" : "") + " +" +
                           std::to_string(file.added) + " -" + std::to_string(file.removed));
            if (file.path() == "run.sh") {
                QCOMPARE(file.oldMode, 0100644U);
                QCOMPARE(file.newMode, 0100755U);
            }
            if (file.path() == "big.txt") {
                QCOMPARE(file.oldSize, std::int64_t{3001});
                QCOMPARE(file.newSize, std::int64_t{3002});
                QVERIFY(file.hunks.empty());
            }
        }
        QCOMPARE(joined(seen),
                 joined({"big.txt 1 too large +0 -0", "gone.txt 2 +0 -1", "image.bin 1 binary +0 -0",
                         "link 4 +1 -1", "new.txt 0 +2 -0", "renamed.txt 3 +0 -0", "run.sh 1 +0 -0"}));
        const auto fromNothing = repository.diff({}, idOf(r, "HEAD"), {.withLines = false});
        VERIFY_OK(fromNothing);
        QCOMPARE(fromNothing->size(), std::size_t{7});
        QVERIFY(fromNothing->front().hunks.empty());
        const auto unknown = repository.diff(idOf(r, "HEAD^{tree}"), idOf(r, "HEAD"));
        QVERIFY(!unknown.ok());
    }
    void fileAtACommit() {
        const ScratchRepository r;
        r.write("dir/a.txt", "first\n");
        r.commit("first");
        r.write("dir/a.txt", "second\n");
        r.commit("second");
        const auto repository = opened(r.path());
        QCOMPARE(*repository.fileAt(idOf(r, "HEAD~1"), "dir/a.txt"), std::string("first\n"));
        QCOMPARE(*repository.fileAt(idOf(r, "HEAD"), "dir/a.txt"), std::string("second\n"));
        QCOMPARE(repository.fileAt(idOf(r, "HEAD"), "dir").error().code, ErrorCode::NotFound);
        QCOMPARE(repository.fileAt(idOf(r, "HEAD"), "none").error().code, ErrorCode::NotFound);
        QCOMPARE(repository.fileAt(idOf(r, "HEAD"), "dir/a.txt", 3).error().code, ErrorCode::TooLarge);
        QCOMPARE(repository.fileAt({}, "a").error().code, ErrorCode::NotFound);
    }
    void whatCannotBeOpenedSaysWhy() {
        const test::TempFolder folder;
        const auto none = git::Repository::open(folder.path());
        QVERIFY(!none.ok());
        QCOMPARE(none.error().code, ErrorCode::NotFound);
        QCOMPARE(none.error().message, folder.path().string() + " is not in a git repository.");
        QVERIFY(!git::Repository::open(folder / "does-not-exist").ok());
        test::git(folder.path(), {"init", "-q", "--object-format=sha256", "sha256"});
        const auto newer = git::Repository::open(folder / "sha256");
        QVERIFY(!newer.ok());
        QCOMPARE(newer.error().code, ErrorCode::Unsupported);
    }
    void damagedObjectsGiveAnError() {
        const ScratchRepository r;
        r.write("a.txt", "content\n");
        r.commit("first");
        const auto blob = r.ask({"rev-parse", "HEAD:a.txt"});
        const auto file = r / (".git/objects/" + blob.substr(0, 2) + "/" + blob.substr(2));
        fs::permissions(file, fs::perms::owner_write, fs::perm_options::add);
        r.write(".git/objects/" + blob.substr(0, 2) + "/" + blob.substr(2), "rubbish");
        const auto content = opened(r.path()).fileAt(idOf(r, "HEAD"), "a.txt");
        QVERIFY(!content.ok());
        QCOMPARE(content.error().code, ErrorCode::Damaged);
        r.write(".git/index", "DIRC rubbish");
        const auto status = opened(r.path()).status();
        QVERIFY(!status.ok());
        QCOMPARE(status.error().code, ErrorCode::Damaged);
        QVERIFY(!status.error().detail.empty());
    }
    void projectOfAnotherUser() {
        const ScratchRepository r;
        r.write("a.txt", "1\n");
        r.commit("first");
        if (::geteuid() != 0) {
            QSKIP("needs root to give files away");
        }
        test::runProcess({"chown", "-R", "65534:65534", r.path().string()});
        VERIFY_OK(opened(r.path()).status());
    }
    void unreadableFilesAreReported() {
        const ScratchRepository r;
        for (const auto* name : {"tracked", "same", "tail", "locked/inside"}) {
            r.write(name, "1\n");
        }
        r.commit("first");
        r.write("tracked", "changed\n");
        r.write("tail", "changed\n");
        r.write("secret", "x\n");
        for (const auto* name : {"tracked", "secret", "locked"}) {
            fs::permissions(r / name, fs::perms::none);
        }
        const bool root = ::geteuid() == 0;
        constexpr uid_t kNobody = 65534;
        if (root) {
            test::runProcess({"chown", "-R", "65534:65534", r.path().string()});
            QCOMPARE(::seteuid(kNobody), 0);
        }
        const auto snapshot = git::takeSnapshot(r.path(), RunId::generate());
        if (root) {
            QCOMPARE(::seteuid(0), 0);
        }
        fs::permissions(r / "locked", fs::perms::owner_all);
        VERIFY_OK(snapshot);
        std::vector<std::string> leftOut;
        for (const auto& each : snapshot->leftOut) {
            leftOut.push_back(each.path);
        }
        QCOMPARE(joined(leftOut), joined({"locked/inside", "secret", "tracked"}));
        QCOMPARE(snapshot->changes.size(), std::size_t{1});
        QCOMPARE(snapshot->changes.front().path, std::string("tail"));
    }
};

QTEST_GUILESS_MAIN(TestRepository)
#include "tst_repository.moc"
