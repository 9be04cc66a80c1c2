// SPDX-License-Identifier: GPL-3.0-or-later
#include "process_tree.h"

#include <dirent.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <memory>
#include <unordered_map>

#include "runglass/base/file_descriptor.h"

namespace runglass::launch {

namespace {

std::vector<ProcStat> allProcesses() {
    std::vector<ProcStat> processes;
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc"), &::closedir);
    if (!folder) {
        return processes;
    }
    while (const dirent* entry = ::readdir(folder.get())) {  // NOLINT(concurrency-mt-unsafe): own stream
        const int pid = std::atoi(entry->d_name);  // NOLINT(cert-err34-c): names that are no number give 0
        if (pid > 0) {
            if (const auto stat = readProcStat(pid)) {
                processes.push_back(*stat);
            }
        }
    }
    return processes;
}

/// Answers whether a process descends from one of the roots, remembering what it has found out.
class Ancestry {
public:
    explicit Ancestry(const std::vector<ProcStat>& processes) {
        for (const auto& process : processes) {
            m_parents.emplace(process.pid, process.parent);
        }
    }
    void setMember(int pid, bool member) { m_member[pid] = member; }

    bool isMember(int pid) {
        std::vector<int> path;
        bool member = false;
        while (pid > 1) {
            if (const auto known = m_member.find(pid); known != m_member.end()) {
                member = known->second;
                break;
            }
            const auto parent = m_parents.find(pid);
            if (parent == m_parents.end() || path.size() > m_parents.size()) {
                break;
            }
            path.push_back(pid);
            pid = parent->second;
        }
        for (const int visited : path) {
            m_member[visited] = member;
        }
        return member;
    }

private:
    std::unordered_map<int, int> m_parents;
    std::unordered_map<int, bool> m_member;
};

}  // namespace

std::vector<ProcStat> processTree(int rootPid, Orphans orphans) {
    const std::vector<ProcStat> processes = allProcesses();
    const int self = ::getpid();
    const bool ours = orphans == Orphans::Ours;
    Ancestry ancestry(processes);
    ancestry.setMember(rootPid, true);
    if (ours) {
        ancestry.setMember(self, true);
    }
    std::vector<ProcStat> tree;
    for (const auto& process : processes) {
        // The kernel gives no new process the number of a session that still has members.
        const bool inSession = ours && process.session == rootPid;
        if (process.pid != self && (inSession || ancestry.isMember(process.pid))) {
            tree.push_back(process);
        }
    }
    return tree;
}

bool signalProcess(const ProcStat& stat, int signal) {
    // The descriptor pins the process; only then is it certain that the check below and the signal concern
    // the same one. (glibc 2.36 has wrappers, but not for all toolchains that build this.)
    const FileDescriptor process(static_cast<int>(::syscall(SYS_pidfd_open, stat.pid, 0)));
    if (!process.valid()) {
        return false;
    }
    const auto now = readProcStat(stat.pid);
    if (!now || now->startTicks != stat.startTicks || now->isZombie()) {
        return false;
    }
    return ::syscall(SYS_pidfd_send_signal, process.get(), signal, nullptr, 0) == 0;
}

}  // namespace runglass::launch
