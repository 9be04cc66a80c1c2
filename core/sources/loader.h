// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "look.h"
#include "origin.h"
#include "runglass/jobs/job.h"
#include "runglass/jobs/thread_pool.h"

namespace runglass::sources {

/// Walks folders and reads origins on a pool, both at the same time, and hands the results to one thread.
class Loader {
public:
    struct Looked {
        FolderLook look;
    };
    struct Read {
        SharedOrigin origin;
        Reading reading;
    };
    struct Results {
        std::vector<FolderLook> folders;
        std::vector<Read> origins;
        [[nodiscard]] bool empty() const { return folders.empty() && origins.empty(); }
    };

    Loader(Formats formats, std::vector<std::filesystem::path> roots, std::size_t threads,
           std::stop_token stop);
    Loader(const Loader&) = delete;
    Loader& operator=(const Loader&) = delete;
    /// Waits for what is under way.
    ~Loader() = default;

    /// Walks `folder` and, with `deep`, all below it.
    void walk(std::filesystem::path folder, bool deep);
    void read(SharedOrigin origin);

    /// Waits until there are results and at least `ms` have passed, or nothing is under way any more; empty
    /// results mean the end.
    Results take(std::int64_t ms);
    [[nodiscard]] std::uint64_t done() const;
    [[nodiscard]] std::uint64_t total() const;

private:
    using Paths = std::vector<std::filesystem::path>;

    void begin(std::size_t count);
    void finish(std::size_t count);
    void walkAll(Paths folders, bool deep);
    void doWalk(const Paths& folders, bool deep);

    Formats m_formats;
    std::vector<std::filesystem::path> m_roots;
    std::stop_token m_stop;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    Results m_results;  // guarded by m_mutex, like the following
    std::uint64_t m_begun = 0;
    std::uint64_t m_done = 0;
    bool m_waitsForAny = false;
    const std::size_t m_threads;
    jobs::ThreadPool m_pool;  // last: its threads use the rest
};

}  // namespace runglass::sources
