// SPDX-License-Identifier: GPL-3.0-or-later
#include "process_spawn.h"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "runglass/base/file_descriptor.h"

namespace runglass::launch {

namespace {

/// Descriptors are moved up first, so that putting one in its place never overwrites another.
constexpr int kFirstFree = 16;

std::vector<char*> pointersTo(const std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (const auto& text : texts) {
        pointers.push_back(const_cast<char*>(text.c_str()));
    }
    pointers.push_back(nullptr);
    return pointers;
}

class FileActions {
public:
    FileActions() { posix_spawn_file_actions_init(&m_actions); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    ~FileActions() { posix_spawn_file_actions_destroy(&m_actions); }
    posix_spawn_file_actions_t* get() { return &m_actions; }

private:
    posix_spawn_file_actions_t m_actions{};
};

class Attributes {
public:
    Attributes() {
        posix_spawnattr_init(&m_attributes);
        sigset_t signals;
        sigemptyset(&signals);
        posix_spawnattr_setsigmask(&m_attributes, &signals);
        sigfillset(&signals);
        posix_spawnattr_setsigdefault(&m_attributes, &signals);
        posix_spawnattr_setflags(
            &m_attributes,
            static_cast<short>(POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
    }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    ~Attributes() { posix_spawnattr_destroy(&m_attributes); }
    posix_spawnattr_t* get() { return &m_attributes; }

private:
    posix_spawnattr_t m_attributes{};
};

}  // namespace

int spawnProcess(const SpawnSpec& spec, pid_t& pid) {
    FileActions actions;
    std::vector<FileDescriptor> moved;
    for (std::size_t i = 0; i < spec.descriptors.size(); ++i) {
        moved.emplace_back(::fcntl(spec.descriptors[i], F_DUPFD_CLOEXEC, kFirstFree));
        if (!moved.back().valid()) {
            return errno;
        }
        posix_spawn_file_actions_adddup2(actions.get(), moved.back().get(), static_cast<int>(i));
    }
    posix_spawn_file_actions_addclosefrom_np(actions.get(), static_cast<int>(spec.descriptors.size()));
    if (!spec.workingDirectory.empty()) {
        posix_spawn_file_actions_addchdir_np(actions.get(), spec.workingDirectory.c_str());
    }
    Attributes attributes;
    const auto arguments = pointersTo(spec.command);
    const auto environment = pointersTo(spec.environment);
    return posix_spawnp(&pid, arguments[0], actions.get(), attributes.get(), arguments.data(),
                        environment.data());
}

}  // namespace runglass::launch
