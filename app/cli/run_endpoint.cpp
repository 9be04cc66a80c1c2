// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_endpoint.h"

#include <cstdlib>

#include <fmt/format.h>

#include "foreign_artifacts.h"
#include "runglass/base/translate.h"
#include "runglass/tracking/server.h"
#include "runglass/tracking/standing_server.h"

namespace runglass::cli {

namespace {

/// Says whose MLFLOW_TRACKING_URI is in the environment: a run that is started by the script of another one
/// gets an endpoint of its own.
constexpr const char* kOwnUri = "RUNGLASS_TRACKING_URI";

std::string variable(const char* name) {
    const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets any here
    return value == nullptr ? std::string() : value;
}

/// Whether it is the address of what `runglass serve` offers for the same project, as people export it.
bool isStanding(const std::filesystem::path& project, std::string_view uri) {
    const auto standing = tracking::findStanding(project);
    while (uri.ends_with('/')) {
        uri.remove_suffix(1);
    }
    return standing && (uri == standing->uri || uri == fmt::format("http://localhost:{}", standing->port));
}

/// For a server of the person's own; a token that a run around this one has set is none.
bool hasCredentials() {
    const auto token = variable("MLFLOW_TRACKING_TOKEN");
    const bool ownToken = !token.empty() && !variable(kOwnUri).ends_with(token);
    return ownToken || !variable("MLFLOW_TRACKING_USERNAME").empty() ||
           !variable("MLFLOW_TRACKING_PASSWORD").empty();
}

class RunEndpoint final : public launch::ScriptEndpoint {
public:
    RunEndpoint(const std::filesystem::path& project, const RunId& run) {
        const auto given = variable("MLFLOW_TRACKING_URI");
        if (!given.empty() && given != variable(kOwnUri) && !isStanding(project, given)) {
            m_problem =
                tr("MLFLOW_TRACKING_URI was set when the run was launched: what the script logs with MLflow "
                   "goes there, "
                   "and not into this run. Unset it to have it here.");
            return;
        }
        m_options.project = project;
        m_options.run = run;
        m_options.token = tracking::makeToken();
        m_options.openReferenced = foreignArtifacts(project);
        m_options.clientFiles = clientFiles();
        auto server = tracking::Server::start(m_options);
        if (server.ok()) {
            m_server = std::move(server).value();
        } else {
            m_problem = tr("What the script logs with MLflow cannot be taken in. {}", server.error().message);
        }
    }

    void setGivenParams(const model::GivenParams& given) override {
        if (m_server) {
            m_server->setGivenParams(given);
        }
    }
    void setKeptRun(const model::RunDetail& run) override {
        if (m_server) {
            m_server->setKeptRun(run);
        }
    }
    [[nodiscard]] std::vector<model::Variable> environment() const override {
        if (!m_server) {
            return {};
        }
        auto variables = tracking::clientEnvironment(
            *m_server, m_options, {variable("NO_PROXY"), variable("no_proxy")}, hasCredentials());
        variables.emplace_back(kOwnUri, variables.front().second);
        return variables;
    }
    [[nodiscard]] std::string problem() const override { return m_problem; }
    [[nodiscard]] bool hasMetrics() const override { return m_server && m_server->hasMetrics(); }
    [[nodiscard]] bool isUsed() const override { return m_server && m_server->isUsed(); }

    [[nodiscard]] std::optional<model::RunStatus> toldFailure() const override {
        return m_server ? m_server->toldFailure() : std::nullopt;
    }
    void finish(model::RunStatus status, std::int64_t timeMs) override {
        if (m_server) {
            m_server->finish(status, timeMs);
        }
    }

private:
    tracking::ServerOptions m_options;
    std::unique_ptr<tracking::Server> m_server;
    std::string m_problem;
};

}  // namespace

std::unique_ptr<launch::ScriptEndpoint> makeRunEndpoint(const std::filesystem::path& project,
                                                        const RunId& run) {
    return std::make_unique<RunEndpoint>(project, run);
}

}  // namespace runglass::cli
