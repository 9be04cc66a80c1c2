// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/launch/resources.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>
#include <unordered_set>

#include <fmt/format.h>

#include "gpu_sampler.h"
#include "process_tree.h"
#include "runglass/base/clock.h"

namespace runglass::launch {

namespace {

/// Counters that only grow during the life of a process. Those of a child pass to its parent when the parent
/// waits for it, in the kernel as here.
struct Counters {
    double cpuSeconds = 0;
    double readBytes = 0;
    double writtenBytes = 0;

    void add(const Counters& other) {
        cpuSeconds += other.cpuSeconds;
        readBytes += other.readBytes;
        writtenBytes += other.writtenBytes;
    }
};

double fieldOf(std::string_view text, std::string_view name) {
    const std::size_t at = text.find(name);
    if (at == std::string_view::npos) {
        return 0;
    }
    const char* begin = text.data() + at + name.size();
    std::uint64_t value = 0;
    std::from_chars(begin, text.data() + text.size(), value);
    return static_cast<double>(value);
}

/// Bytes that reached the storage layer (read_bytes and write_bytes of proc(5)), not what the page cache
/// served. Unreadable for processes of other users.
void readIo(int pid, Counters& counters) {
    const std::string io = readProcFile(fmt::format("/proc/{}/io", pid).c_str());
    counters.readBytes = fieldOf(io, "\nread_bytes: ");
    counters.writtenBytes = fieldOf(io, "\nwrite_bytes: ");
}

struct Known {
    int parent = 0;
    Counters counters;
};
using ProcessKey = std::pair<int, std::uint64_t>;  // pid and start time

}  // namespace

class ResourceSampler::Impl {
public:
    explicit Impl(int rootPid)
        : m_rootPid(rootPid)
        , m_lastTime(monotonicMs()) {
        const auto root = readProcStat(rootPid);
        if (root && root->parent == ::getpid()) {
            m_orphans = Orphans::Ours;  // a child of ours has used nothing yet
        } else {
            sample();  // what an older process has used so far is not to count
        }
    }

    ResourceSample sample() {
        ResourceSample sample;
        sample.timeMs = nowMs();
        const std::int64_t now = monotonicMs();
        const auto tree = processTree(m_rootPid, m_orphans);

        std::map<ProcessKey, Known> current;
        std::unordered_set<int> alive;
        Counters total;
        double residentBytes = 0;
        double count = 0;
        for (const auto& process : tree) {
            Known known{process.parent, {}};
            known.counters.cpuSeconds = static_cast<double>(process.cpuTicks) / m_ticksPerSecond;
            readIo(process.pid, known.counters);
            total.add(known.counters);
            if (!process.isZombie()) {
                residentBytes += static_cast<double>(process.residentPages) * m_pageBytes;
                count += 1;
            }
            alive.insert(process.pid);
            current.emplace(ProcessKey{process.pid, process.startTicks}, known);
        }
        keepWhatNobodyInherits(current, alive);
        total.add(m_gone);

        sample.values = {{kMemoryBytes, residentBytes}, {kProcesses, count}};
        const double seconds = std::max(0.001, static_cast<double>(now - m_lastTime) / 1000.0);
        const auto rate = [&](double Counters::*member) {
            return std::max(0.0, total.*member - m_last.*member) / seconds;
        };
        sample.values.emplace_back(kCpuPercent, rate(&Counters::cpuSeconds) * 100);
        sample.values.emplace_back(kReadBytesPerSecond, rate(&Counters::readBytes));
        sample.values.emplace_back(kWriteBytesPerSecond, rate(&Counters::writtenBytes));
        for (auto& value : m_gpus.sample(alive)) {
            sample.values.push_back(std::move(value));
        }
        m_lastTime = now;
        m_last = total;
        m_known = std::move(current);
        return sample;
    }

    [[nodiscard]] std::vector<int> processes() const {
        std::vector<int> pids;
        for (const auto& [key, known] : m_known) {
            pids.push_back(key.first);
        }
        return pids;
    }

private:
    /// A process that has gone and whose parent is not in the tree (an orphan, the root) left its counters to
    /// nobody that is summed up here.
    void keepWhatNobodyInherits(const std::map<ProcessKey, Known>& current,
                                const std::unordered_set<int>& alive) {
        for (const auto& [key, known] : m_known) {
            if (!current.contains(key) && !alive.contains(known.parent)) {
                m_gone.add(known.counters);
            }
        }
    }

    int m_rootPid;
    GpuSampler m_gpus;
    double m_ticksPerSecond = static_cast<double>(::sysconf(_SC_CLK_TCK));
    double m_pageBytes = static_cast<double>(::sysconf(_SC_PAGESIZE));
    std::int64_t m_lastTime;
    Orphans m_orphans = Orphans::Strangers;
    Counters m_last;
    Counters m_gone;
    std::map<ProcessKey, Known> m_known;
};

ResourceSampler::ResourceSampler(int rootPid)
    : m_impl(std::make_unique<Impl>(rootPid)) {}
ResourceSampler::~ResourceSampler() = default;

ResourceSample ResourceSampler::sample() {
    return m_impl->sample();
}

std::vector<int> ResourceSampler::processes() const {
    return m_impl->processes();
}

}  // namespace runglass::launch
