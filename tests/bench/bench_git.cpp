// SPDX-License-Identifier: GPL-3.0-or-later
// History, status and snapshot against the git program in the same run, on repositories made here (Google
// Benchmark; times are wall times). The git program's times include its start, about 2 ms.
//   bench_git [--benchmark_filter=…]     RUNGLASS_BENCH_COMMITS=100000 sets the length of the history
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>

#include "runglass/git/history.h"
#include "runglass/git/snapshot.h"

namespace {

namespace fs = std::filesystem;
using namespace runglass;
using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

void shell(const std::string& command) {
    if (std::system(command.c_str()) != 0) {  // NOLINT(concurrency-mt-unsafe): one thread
        std::fprintf(stderr, "failed: %s\n", command.c_str());
        std::exit(1);  // NOLINT(concurrency-mt-unsafe)
    }
}

/// A folder for the repositories of this run.
class Workshop {
public:
    Workshop()
        : m_path(fs::temp_directory_path() / ("runglass-bench-git-" + std::to_string(::getpid()))) {
        fs::create_directories(m_path);
    }
    Workshop(const Workshop&) = delete;
    Workshop& operator=(const Workshop&) = delete;
    ~Workshop() {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }
    [[nodiscard]] fs::path operator/(const std::string& name) const { return m_path / name; }

private:
    fs::path m_path;
};

const Workshop& workshop() {
    static const Workshop kWorkshop;
    return kWorkshop;
}

/// `commits` commits on 30 branches, a third of them on the first, 15 % merges; the same at each run.
class HistoryWriter {
public:
    explicit HistoryWriter(const fs::path& stream)
        : m_out(stream, std::ios::binary) {}

    void write(int commits) {
        for (int i = 0; i < commits; ++i) {
            writeCommit(i);
        }
    }

private:
    static constexpr int kBranches = 30;

    int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(m_random); }

    void writeCommit(int number) {
        const int branch = number == 0 || below(3) == 0 ? 0 : below(kBranches);
        m_time += 1 + below(1800);
        const auto who = std::to_string(below(50));
        const auto person =
            "Person " + who + " <person" + who + "@example.org> " + std::to_string(m_time) + " +0100\n";
        const auto message = "Change " + std::to_string(number) + " of the training script\n\nWhy: reason " +
                             std::to_string(below(1'000'000)) + " of the longer text that commits have.\n";
        m_out << "commit refs/heads/branch" << branch << "\nmark :" << number + 1 << "\nauthor " << person
              << "committer " << person << "data " << message.size() << '\n'
              << message;
        const int parent = m_tips[branch] != 0 ? m_tips[branch] : m_tips[0];
        if (parent != 0) {
            m_out << "from :" << parent << '\n';
            const int other = m_tips[below(kBranches)];
            if (below(100) < 17 && other != 0 && other != parent) {
                m_out << "merge :" << other << '\n';
            }
        }
        m_out << "M 100644 inline file" << number % 200 << ".txt\ndata 8\n"
              << std::to_string(10'000'000 + number) << "\n";
        m_tips[branch] = number + 1;
    }

    std::ofstream m_out;
    std::mt19937 m_random{7};
    std::int64_t m_time = 1'400'000'000;
    int m_tips[kBranches] = {};
};

const fs::path& longHistory() {
    static const fs::path kFolder = [] {
        const auto folder = workshop() / "history";
        const char* wanted = std::getenv("RUNGLASS_BENCH_COMMITS");  // NOLINT(concurrency-mt-unsafe)
        const auto stream = workshop() / "stream";
        HistoryWriter(stream).write(wanted != nullptr ? std::atoi(wanted) : 100'000);
        shell("git init -q --bare " + folder.string() + " && git -C " + folder.string() +
              " symbolic-ref HEAD refs/heads/branch0 && git -C " + folder.string() +
              " fast-import --quiet < " + stream.string());
        return folder;
    }();
    return kFolder;
}

/// `files` files of 2 kB in folders of 100, committed; then 6 changed, 2 removed, 3 new.
const fs::path& workTree(int files) {
    static std::map<int, fs::path> made;
    auto& folder = made[files];
    if (!folder.empty()) {
        return folder;
    }
    folder = workshop() / ("files" + std::to_string(files));
    const auto name = [&](int i) {
        return folder / ("dir" + std::to_string(i / 100)) / ("file" + std::to_string(i) + ".py");
    };
    for (int i = 0; i < files; ++i) {
        fs::create_directories(name(i).parent_path());
        std::ofstream(name(i)) << std::string(2000, 'x') << i;
    }
    const auto git = "git -C " + folder.string() + " -c user.name=Bench -c user.email=bench@example.org ";
    shell("git init -q " + folder.string() + " && sleep 1 && " + git + "add . && " + git + "commit -qm All");
    for (int i = 0; i < 6; ++i) {
        std::ofstream(name(i * 37), std::ios::app) << "changed\n";
    }
    fs::remove(name(5));
    fs::remove(name(7));
    for (const auto* added : {"new1.py", "new2.py", "dir0/new3.py"}) {
        std::ofstream(folder / added) << "new\n";
    }
    return folder;
}

struct WalkTimes {
    double first = 0;
    double whole = 0;
    std::size_t rows = 0;
};

WalkTimes walk(bool early) {
    WalkTimes times;
    const auto start = Clock::now();
    git::HistoryOptions options;
    if (early) {
        options.takeBack = [] {};
    }
    const auto result = git::walkHistory(longHistory(), options, [&](std::vector<git::HistoryRow>&& rows) {
        if (times.rows == 0) {
            times.first = secondsSince(start);
        }
        times.rows += rows.size();
        return true;
    });
    times.whole = secondsSince(start);
    if (!result.ok()) {
        shell("false");
    }
    return times;
}

void reportWalk(benchmark::State& state, bool early) {
    longHistory();
    double first = 0;
    for (auto unused : state) {
        (void)unused;
        const auto times = walk(early);
        first += times.first;
        state.SetIterationTime(times.whole);
        state.counters["rows"] = static_cast<double>(times.rows);
    }
    state.counters["first200_ms"] = benchmark::Counter(first * 1000, benchmark::Counter::kAvgIterations);
}

void historyEarly(benchmark::State& state) {
    reportWalk(state, true);
}
void historyFinal(benchmark::State& state) {
    reportWalk(state, false);
}

void timeShell(benchmark::State& state, const std::string& command) {
    for (auto unused : state) {
        (void)unused;
        const auto start = Clock::now();
        shell(command);
        state.SetIterationTime(secondsSince(start));
    }
}

void historyGitLog(benchmark::State& state) {
    timeShell(state, "git -C " + longHistory().string() +
                         " log --all --topo-order --format='%H %P %an %at %s' > /dev/null");
}

void statusRunglass(benchmark::State& state) {
    const auto& folder = workTree(static_cast<int>(state.range(0)));
    for (auto unused : state) {
        (void)unused;
        const auto start = Clock::now();
        const auto repository = git::Repository::open(folder);
        const auto status = repository->status();
        state.SetIterationTime(secondsSince(start));
        state.counters["changes"] = static_cast<double>(status->size());
    }
}

void statusGit(benchmark::State& state) {
    // --no-optional-locks: git must not refresh the index for the others.
    timeShell(state, "git --no-optional-locks -C " + workTree(static_cast<int>(state.range(0))).string() +
                         " status --porcelain -uall > /dev/null");
}

void snapshotRunglass(benchmark::State& state) {
    const auto& folder = workTree(static_cast<int>(state.range(0)));
    for (auto unused : state) {
        (void)unused;
        const auto run = RunId::generate();
        const auto start = Clock::now();
        const auto snapshot = git::takeSnapshot(folder, run);
        state.SetIterationTime(secondsSince(start));
        state.counters["changes"] = static_cast<double>(snapshot->changes.size());
        (void)git::dropSnapshot(folder, run);
    }
}

void snapshotGitStash(benchmark::State& state) {
    timeShell(state, "git -C " + workTree(static_cast<int>(state.range(0))).string() +
                         " -c user.name=Bench -c user.email=b@example.org stash create > /dev/null");
}

BENCHMARK(historyEarly)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(5);
BENCHMARK(historyFinal)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(5);
BENCHMARK(historyGitLog)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(5);
BENCHMARK(statusRunglass)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Arg(1000)
    ->Arg(50'000)
    ->Iterations(9);
BENCHMARK(statusGit)->UseManualTime()->Unit(benchmark::kMillisecond)->Arg(1000)->Arg(50'000)->Iterations(9);
BENCHMARK(snapshotRunglass)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Arg(1000)
    ->Arg(50'000)
    ->Iterations(9);
BENCHMARK(snapshotGitStash)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Arg(1000)
    ->Arg(50'000)
    ->Iterations(9);

}  // namespace

BENCHMARK_MAIN();
