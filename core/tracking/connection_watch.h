// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "http_server.h"

namespace runglass::tracking {

/// Ends connections that hold a place and send too slowly: libmicrohttpd knows only how long nothing came,
/// so that one byte a minute would keep a place for ever. When places run short, the connection that has
/// been silent longest, before its first request or between two, goes. Thread-safe.
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
    void requestDone(Key connection);

private:
    struct Place {
        int socket = -1;
        std::int64_t deadlineMs = 0;  ///< 0: none
        std::int64_t silentSinceMs = 0;
        bool inRequest = false;
        bool isEnding = false;
        std::size_t bodyBytes = 0;
    };
    void run();
    void endOverdue();
    void makeRoom(Key comer);
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
