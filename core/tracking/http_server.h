// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "http_message.h"
#include "runglass/base/result.h"

namespace runglass::tracking {

/// As many as there may be while files are left for the database and everything else: 64 to 512. Each takes
/// 0.3 MiB from its first request on.
unsigned connectionsFor(std::uint64_t openFiles);
/// What this process may have open.
std::uint64_t openFilesLimit();

struct HttpOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0: any free one
    /// Each may have a file open besides its socket.
    unsigned maxConnections = connectionsFor(openFilesLimit());
    /// Of a connection: its head has to fit in, and a body comes in pieces of half of it.
    std::size_t bufferBytes = 256U << 10U;
    /// What the kernel takes in of a body while it is being dealt with, so that the sender goes on.
    int receiveBytes = 1 << 20;
    unsigned idleSeconds = 600;              ///< clients keep a connection open between two epochs
    std::int64_t headerPatienceMs = 15'000;  ///< for a request's head
    std::int64_t bodyPatienceMs = 30'000;    ///< for the first MiB of a body, and each further one
    /// For each 64 KiB of an answer that the client has to take: it may be at work with what it has got.
    std::int64_t answerPatienceMs = 120'000;
};

/// HTTP/1.1 over TCP with libmicrohttpd: a thread a connection, which sleeps while nothing comes; a head is
/// bounded, a body is handed on in pieces.
class HttpServer {
public:
    /// Called with the head of each request, on the connection's thread. Several at a time.
    using Handler = std::function<std::unique_ptr<BodySink>(RequestHead head)>;

    /// Listens from here on. Busy when the port is taken.
    static Result<std::unique_ptr<HttpServer>> start(const HttpOptions& options, Handler handler);
    HttpServer() = default;
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;
    /// Stops listening, and waits for the requests that are being answered.
    virtual ~HttpServer() = default;

    [[nodiscard]] virtual std::uint16_t port() const = 0;
};

}  // namespace runglass::tracking
