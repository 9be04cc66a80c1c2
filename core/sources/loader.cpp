// SPDX-License-Identifier: GPL-3.0-or-later
#include "loader.h"

#include <chrono>

namespace runglass::sources {

Loader::Loader(Formats formats, std::vector<std::filesystem::path> roots, std::size_t threads,
               std::stop_token stop)
    : m_formats(formats)
    , m_roots(std::move(roots))
    , m_stop(std::move(stop))
    , m_pool(threads) {}

void Loader::begin() {
    const std::lock_guard lock(m_mutex);
    ++m_begun;
}

void Loader::finish() {
    {
        const std::lock_guard lock(m_mutex);
        ++m_done;
    }
    m_changed.notify_one();
}

void Loader::walk(std::filesystem::path folder, bool deep) {
    begin();
    m_pool.post([this, folder = std::move(folder), deep] {
        if (!m_stop.stop_requested()) {
            doWalk(folder, deep);
        }
        finish();
    });
}

void Loader::doWalk(const std::filesystem::path& folder, bool deep) {
    auto look = lookAt(folder, m_formats, m_roots);
    if (deep) {
        for (const auto& below : look.enter) {
            walk(below, true);
        }
    }
    const std::lock_guard lock(m_mutex);
    m_results.folders.push_back(std::move(look));
}

void Loader::read(SharedOrigin origin) {
    begin();
    m_pool.post([this, origin = std::move(origin)] {
        if (!m_stop.stop_requested()) {
            auto reading = origin->read(m_stop);
            const std::lock_guard lock(m_mutex);
            m_results.origins.push_back({origin, std::move(reading)});
        }
        finish();
    });
}

Loader::Results Loader::take(std::int64_t ms) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms);
    std::unique_lock lock(m_mutex);
    m_changed.wait_until(lock, until, [this] { return m_done == m_begun; });
    m_changed.wait(lock, [this] { return m_done == m_begun || !m_results.empty(); });
    return std::exchange(m_results, {});
}

std::uint64_t Loader::done() const {
    const std::lock_guard lock(m_mutex);
    return m_done;
}

std::uint64_t Loader::total() const {
    const std::lock_guard lock(m_mutex);
    return m_begun;
}

}  // namespace runglass::sources
