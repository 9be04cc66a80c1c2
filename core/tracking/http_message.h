// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runglass/base/file_descriptor.h"

namespace runglass::tracking {

enum class Method { Get, Post, Put, Patch, Delete, Other };

/// The head of a request: everything but its body.
struct RequestHead {
    Method method = Method::Other;
    std::string methodName;
    std::string path;  ///< percent-decoded once, without the query
    std::vector<std::pair<std::string, std::string>> query;
    std::string host;
    std::string origin;
    std::string authorization;
    std::string contentType;
    std::string client;                          ///< User-Agent
    std::optional<std::uint64_t> contentLength;  ///< nothing for chunked bodies
};

struct Response {
    int status = 200;
    std::string contentType = "application/json";
    std::string body;
    FileDescriptor file;  ///< sent instead of the body when valid
    std::uint64_t fileSize = 0;
    std::string downloadName;  ///< of the file
    bool closeAfter = false;
};

/// Takes a body in pieces. Called on the thread of its connection, which waits: a slow disk slows this client
/// alone, by TCP.
class BodySink {
public:
    BodySink() = default;
    BodySink(const BodySink&) = delete;
    BodySink& operator=(const BodySink&) = delete;
    virtual ~BodySink() = default;
    /// False when no more is wanted: finish() is called then, and the connection is closed after the answer.
    virtual bool take(std::string_view piece) = 0;
    /// The body is complete (or no longer wanted); makes the answer. Not called when the client vanishes.
    virtual Response finish() = 0;
};

}  // namespace runglass::tracking
