// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/file_descriptor.h"
#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/model/given_params.h"
#include "runglass/model/run_detail.h"

namespace runglass::tracking {

/// An artifact whose content is not in the project's store: a file, or the bytes of what is no file of its
/// own.
struct ReferencedContent {
    FileDescriptor file;
    std::uint64_t size = 0;  ///< of the file
    std::string bytes;
};
using OpenReferenced = std::function<Result<ReferencedContent>(const RunId& run, const model::Artifact&)>;

/// The files that a client has put itself where its experiment says, on this machine (store::clientFolder):
/// `location` is that of the experiment. Called on several threads.
struct ClientFiles {
    std::function<Result<std::vector<model::Artifact>>(std::string_view location, const RunId& run)> list;
    std::function<Result<ReferencedContent>(std::string_view location, const RunId& run,
                                            std::string_view path)>
        open;
};

struct ServerOptions {
    std::filesystem::path project;
    std::string address = "127.0.0.1";  ///< or one of IPv6, such as `::1`
    std::uint16_t port = 0;             ///< 0: any free one
    /// Asked of every call when it is not empty: as `Authorization: Bearer …`, as the password of Basic, or
    /// as a part of the path.
    std::string token;
    /// The run that the calling script was started for: the first run that it starts is this one.
    std::optional<RunId> run;
    /// Finds the artifacts of imported runs where the tool that made them has left them; NotFound where they
    /// are no more. Called on several threads. Without it they have no content.
    OpenReferenced openReferenced = {};
    /// Without it those are not seen.
    ClientFiles clientFiles = {};
};

/// The MLflow-compatible endpoint of a project: what scripts log with an unchanged MLflow client is written
/// into the run database as everything else. Answers on threads of its own. What it has acknowledged survives
/// the death of any process and is read back at once; it is written once nobody else holds the database.
class Server {
public:
    /// Listens from here on; the database is opened with the first call. Busy when the port is taken.
    static Result<std::unique_ptr<Server>> start(const ServerOptions& options);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    /// Stops listening and finishes the calls that are being answered.
    ~Server();

    /// The params that the run which the script was started for has already. To be told before it starts.
    void setGivenParams(model::GivenParams given);

    /// The run that the script was started for, when another program has held the run database since before
    /// it could be made. To be told before the script starts.
    void setKeptRun(const model::RunDetail& run);

    [[nodiscard]] std::uint16_t port() const;
    /// `http://127.0.0.1:PORT`, `http://[::1]:PORT`
    [[nodiscard]] std::string uri() const;
    /// Whether the script has logged a metric to the run that it was started for.
    [[nodiscard]] bool hasMetrics() const;
    /// Whether the script has begun a run, or logged to that one.
    [[nodiscard]] bool isUsed() const;
    /// How the script has said that the run which it was started for ended, if that is not well.
    [[nodiscard]] std::optional<model::RunStatus> toldFailure() const;
    /// Stops listening, and ends the runs that the script has begun besides and left open.
    void finish(model::RunStatus status, std::int64_t timeMs);
    /// Gives back memory that nobody has needed for a while; to be called now and then.
    void relax();

private:
    class Impl;
    explicit Server(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// Whether it is an address, of IPv4 or IPv6, that other machines cannot reach.
bool isLoopback(std::string_view address);

/// What the environment says already of hosts that no proxy is asked for. Clients differ in which they read.
struct NoProxy {
    std::string upper;  ///< NO_PROXY
    std::string lower;  ///< no_proxy
};

/// What NO_PROXY says, and that loopback is one more. (`*` means every host, but only where it stands alone.)
std::string withLoopback(std::string_view noProxy);

/// What the environment of a script needs so that an unchanged MLflow client finds the server; proxies are
/// passed by.
///
/// No MLFLOW_RUN_ID: a client that has it asks the store that the script chooses for that run, which need not
/// be this one, and ends when the script has set another experiment. Without it, the first runs/create is
/// answered with the run that was made for the script, and brings experiment, name and tags along.
///
/// The token is a part of the address, as a prefix of the path, which every client from 1.x on keeps for all
/// of its calls. Clients before 1.24 send no credentials with artifacts; those before the @ of an address
/// some clients lose with artifacts, and a .netrc wins over them. For programs that read the host and the
/// port of the address alone the token is in MLFLOW_TRACKING_TOKEN, too, unless the person has credentials
/// for a server of theirs, in whose place it must not be.
std::vector<model::Variable> clientEnvironment(const Server& server, const ServerOptions& options,
                                               const NoProxy& noProxy, bool hasCredentials);

/// A secret that nobody guesses: 64 hex digits from the system's random source.
std::string makeToken();

}  // namespace runglass::tracking
