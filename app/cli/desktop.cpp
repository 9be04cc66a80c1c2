// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <sstream>

#include "output.h"
#include "runglass/base/file.h"
#include "runglass/base/translate.h"

namespace runglass::cli {

namespace {

constexpr const char* kDesktop = "runglass-desktop";

std::vector<char*> argvOf(const std::filesystem::path& program, const std::vector<std::string>& arguments) {
    std::vector<char*> argv{const_cast<char*>(program.c_str())};  // exec and spawn do not write to it
    for (const auto& argument : arguments) {
        argv.push_back(const_cast<char*>(argument.c_str()));
    }
    argv.push_back(nullptr);
    return argv;
}

}  // namespace

Result<std::filesystem::path> desktopProgram() {
    namespace fs = std::filesystem;
    std::vector<fs::path> folders;
    std::error_code ignored;
    const fs::path self = fs::read_symlink("/proc/self/exe", ignored);
    if (!self.empty()) {
        folders.push_back(self.parent_path());
        folders.push_back(self.parent_path().parent_path() / "desktop");  // in the build tree
    }
    if (const char* path = std::getenv("PATH")) {
        std::istringstream parts(path);
        for (std::string part; std::getline(parts, part, ':');) {
            folders.emplace_back(part);
        }
    }
    for (const auto& folder : folders) {
        if (!folder.empty() && access((folder / kDesktop).c_str(), X_OK) == 0) {
            return folder / kDesktop;
        }
    }
    return Error{ErrorCode::NotFound,
                 tr("The desktop is not installed: {} is neither beside runglass nor in PATH.", kDesktop),
                 {}};
}

Error becomeDesktop(const std::vector<std::string>& arguments) {
    auto program = desktopProgram();
    if (!program) {
        return std::move(program).error();
    }
    flushOutput();
    execv(program->c_str(), argvOf(*program, arguments).data());
    return errorFromErrno(errno, tr("The desktop did not start."), *program);
}

Result<int> callDesktop(const std::vector<std::string>& arguments) {
    RUNGLASS_ASSIGN(const auto program, desktopProgram());
    flushOutput();
    pid_t child = 0;
    const int failure =
        posix_spawn(&child, program.c_str(), nullptr, nullptr, argvOf(program, arguments).data(), environ);
    if (failure != 0) {
        return errorFromErrno(failure, tr("The desktop did not start."), program);
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace runglass::cli
