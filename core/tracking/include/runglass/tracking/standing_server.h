// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runglass/base/file_descriptor.h"
#include "runglass/store/tracked_runs.h"
#include "runglass/tracking/server.h"

namespace runglass::tracking {

/// A Server that stands for itself (`runglass serve`), for scripts that are started elsewhere. A project has
/// one at a time; others find it by a file in `.runglass` that is locked as long as it lives, however it
/// ends.
class StandingServer {
public:
    /// Exists when the project has one already; the message says where.
    static Result<StandingServer> start(const ServerOptions& options);

    [[nodiscard]] Server& server() { return *m_server; }

private:
    StandingServer(FileDescriptor lock, std::unique_ptr<Server> server)
        : m_lock(std::move(lock))
        , m_server(std::move(server)) {}
    FileDescriptor m_lock;
    std::unique_ptr<Server> m_server;
};

/// What is known of a project's standing server.
struct Standing {
    int pid = 0;
    std::string uri;
    std::uint16_t port = 0;
    std::int64_t startedMs = 0;
    bool needsToken = false;
};
/// Nothing when there is none. From any process; takes microseconds. To start one that outlives the caller,
/// run `runglass serve --detach --port N --project DIR`: it ends when the server listens, or has said why
/// not.
std::optional<Standing> findStanding(const std::filesystem::path& project);

/// Calls that clients made and that no endpoint of this project (of `runglass serve` or of a run) could
/// answer, newest first. From any process, whether one is running or not. Reads the database: not for the
/// GUI thread.
Result<std::vector<store::UnansweredCall>> unansweredCalls(const std::filesystem::path& project);

/// Begins to count anew. From any process; waits for the database. Not for the GUI thread.
Result<void> forgetUnansweredCalls(const std::filesystem::path& project);

/// Ends it, and waits until it is gone (at most ten seconds). NotFound when there is none; Busy when it does
/// not end.
Result<void> stopStanding(const std::filesystem::path& project);

}  // namespace runglass::tracking
