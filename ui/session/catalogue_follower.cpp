// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalogue_follower.h"

#include <algorithm>
#include <chrono>

#include "runglass/base/clock.h"

namespace runglass::ui {
namespace {

constexpr std::int64_t kShortestMs = 250;
constexpr std::int64_t kLongestMs = 10'000;
constexpr std::int64_t kShareOfTime = 50;  ///< looking takes at most a fiftieth of the time

}  // namespace

CatalogueFollower::CatalogueFollower(std::shared_ptr<sources::Catalogue> catalogue,
                                     std::function<void(sources::SharedForeignRuns)> published)
    : m_catalogue(std::move(catalogue))
    , m_published(std::move(published))
    , m_thread([this](const std::stop_token& stop) { run(stop); }) {}

CatalogueFollower::~CatalogueFollower() {
    m_thread.request_stop();
}

void CatalogueFollower::reload() {
    const std::lock_guard lock(m_mutex);
    m_reload = true;
    m_walking = true;
    m_wake.notify_one();
}

void CatalogueFollower::cancelWalk() {
    const std::lock_guard lock(m_mutex);
    if (m_walking) {
        m_cancel.request_stop();
    }
}

ProjectSession::Walk CatalogueFollower::walk() const {
    const auto found = m_catalogue->runs();
    const std::lock_guard lock(m_mutex);
    return {m_walking, m_cancelled, m_progress.done(), m_progress.total(), found->runs.size()};
}

void CatalogueFollower::walkAll(const std::stop_token& stop) {
    std::stop_source cancel;
    {
        const std::lock_guard lock(m_mutex);
        cancel = m_cancel;
        m_walking = true;
        m_cancelled = false;
    }
    m_progress.set(0, 0);
    const std::stop_callback both(stop, [&cancel] { cancel.request_stop(); });
    m_catalogue->load(m_published, cancel.get_token(), &m_progress);
    const std::lock_guard lock(m_mutex);
    m_walking = m_reload;
    m_cancelled = cancel.stop_requested();
    m_cancel = std::stop_source();
}

void CatalogueFollower::run(const std::stop_token& stop) {
    walkAll(stop);
    std::int64_t tookMs = 0;
    while (!stop.stop_requested()) {
        bool reload = false;
        {
            std::unique_lock lock(m_mutex);
            const auto pause = std::clamp(tookMs * kShareOfTime, kShortestMs, kLongestMs);
            m_wake.wait_for(lock, stop, std::chrono::milliseconds(pause), [this] { return m_reload; });
            reload = std::exchange(m_reload, false);
        }
        if (stop.stop_requested()) {
            break;
        }
        if (reload) {
            walkAll(stop);
            continue;
        }
        const auto begin = monotonicMs();
        const auto before = m_catalogue->runs();
        const auto now = m_catalogue->refresh(stop);
        tookMs = monotonicMs() - begin;
        if (now != before) {
            m_published(now);
        }
    }
}

}  // namespace runglass::ui
