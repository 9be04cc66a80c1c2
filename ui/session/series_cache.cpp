// SPDX-License-Identifier: GPL-3.0-or-later
#include "series_cache.h"

#include <QTimer>
#include <algorithm>
#include <unordered_set>

#include "runglass/ui/session/series_growth.h"

namespace runglass::ui {
namespace {

constexpr std::size_t kMostPoints = 20'000'000;  // 480 MB
// Of one job: few at first, so that first results come soon; more the longer the queue is, since what each
// delivery costs its owners grows with the number of their series.
constexpr std::size_t kFewestOrders = 64;
constexpr std::size_t kQueueShare = 8;
constexpr std::size_t kMostOrders = 2048;

Result<model::SharedSeries> readOne(sources::ProjectRuns* reader, const SeriesKey& key,
                                    const model::SharedSeries& known, const std::stop_token& stop) {
    const std::size_t from = known ? known->size() : 0;
    auto fresh = reader->series(key.run, key.metric.text(), from, stop);
    if (!fresh) {
        if (fresh.error().code == ErrorCode::NotFound) {
            return model::SharedSeries();
        }
        return std::move(fresh).error();
    }
    if (!known) {
        return model::share(std::move(*fresh));
    }
    if (fresh->empty()) {
        return known;
    }
    return model::SharedSeries(std::make_shared<const model::GrowingSeries>(known->appended(*fresh)));
}

}  // namespace

SeriesCache::SeriesCache(std::filesystem::path project, std::shared_ptr<const sources::Catalogue> catalogue,
                         jobs::ThreadPool* pool, jobs::Executor executor)
    : m_project(std::move(project))
    , m_catalogue(std::move(catalogue))
    , m_pool(pool)
    , m_executor(std::move(executor)) {}

void SeriesCache::request(const SeriesKey& key, std::uint64_t count, QObject* owner, Done done) {
    const auto found = m_entries.find(key);
    if (found != m_entries.end() && found->second.series && found->second.series->size() >= count) {
        found->second.used = ++m_clock;
        QMetaObject::invokeMethod(
            &m_context,
            [guard = QPointer<QObject>(owner), series = found->second.series, done = std::move(done)] {
                if (!guard.isNull()) {
                    done(series);
                }
            },
            Qt::QueuedConnection);
        return;
    }
    auto& waiting = m_waiting[key];
    if (waiting.empty()) {
        m_queue.push_back(key);
    }
    waiting.push_back({owner, std::move(done), count, false});
    if (!m_scheduled && !m_job.running()) {
        // From the event loop, so that everything asked for in this turn goes into one job.
        m_scheduled = true;
        QTimer::singleShot(0, &m_context, [this] { startJob(); });
    }
}

void SeriesCache::clear() {
    m_entries.clear();
    m_points = 0;
}

void SeriesCache::forgetRewritten(const std::vector<RunId>& runs, const model::RunTable& before,
                                  const model::RunTable& now) {
    if (runs.empty() || m_entries.empty()) {
        return;
    }
    const std::unordered_set<RunId> changed(runs.begin(), runs.end());
    const auto isRewritten = [&](const SeriesKey& key) {
        const auto* old = before.find(key.run);
        const auto* fresh = now.find(key.run);
        return old != nullptr && fresh != nullptr && !mayHaveGrown(*old, *fresh, key.metric);
    };
    for (auto entry = m_entries.begin(); entry != m_entries.end();) {
        const auto& run = entry->first.run;
        if (changed.contains(run) &&
            (entry->second.epoch != epochOf(m_catalogue, run) || isRewritten(entry->first))) {
            m_points -= entry->second.series ? entry->second.series->size() : 0;
            entry = m_entries.erase(entry);
        } else {
            ++entry;
        }
    }
}

void SeriesCache::startJob() {
    m_scheduled = false;
    std::vector<Order> orders;
    const std::size_t most = m_delivered == 0
                                 ? kFewestOrders
                                 : std::clamp(m_queue.size() / kQueueShare, kFewestOrders, kMostOrders);
    while (!m_queue.empty() && orders.size() < most) {
        const SeriesKey key = m_queue.front();
        m_queue.pop_front();
        auto& waiting = m_waiting[key];
        std::erase_if(waiting, [](const Waiting& one) { return one.owner.isNull(); });
        if (waiting.empty()) {
            m_waiting.erase(key);
            continue;
        }
        const auto found = m_entries.find(key);
        orders.push_back(found == m_entries.end() ? Order{key, nullptr, 0}
                                                  : Order{key, found->second.series, found->second.epoch});
    }
    if (orders.empty()) {
        return;
    }
    m_job = jobs::start(
        *m_pool, m_executor,
        [project = m_project, catalogue = m_catalogue,
         orders = std::move(orders)](jobs::JobContext& context) mutable {
            return read(project, catalogue, std::move(orders), context.stop);
        },
        [this](std::vector<Delivery> deliveries) { deliver(std::move(deliveries)); });
}

std::vector<SeriesCache::Delivery> SeriesCache::read(const std::filesystem::path& project,
                                                     const Catalogue& catalogue, std::vector<Order> orders,
                                                     const std::stop_token& stop) {
    sources::ProjectRuns runs(project, catalogue);
    std::vector<Delivery> deliveries;
    deliveries.reserve(orders.size());
    for (Order& order : orders) {
        // Asked first: what is replaced while it is being read shows when it is delivered.
        const auto epoch = epochOf(catalogue, order.key.run);
        const auto known = epoch == order.epoch ? std::move(order.known) : nullptr;
        deliveries.push_back({order.key, readOne(&runs, order.key, known, stop), epoch});
    }
    return deliveries;
}

void SeriesCache::deliver(std::vector<Delivery> deliveries) {
    for (Delivery& delivery : deliveries) {
        const bool outdated = delivery.epoch != epochOf(m_catalogue, delivery.key.run);
        if (delivery.series && *delivery.series && !outdated) {
            Entry& entry = m_entries[delivery.key];
            m_points -= entry.series ? entry.series->size() : 0;
            entry.series = *delivery.series;
            entry.epoch = delivery.epoch;
            entry.used = ++m_clock;
            m_points += entry.series->size();
        }
        answer(delivery, outdated);
    }
    m_delivered = m_queue.empty() ? 0 : m_delivered + deliveries.size();
    makeRoom();
    if (!m_queue.empty() && !m_scheduled) {
        m_scheduled = true;
        QTimer::singleShot(0, &m_context, [this] { startJob(); });
    }
}

void SeriesCache::answer(const Delivery& delivery, bool outdated) {
    const auto extracted = m_waiting.extract(delivery.key);
    if (!extracted) {
        return;
    }
    const std::uint64_t size = delivery.series && *delivery.series ? (*delivery.series)->size() : 0;
    for (Waiting& one : extracted.mapped()) {
        if (one.owner.isNull()) {
            continue;
        }
        if (delivery.series && (size < one.count || outdated) && !one.again) {
            // Asked for while an older state was being read, or replaced meanwhile.
            auto& waiting = m_waiting[delivery.key];
            if (waiting.empty()) {
                m_queue.push_back(delivery.key);
            }
            one.again = true;
            waiting.push_back(std::move(one));
        } else {
            one.done(delivery.series);
        }
    }
}

void SeriesCache::makeRoom() {
    if (m_points <= kMostPoints) {
        return;
    }
    std::vector<std::pair<std::uint64_t, SeriesKey>> byAge;
    for (const auto& [key, entry] : m_entries) {
        byAge.emplace_back(entry.used, key);
    }
    std::sort(byAge.begin(), byAge.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [used, key] : byAge) {
        if (m_points <= kMostPoints * 3 / 4) {
            break;
        }
        const auto found = m_entries.find(key);
        m_points -= found->second.series->size();
        m_entries.erase(found);
    }
}

}  // namespace runglass::ui
