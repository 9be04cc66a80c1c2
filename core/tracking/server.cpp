// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/tracking/server.h"

#include <fmt/format.h>

#include "endpoint.h"
#include "http_server.h"
#include "listen_address.h"
#include "runglass/base/text.h"
#include "service.h"

namespace runglass::tracking {

class Server::Impl {
public:
    explicit Impl(const ServerOptions& options)
        : m_service(options.project, options.run, options.openReferenced, options.clientFiles)
        , m_endpoint(m_service, Access(options.token, options.address))
        , m_address(options.address) {}

    Result<void> listen(const ServerOptions& options) {
        HttpOptions http;
        http.address = options.address;
        http.port = options.port;
        RUNGLASS_ASSIGN(m_http, HttpServer::start(http, [this](RequestHead head) {
                            return m_endpoint.begin(std::move(head));
                        }));
        return {};
    }

    void setGivenParams(model::GivenParams given) { m_service.ownRun().setGiven(std::move(given)); }
    void setKeptRun(const model::RunDetail& run) {
        // Where it fails, the script's calls are answered like those of a run that is no more.
        [[maybe_unused]] const auto made = m_service.makeKept(run);
    }
    [[nodiscard]] std::optional<model::RunStatus> toldFailure() {
        const auto status = m_service.ownRun().told().status;
        const bool isFailure = status == model::RunStatus::Failed || status == model::RunStatus::Killed;
        return isFailure ? status : std::nullopt;
    }
    void finish(model::RunStatus status, std::int64_t timeMs) {
        m_http.reset();
        m_service.endBegunRuns(status, timeMs);
    }
    [[nodiscard]] bool hasMetrics() { return m_service.ownRun().hasMetrics(); }
    [[nodiscard]] bool isUsed() { return m_service.ownRun().isUsed(); }
    void relax() { m_service.runs().forgetIfIdle(); }
    [[nodiscard]] std::uint16_t port() const { return m_http->port(); }
    [[nodiscard]] std::string uri() const {
        const auto address = ListenAddress::parse(m_address, port());
        return fmt::format("http://{}:{}", address ? address->host() : m_address, port());
    }

private:
    Service m_service;
    Endpoint m_endpoint;
    std::string m_address;
    std::unique_ptr<HttpServer> m_http;  // goes first: its threads use the others
};

Server::Server(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options) {
    auto impl = std::make_unique<Impl>(options);
    RUNGLASS_TRY(impl->listen(options));
    return std::unique_ptr<Server>(new Server(std::move(impl)));
}

void Server::setGivenParams(model::GivenParams given) {
    m_impl->setGivenParams(std::move(given));
}

void Server::setKeptRun(const model::RunDetail& run) {
    m_impl->setKeptRun(run);
}

std::uint16_t Server::port() const {
    return m_impl->port();
}

std::string Server::uri() const {
    return m_impl->uri();
}

bool Server::hasMetrics() const {
    return m_impl->hasMetrics();
}

bool Server::isUsed() const {
    return m_impl->isUsed();
}

std::optional<model::RunStatus> Server::toldFailure() const {
    return m_impl->toldFailure();
}

void Server::finish(model::RunStatus status, std::int64_t timeMs) {
    m_impl->finish(status, timeMs);
}

void Server::relax() {
    m_impl->relax();
}

std::string withLoopback(std::string_view noProxy) {
    constexpr std::string_view kLoopback = "127.0.0.1,localhost";
    const auto hosts = trimmed(noProxy);
    if (hosts.empty() || hosts == "*") {
        return std::string(hosts.empty() ? kLoopback : hosts);
    }
    return fmt::format("{},{}", hosts, kLoopback);
}

std::vector<model::Variable> clientEnvironment(const Server& server, const ServerOptions& options,
                                               const NoProxy& noProxy, bool hasCredentials) {
    const auto& [upper, lower] = noProxy;
    const auto uri = options.token.empty() ? server.uri() : fmt::format("{}/{}", server.uri(), options.token);
    std::vector<model::Variable> variables{{"MLFLOW_TRACKING_URI", uri},
                                           {"NO_PROXY", withLoopback(upper.empty() ? lower : upper)},
                                           {"no_proxy", withLoopback(lower.empty() ? upper : lower)},
                                           {"MLFLOW_DISABLE_TELEMETRY", "true"}};
    if (!options.token.empty() && !hasCredentials) {
        variables.emplace_back("MLFLOW_TRACKING_TOKEN", options.token);
    }
    return variables;
}

std::string makeToken() {
    return RunId::generate().hex() + RunId::generate().hex();
}

}  // namespace runglass::tracking
