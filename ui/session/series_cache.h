// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>
#include <deque>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <unordered_map>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/base/symbol.h"
#include "runglass/jobs/executor.h"
#include "runglass/jobs/job.h"
#include "runglass/jobs/thread_pool.h"
#include "runglass/model/series.h"
#include "runglass/sources/catalogue.h"
#include "runglass/sources/project_runs.h"

namespace runglass::ui {

struct SeriesKey {
    RunId run;
    Symbol metric;
    friend bool operator==(const SeriesKey&, const SeriesKey&) = default;
};

struct SeriesKeyHash {
    std::size_t operator()(const SeriesKey& key) const noexcept {
        return std::hash<RunId>{}(key.run) ^ (std::hash<Symbol>{}(key.metric) * 0x9e3779b97f4a7c15U);
    }
};

/// Points of series, read in jobs and kept. What was read once costs nothing; of a series that has grown only
/// the new points are read. Requests that come together are read over one connection. Lives on the GUI
/// thread.
class SeriesCache {
public:
    using Done = std::function<void(Result<model::SharedSeries>)>;

    SeriesCache(std::filesystem::path project, std::shared_ptr<const sources::Catalogue> catalogue,
                jobs::ThreadPool* pool, jobs::Executor executor);

    /// `count`: how many points the run's summary says there are. `done` is called later, never within.
    void request(const SeriesKey& key, std::uint64_t count, QObject* owner, Done done);
    /// Forgets everything that was read.
    void clear();
    /// Forgets the series of `runs` that have not merely grown between the two tables: a file was written
    /// anew or replaced, or points were taken back.
    void forgetRewritten(const std::vector<RunId>& runs, const model::RunTable& before,
                         const model::RunTable& now);

private:
    struct Entry {
        model::SharedSeries series;
        std::uint64_t epoch = 0;  ///< sources::Catalogue::epoch() when it was read
        std::uint64_t used = 0;   ///< for forgetting the least recently used
    };
    struct Waiting {
        QPointer<QObject> owner;
        Done done;
        std::uint64_t count = 0;  ///< points expected
        bool again = false;       ///< was read too early once already
    };
    struct Order {
        SeriesKey key;
        model::SharedSeries known;
        std::uint64_t epoch = 0;  ///< of what is known
    };
    struct Delivery {
        SeriesKey key;
        Result<model::SharedSeries> series;
        std::uint64_t epoch = 0;
    };

    using Catalogue = std::shared_ptr<const sources::Catalogue>;

    static std::uint64_t epochOf(const Catalogue& catalogue, const RunId& run) {
        return catalogue ? catalogue->epoch(run) : 0;
    }
    static std::vector<Delivery> read(const std::filesystem::path& project, const Catalogue& catalogue,
                                      std::vector<Order> orders, const std::stop_token& stop);
    void startJob();
    void deliver(std::vector<Delivery> deliveries);
    void answer(const Delivery& delivery, bool outdated);
    void makeRoom();

    std::filesystem::path m_project;
    std::shared_ptr<const sources::Catalogue> m_catalogue;
    jobs::ThreadPool* m_pool;
    jobs::Executor m_executor;
    std::unordered_map<SeriesKey, Entry, SeriesKeyHash> m_entries;
    std::unordered_map<SeriesKey, std::vector<Waiting>, SeriesKeyHash> m_waiting;
    std::deque<SeriesKey> m_queue;  ///< wanted, not yet being read
    std::uint64_t m_clock = 0;
    std::size_t m_delivered = 0;  ///< since the queue was last empty
    std::size_t m_points = 0;
    bool m_scheduled = false;
    jobs::Job m_job;
    QObject m_context;  ///< ends queued calls with this object
};

}  // namespace runglass::ui
