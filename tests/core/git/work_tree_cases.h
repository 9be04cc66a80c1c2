// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "scratch_repository.h"

namespace runglass::test {

namespace fs = std::filesystem;

/// The states of a work tree that a snapshot has to get right.
struct Case {
    const char* name;
    std::function<void(const ScratchRepository&)> prepare;
};

inline void start(const ScratchRepository& r) {
    r.write("a.txt", "alpha\n");
    r.write("b.txt", "beta\n");
    r.write("src/model.py", "print(1)\n");
    r.write("src/data/load.py", "print(2)\n");
    r.commit("first");
}

inline std::string lines(int count, const char* end) {
    std::string text;
    for (int i = 0; i < count; ++i) {
        text += "line " + std::to_string(i) + end;
    }
    return text;
}

inline void addConflict(const ScratchRepository& r) {
    start(r);
    r.git({"checkout", "-q", "-b", "other"});
    r.write("a.txt", "theirs\n");
    r.write("both.txt", "theirs\n");
    fs::remove(r / "b.txt");
    r.commit("theirs");
    r.git({"checkout", "-q", "main"});
    r.write("a.txt", "ours\n");
    r.write("both.txt", "ours\n");
    r.write("b.txt", "changed\n");
    r.commit("ours");
    test::runProcess({"git", "-c", "user.name=A", "-c", "user.email=a@x", "merge", "-q", "other"}, r.path());
}

inline void addSubmodule(const ScratchRepository& r) {
    start(r);
    const ScratchRepository library;
    library.write("lib.c", "int x;\n");
    library.commit("library");
    r.git({"submodule", "--quiet", "add", library.path().string(), "lib"});
    r.commit("with a submodule");
}

inline const std::vector<Case>& cases() {
    static const std::vector<Case> kCases{
        {"modified, deleted, untracked",
         [](auto& r) {
             start(r);
             r.write("a.txt", "changed\n");
             fs::remove(r / "b.txt");
             r.write("new/deep/file.txt", "new\n");
             r.write("empty", "");
         }},
        {"staged, and changed again",
         [](auto& r) {
             start(r);
             r.write("a.txt", "staged\n");
             r.write("added", "staged\n");
             r.git({"add", "."});
             r.write("a.txt", "later\n");
         }},
        {"staged only",
         [](auto& r) {
             start(r);
             r.write("a.txt", "staged\n");
             r.git({"rm", "-q", "b.txt"});
             r.git({"mv", "src/model.py", "src/net.py"});
             r.git({"add", "."});
         }},
        {"added to the index, then removed",
         [](auto& r) {
             start(r);
             r.write("gone", "x");
             r.git({"add", "gone"});
             fs::remove(r / "gone");
         }},
        {"removed from the index, still there",
         [](auto& r) {
             start(r);
             r.git({"rm", "-q", "--cached", "a.txt"});
         }},
        {"staged and changed back",
         [](auto& r) {
             start(r);
             r.write("a.txt", "staged\n");
             r.git({"add", "."});
             r.write("a.txt", "alpha\n");
         }},
        {"ignored files",
         [](auto& r) {
             start(r);
             r.write(".gitignore", "*.pt\n/build/\n!keep.pt\n");
             r.write("model.pt", "weights");
             r.write("keep.pt", "weights");
             r.write("build/out", "x");
             r.write("src/build/out", "x");
             r.write("src/.gitignore", "local\n");
             r.write("src/local", "x");
             r.write(".git/info/exclude", "secret\n");
             r.write("secret", "x");
         }},
        {"executable bit",
         [](auto& r) {
             start(r);
             fs::permissions(r / "src/model.py", fs::perms::owner_exec, fs::perm_options::add);
             r.write("run.sh", "#!/bin/sh\n");
             fs::permissions(r / "run.sh", fs::perms(0755));
         }},
        {"executable bit where it means nothing",
         [](auto& r) {
             start(r);
             r.git({"config", "core.fileMode", "false"});
             fs::permissions(r / "src/model.py", fs::perms(0755));
             r.write("run.sh", "#!/bin/sh\n");
             fs::permissions(r / "run.sh", fs::perms(0755));
             r.write("a.txt", "changed\n");
         }},
        {"symbolic links",
         [](auto& r) {
             start(r);
             fs::create_symlink("a.txt", r / "old-link");
             r.commit("a link");
             fs::create_symlink("a.txt", r / "to-file");
             fs::create_symlink("nowhere", r / "dangling");
             fs::create_directory_symlink("src", r / "to-folder");
             fs::create_symlink("/etc/hostname", r / "outside");
             fs::remove(r / "old-link");
             fs::create_symlink("b.txt", r / "old-link");
         }},
        {"file becomes link, link becomes file",
         [](auto& r) {
             start(r);
             fs::create_symlink("a.txt", r / "link");
             r.commit("a link");
             fs::remove(r / "link");
             r.write("link", "a file now\n");
             fs::remove(r / "b.txt");
             fs::create_symlink("a.txt", r / "b.txt");
         }},
        {"folder becomes file, file becomes folder",
         [](auto& r) {
             start(r);
             fs::remove_all(r / "src");
             r.write("src", "a file now\n");
             fs::remove(r / "a.txt");
             r.write("a.txt/inside", "x");
         }},
        {"core.autocrlf",
         [](auto& r) {
             start(r);
             r.git({"config", "core.autocrlf", "true"});
             r.write("new.txt", lines(3, "\r\n"));
             r.write("a.txt", lines(3, "\r\n"));
             r.write("mixed.txt", "a\r\nb\nc\r\n");
             r.write("binary.bin", std::string("a\r\n\0b\r\n", 8));
         }},
        {"core.autocrlf=input",
         [](auto& r) {
             start(r);
             r.git({"config", "core.autocrlf", "input"});
             r.write("new.txt", lines(3, "\r\n"));
         }},
        {"CRLF in the index stays CRLF",
         [](auto& r) {
             r.write("dos.txt", lines(3, "\r\n"));
             r.commit("dos");
             r.git({"config", "core.autocrlf", "true"});
             r.write("dos.txt", lines(4, "\r\n"));
         }},
        {"attributes decide on line ends",
         [](auto& r) {
             r.write(".gitattributes",
                     "*.txt text\n*.bat text eol=crlf\n*.sh eol=lf\n*.raw -text\n*.auto text=auto\n");
             start(r);
             for (const auto* name : {"x.txt", "x.bat", "x.sh", "x.raw", "x.auto", "x.none"}) {
                 r.write(name, lines(3, "\r\n"));
             }
             r.write("src/.gitattributes", "*.txt -text\n");
             r.write("src/x.txt", lines(3, "\r\n"));
         }},
        {"$Id$",
         [](auto& r) {
             r.write(".gitattributes", "*.c ident\n");
             r.write("x.c", "/* $Id$ */\n");
             r.commit("ident");
             r.write("x.c", "/* $Id: 0123456789 $ */ int y;\n");
         }},
        {"names that are not UTF-8",
         [](auto& r) {
             start(r);
             r.write("na\xEFve-\xFF.txt", "latin\n");
             r.write("dir-\xE9/\xE8", "latin\n");
             r.write("new\nline \"quoted\" \\", "x");
             r.write("日本語.txt", "x");
             r.write(" leading and trailing ", "x");
         }},
        {"no commit yet, some staged",
         [](auto& r) {
             r.write("a", "1");
             r.git({"add", "a"});
             r.write("a", "2");
             r.write("b", "1");
         }},
        {"no commit yet, nothing staged", [](auto& r) { r.write("a/b/c", "1"); }},
        {"nothing at all", [](auto&) {}},
        {"detached HEAD",
         [](auto& r) {
             start(r);
             r.commit("second");
             r.git({"checkout", "-q", "HEAD~1"});
             r.write("a.txt", "changed\n");
         }},
        {"conflicts", addConflict},
        {"conflict resolved by removal",
         [](auto& r) {
             addConflict(r);
             fs::remove(r / "both.txt");
             fs::remove(r / "a.txt");
             r.write("a.txt", "resolved\n");
         }},
        {"sparse checkout",
         [](auto& r) {
             start(r);
             r.git({"sparse-checkout", "set", "--no-cone", "/a.txt"});
             r.write("a.txt", "changed\n");
         }},
        {"sparse checkout of folders",
         [](auto& r) {
             start(r);
             r.git({"sparse-checkout", "set", "--cone", "src/data"});
             r.write("src/data/load.py", "changed\n");
         }},
        {"assumed to be unchanged",
         [](auto& r) {
             start(r);
             r.git({"update-index", "--assume-unchanged", "a.txt", "b.txt"});
             r.write("a.txt", "changed but assumed not to be\n");
             fs::remove(r / "b.txt");
             r.write("src/model.py", "changed\n");
         }},
        {"intent to add",
         [](auto& r) {
             start(r);
             r.write("later.txt", "content\n");
             r.write("later-empty.txt", "");
             r.git({"add", "-N", "later.txt", "later-empty.txt"});
         }},
        {"pipes are passed over",
         [](auto& r) {
             start(r);
             ::mkfifo((r / "pipe").c_str(), 0644);
             r.write("a.txt", "changed\n");
         }},
        {"changed in the same instant, same size",
         [](auto& r) {
             start(r);
             r.write("a.txt", "AAAAA\n");
             r.git({"add", "a.txt"});
             r.write("a.txt", "BBBBB\n");
         }},
        {"only the time changed",
         [](auto& r) {
             start(r);
             fs::last_write_time(r / "a.txt", fs::file_time_type::clock::now() - std::chrono::hours(5));
         }},
        {"submodule without .gitmodules moved on",
         [](auto& r) {
             addSubmodule(r);
             r.git({"rm", "-q", "--cached", ".gitmodules"});
             fs::remove(r / ".gitmodules");
             r.git({"commit", "-qm", "no list"});
             test::git(r / "lib", {"commit", "-q", "--allow-empty", "-m", "more"});
         }},
        {"submodule that was never fetched",
         [](auto& r) {
             addSubmodule(r);
             fs::remove_all(r / "lib");
             fs::create_directories(r / "lib");
         }},
        {"submodule as it was", [](auto& r) { addSubmodule(r); }},
        {"submodule moved on",
         [](auto& r) {
             addSubmodule(r);
             test::git(r / "lib", {"commit", "-q", "--allow-empty", "-m", "more"});
         }},
        {"submodule removed",
         [](auto& r) {
             addSubmodule(r);
             fs::remove_all(r / "lib");
         }},
        {"git itself is at work",
         [](auto& r) {
             start(r);
             r.write("a.txt", "changed\n");
             r.write(".git/index.lock", "");
         }},
        {"index version 4",
         [](auto& r) {
             start(r);
             r.git({"update-index", "--index-version", "4"});
             r.write("src/model.py", "changed\n");
             r.write("src/more.py", "new\n");
         }},
        {"index with untracked cache",
         [](auto& r) {
             start(r);
             r.git({"update-index", "--force-untracked-cache"});
             r.git({"status"});
             r.write("src/more.py", "new\n");
         }},
    };
    return kCases;
}

}  // namespace runglass::test
