// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "http_server.h"

namespace runglass::tracking {

/// Ends connections that hold a place and send or read too slowly: libmicrohttpd knows only how long nothing
/// went or came, so that one byte a minute would keep a place for ever. When places run short, connections
/// go: the one that has been silent longest before its first request or between two, or else one whose
/// request or answer has not moved at all for some seconds. Thread-safe.
class ConnectionWatch {
public:
    explicit ConnectionWatch(const HttpOptions& options);
    ConnectionWatch(const ConnectionWatch&) = delete;
    ConnectionWatch& operator=(const ConnectionWatch&) = delete;
    ~ConnectionWatch();

    using Key = const void*;
    void add(Key connection, int socket);
    /// Before the socket is closed.
    void remove(Key connection);
    void requestBegan(Key connection);
    void headDone(Key connection);
    void bodyGrew(Key connection, std::size_t bytes);
    void bodyDone(Key connection);
    /// The answer is on its way, and the client has to take it.
    void answerBegan(Key connection);
    void requestDone(Key connection);

private:
    /// Who is waited for: in Head and Body the client sends, in Answer it reads.
    enum class State { Idle, Head, Body, Working, Answer };
    struct Place {
        int socket = -1;
        State state = State::Idle;
        std::int64_t deadlineMs = 0;  ///< 0: none
        std::int64_t movedMs = 0;     ///< when something last came or went
        std::uint64_t moved = 0;      ///< bytes of the body, or of what the client has acknowledged
        std::uint64_t counted = 0;    ///< of these, those that the deadline counts
        bool isEnding = false;
    };
    void run();
    void lookAtReaders();
    void endOverdue();
    [[nodiscard]] bool isCrowded() const;
    enum class Spare { Stalled, SilentOrStalled };
    [[nodiscard]] Place* leastNeeded(Key comer, Spare spare);
    void makeRoom(Key comer, Spare spare);
    template <typename Change>
    void change(Key connection, Change&& change);

    HttpOptions m_options;
    std::mutex m_mutex;
    std::condition_variable m_condition;
    std::unordered_map<Key, Place> m_places;
    bool m_stopping = false;
    std::thread m_thread;
};

}  // namespace runglass::tracking
