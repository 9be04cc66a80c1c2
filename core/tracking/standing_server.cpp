// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/tracking/standing_server.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>

#include <fmt/format.h>

#include "fields.h"
#include "json_out.h"
#include "runglass/base/clock.h"
#include "runglass/base/file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "runglass/store/layout.h"

namespace runglass::tracking {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kStopPatienceMs = 10'000;
constexpr std::int64_t kLookPatienceMs = 200;

fs::path fileOf(const fs::path& project) {
    return store::Layout(project).root() / "serve.json";
}

std::string describe(const Server& server, const ServerOptions& options) {
    JsonOut out;
    out.beginObject();
    out.integer("pid", ::getpid());
    out.text("uri", server.uri());
    out.integer("port", server.port());
    out.integer("started_ms", nowMs());
    out.boolean("needs_token", !options.token.empty());
    out.endObject();
    return std::move(out).take() + "\n";
}

/// The file keeps its place (it is the lock), so it is written in one go rather than replaced.
Result<void> writeInto(int file, const std::string& text, const fs::path& path) {
    if (::ftruncate(file, 0) != 0 ||
        ::pwrite(file, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
        return errorFromErrno(errno, tr("The endpoint cannot be made known."), path);
    }
    return {};
}

Standing read(int file) {
    std::array<char, 4096> buffer{};
    const auto size = ::pread(file, buffer.data(), buffer.size(), 0);
    Standing standing;
    if (size > 0) {
        const JsonBody body(std::string(buffer.data(), static_cast<std::size_t>(size)));
        standing.pid = static_cast<int>(body.fields().integer("pid").valueOr({}).value_or(0));
        standing.uri = std::string(body.fields().text("uri").valueOr({}));
        standing.port = static_cast<std::uint16_t>(body.fields().integer("port").valueOr({}).value_or(0));
        standing.startedMs = body.fields().integer("started_ms").valueOr({}).value_or(0);
        standing.needsToken = body.fields().boolean("needs_token").valueOr(false);
    }
    return standing;
}

Error alreadyThere(const fs::path& project, const Standing& standing) {
    return {ErrorCode::Exists,
            tr("{} is served already, at {} (process {}). runglass serve --stop ends that.",
               toValidUtf8(project.native()), standing.uri, standing.pid),
            {}};
}

/// A server holds the lock as long as it stands; findStanding(), in any window, for an instant.
bool takeLock(int file) {
    const auto end = nowMs() + kLookPatienceMs;
    while (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        if (nowMs() >= end) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

}  // namespace

Result<StandingServer> StandingServer::start(const ServerOptions& options) {
    RUNGLASS_TRY(store::Layout(options.project).ensure());
    const auto path = fileOf(options.project);
    FileDescriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!lock.valid()) {
        return errorFromErrno(errno, tr("The endpoint cannot be made known."), path);
    }
    if (!takeLock(lock.get())) {
        return alreadyThere(options.project, read(lock.get()));
    }
    RUNGLASS_ASSIGN(auto server, Server::start(options));
    RUNGLASS_TRY(writeInto(lock.get(), describe(*server, options), path));
    return StandingServer(std::move(lock), std::move(server));
}

std::optional<Standing> findStanding(const fs::path& project) {
    const FileDescriptor file(::open(fileOf(project).c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.valid() || ::flock(file.get(), LOCK_SH | LOCK_NB) == 0) {
        return std::nullopt;
    }
    auto standing = read(file.get());
    return standing.pid > 0 ? std::optional(std::move(standing)) : std::nullopt;
}

Result<std::vector<store::UnansweredCall>> unansweredCalls(const fs::path& project) {
    auto database = store::Database::open(project, store::OpenMode::ReadOnly);
    if (!database.ok()) {
        return database.error().code == ErrorCode::NotFound
                   ? std::vector<store::UnansweredCall>()
                   : Result<std::vector<store::UnansweredCall>>(database.error());
    }
    return store::TrackedRuns(*database).unanswered();
}

Result<void> forgetUnansweredCalls(const fs::path& project) {
    RUNGLASS_ASSIGN(auto database, store::Database::open(project, store::OpenMode::ReadWrite));
    return store::TrackedRuns(database).forgetUnanswered();
}

Result<void> stopStanding(const fs::path& project) {
    const auto standing = findStanding(project);
    if (!standing) {
        return Error{ErrorCode::NotFound, tr("{} is not served.", toValidUtf8(project.native())), {}};
    }
    if (::kill(standing->pid, SIGTERM) != 0 && errno != ESRCH) {
        return errorFromErrno(errno, tr("The endpoint cannot be stopped."), fileOf(project));
    }
    const auto deadline = monotonicMs() + kStopPatienceMs;
    while (findStanding(project)) {
        if (monotonicMs() > deadline) {
            return Error{ErrorCode::Busy, tr("The endpoint (process {}) does not end.", standing->pid), {}};
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return {};
}

}  // namespace runglass::tracking
