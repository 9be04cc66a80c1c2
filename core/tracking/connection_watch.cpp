// SPDX-License-Identifier: GPL-3.0-or-later
#include "connection_watch.h"

#include <sys/socket.h>

#include <chrono>

#include "runglass/base/clock.h"

namespace runglass::tracking {

namespace {

constexpr std::size_t kBodyStep = 1U << 20U;

void endConnection(int socket) {
    ::shutdown(socket, SHUT_RDWR);  // its own thread sees the end, and closes
}

}  // namespace

ConnectionWatch::ConnectionWatch(const HttpOptions& options)
    : m_options(options)
    , m_thread([this] { run(); }) {}

ConnectionWatch::~ConnectionWatch() {
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_condition.notify_all();
    m_thread.join();
}

template <typename Change>
void ConnectionWatch::change(Key connection, Change&& change) {
    const std::lock_guard lock(m_mutex);
    if (const auto it = m_places.find(connection); it != m_places.end()) {
        change(it->second);
    }
}

void ConnectionWatch::add(Key connection, int socket) {
    {
        const std::lock_guard lock(m_mutex);
        const std::int64_t now = monotonicMs();
        m_places[connection] = {socket, now + m_options.headerPatienceMs, now};
        if (m_places.size() * 8 >= std::size_t{m_options.maxConnections} * 7) {
            makeRoom(connection);
        }
    }
    m_condition.notify_all();
}

void ConnectionWatch::remove(Key connection) {
    const std::lock_guard lock(m_mutex);
    m_places.erase(connection);
}

void ConnectionWatch::requestBegan(Key connection) {
    change(connection, [&](Place& place) {
        place.inRequest = true;
        place.bodyBytes = 0;
        place.deadlineMs = monotonicMs() + m_options.headerPatienceMs;
    });
}

void ConnectionWatch::headDone(Key connection) {
    change(connection, [&](Place& place) { place.deadlineMs = monotonicMs() + m_options.bodyPatienceMs; });
}

void ConnectionWatch::bodyGrew(Key connection, std::size_t bytes) {
    change(connection, [&](Place& place) {
        const auto before = place.bodyBytes / kBodyStep;
        place.bodyBytes += bytes;
        if (place.bodyBytes / kBodyStep != before) {
            place.deadlineMs = monotonicMs() + m_options.bodyPatienceMs;
        }
    });
}

void ConnectionWatch::bodyDone(Key connection) {
    change(connection, [](Place& place) { place.deadlineMs = 0; });
}

void ConnectionWatch::requestDone(Key connection) {
    change(connection, [](Place& place) {
        place.inRequest = false;
        place.deadlineMs = 0;
        place.silentSinceMs = monotonicMs();
    });
}

void ConnectionWatch::run() {
    std::unique_lock lock(m_mutex);
    while (!m_stopping) {
        // Without connections there is nothing to watch, and no reason to wake up.
        if (m_places.empty()) {
            m_condition.wait(lock, [&] { return m_stopping || !m_places.empty(); });
        } else {
            m_condition.wait_for(lock, std::chrono::seconds(5), [&] { return m_stopping; });
            endOverdue();
        }
    }
}

void ConnectionWatch::endOverdue() {
    const std::int64_t now = monotonicMs();
    for (auto& [key, place] : m_places) {
        if (place.deadlineMs != 0 && now > place.deadlineMs) {
            endConnection(place.socket);
            place.deadlineMs = 0;
        }
    }
}

void ConnectionWatch::makeRoom(Key comer) {
    Place* oldest = nullptr;
    for (auto& [key, place] : m_places) {
        if (key != comer && !place.inRequest && !place.isEnding &&
            (oldest == nullptr || place.silentSinceMs < oldest->silentSinceMs)) {
            oldest = &place;
        }
    }
    if (oldest != nullptr) {
        endConnection(oldest->socket);
        oldest->isEnding = true;
    }
}

}  // namespace runglass::tracking
