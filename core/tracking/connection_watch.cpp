// SPDX-License-Identifier: GPL-3.0-or-later
#include "connection_watch.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>

#include "runglass/base/clock.h"

namespace runglass::tracking {

namespace {

constexpr std::uint64_t kBodyStep = 1U << 20U;
constexpr std::uint64_t kAnswerStep = 64U << 10U;
/// Whoever moves at all within this time is not ended to make room.
constexpr std::int64_t kStalledMs = 3000;

/// What the other end has acknowledged since the connection was made.
std::uint64_t acknowledgedBytes(int socket) {
    tcp_info info{};
    socklen_t size = sizeof info;
    const bool known = ::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) == 0;
    return known ? info.tcpi_bytes_acked : 0;
}

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
        m_places[connection] = {socket, State::Idle, now + m_options.headerPatienceMs, now};
        if (isCrowded()) {
            makeRoom(connection, Spare::SilentOrStalled);
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
        place.state = State::Head;
        place.movedMs = monotonicMs();
        place.deadlineMs = place.movedMs + m_options.headerPatienceMs;
    });
}

void ConnectionWatch::headDone(Key connection) {
    change(connection, [&](Place& place) {
        place.state = State::Body;
        place.moved = place.counted = 0;
        place.movedMs = monotonicMs();
        place.deadlineMs = place.movedMs + m_options.bodyPatienceMs;
    });
}

void ConnectionWatch::bodyGrew(Key connection, std::size_t bytes) {
    change(connection, [&](Place& place) {
        place.movedMs = monotonicMs();
        place.moved += bytes;
        if (place.moved - place.counted >= kBodyStep) {
            place.counted = place.moved;
            place.deadlineMs = place.movedMs + m_options.bodyPatienceMs;
        }
    });
}

void ConnectionWatch::bodyDone(Key connection) {
    change(connection, [](Place& place) {
        place.state = State::Working;
        place.deadlineMs = 0;
    });
}

void ConnectionWatch::answerBegan(Key connection) {
    change(connection, [&](Place& place) {
        place.state = State::Answer;
        place.moved = place.counted = acknowledgedBytes(place.socket);
        place.movedMs = monotonicMs();
        place.deadlineMs = place.movedMs + m_options.answerPatienceMs;
    });
}

void ConnectionWatch::requestDone(Key connection) {
    change(connection, [](Place& place) {
        place.state = State::Idle;
        place.deadlineMs = 0;
        place.movedMs = monotonicMs();
    });
}

void ConnectionWatch::run() {
    std::unique_lock lock(m_mutex);
    while (!m_stopping) {
        // Without connections there is nothing to watch, and no reason to wake up.
        if (m_places.empty()) {
            m_condition.wait(lock, [&] { return m_stopping || !m_places.empty(); });
            continue;
        }
        const bool crowded = isCrowded();
        m_condition.wait_for(lock, std::chrono::seconds(crowded ? 1 : 5),
                             [&] { return m_stopping || (!crowded && isCrowded()); });
        lookAtReaders();
        endOverdue();
        if (isCrowded()) {
            makeRoom(nullptr, Spare::Stalled);  // clients that are silent between two epochs are welcome
        }
    }
}

/// Nobody tells when the client takes something of an answer.
void ConnectionWatch::lookAtReaders() {
    const std::int64_t now = monotonicMs();
    for (auto& [key, place] : m_places) {
        if (place.state != State::Answer || place.isEnding) {
            continue;
        }
        if (const auto moved = acknowledgedBytes(place.socket); moved > place.moved) {
            place.moved = moved;
            place.movedMs = now;
        }
        if (place.moved - place.counted >= kAnswerStep) {
            place.counted = place.moved;
            place.deadlineMs = now + m_options.answerPatienceMs;
        }
    }
}

void ConnectionWatch::endOverdue() {
    const std::int64_t now = monotonicMs();
    for (auto& [key, place] : m_places) {
        if (place.deadlineMs != 0 && now > place.deadlineMs) {
            endConnection(place.socket);
            place.deadlineMs = 0;
            place.isEnding = true;
        }
    }
}

/// The library refuses whoever comes when all places are taken, without a word to this.
bool ConnectionWatch::isCrowded() const {
    return m_places.size() * 8 >= std::size_t{m_options.maxConnections} * 7;
}

ConnectionWatch::Place* ConnectionWatch::leastNeeded(Key comer, Spare spare) {
    const std::int64_t now = monotonicMs();
    Place* silent = nullptr;
    Place* stalled = nullptr;
    for (auto& [key, place] : m_places) {
        const bool isStalled = place.state != State::Working && now - place.movedMs > kStalledMs;
        if (key == comer || place.isEnding || (place.state != State::Idle && !isStalled)) {
            continue;
        }
        auto*& oldest = place.state == State::Idle ? silent : stalled;
        if (oldest == nullptr || place.movedMs < oldest->movedMs) {
            oldest = &place;
        }
    }
    return silent != nullptr && spare == Spare::SilentOrStalled ? silent : stalled;
}

/// As many as are too many; those that are ending give their places back in a moment.
void ConnectionWatch::makeRoom(Key comer, Spare spare) {
    lookAtReaders();
    const auto ending = std::count_if(m_places.begin(), m_places.end(),
                                      [](const auto& entry) { return entry.second.isEnding; });
    const auto taken = m_places.size() - static_cast<std::size_t>(ending);
    for (auto left = taken; left * 8 >= std::size_t{m_options.maxConnections} * 7; --left) {
        auto* const place = leastNeeded(comer, spare);
        if (place == nullptr) {
            return;
        }
        endConnection(place->socket);
        place->isEnding = true;
    }
}

}  // namespace runglass::tracking
