// SPDX-License-Identifier: GPL-3.0-or-later
#include "loader.h"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace runglass::sources {
namespace {

/// Folders of one task: handing over a task costs as much as looking at a small folder.
constexpr std::size_t kMostTogether = 16;

}  // namespace

Loader::Loader(Formats formats, std::vector<std::filesystem::path> roots, std::size_t threads,
               std::stop_token stop)
    : m_formats(formats)
    , m_roots(std::move(roots))
    , m_stop(std::move(stop))
    , m_threads(threads)
    , m_pool(threads) {}

void Loader::begin(std::size_t count) {
    const std::lock_guard lock(m_mutex);
    m_begun += count;
}

void Loader::finish(std::size_t count) {
    bool wake = false;
    {
        const std::lock_guard lock(m_mutex);
        m_done += count;
        wake = m_waitsForAny || m_done == m_begun;
    }
    if (wake) {
        m_changed.notify_one();
    }
}

void Loader::walk(std::filesystem::path folder, bool deep) {
    walkAll({std::move(folder)}, deep);
}

void Loader::walkAll(Paths folders, bool deep) {
    const auto count = folders.size();
    begin(count);
    m_pool.post([this, count, folders = std::move(folders), deep] {
        if (!m_stop.stop_requested()) {
            doWalk(folders, deep);
        }
        finish(count);
    });
}

void Loader::doWalk(const Paths& folders, bool deep) {
    std::vector<FolderLook> looks;
    looks.reserve(folders.size());
    for (const auto& folder : folders) {
        if (m_stop.stop_requested()) {
            break;
        }
        looks.push_back(lookAt(folder, m_formats, m_roots));
        if (deep) {
            const auto& enter = looks.back().enter;
            const auto together = std::clamp<std::size_t>(enter.size() / (2 * m_threads), 1, kMostTogether);
            for (std::size_t from = 0; from < enter.size(); from += together) {
                const auto to = std::min(from + together, enter.size());
                walkAll(Paths(enter.begin() + static_cast<std::ptrdiff_t>(from),
                              enter.begin() + static_cast<std::ptrdiff_t>(to)),
                        true);
            }
        }
    }
    const std::lock_guard lock(m_mutex);
    std::ranges::move(looks, std::back_inserter(m_results.folders));
}

void Loader::read(SharedOrigin origin) {
    begin(1);
    m_pool.post([this, origin = std::move(origin)] {
        if (!m_stop.stop_requested()) {
            auto reading = origin->read(m_stop);
            const std::lock_guard lock(m_mutex);
            m_results.origins.push_back({origin, std::move(reading)});
        }
        finish(1);
    });
}

Loader::Results Loader::take(std::int64_t ms) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms);
    std::unique_lock lock(m_mutex);
    m_changed.wait_until(lock, until, [this] { return m_done == m_begun; });
    m_waitsForAny = true;
    m_changed.wait(lock, [this] { return m_done == m_begun || !m_results.empty(); });
    m_waitsForAny = false;
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
