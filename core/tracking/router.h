// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "fields.h"
#include "http_message.h"
#include "json_out.h"
#include "runglass/base/result.h"
#include "service.h"

namespace runglass::tracking {

/// One call of an endpoint.
struct Call {
    const RequestHead& head;
    const Fields& fields;
    const std::vector<std::string>& parts;  ///< what stood for the `*` of the route's path
    Service& service;
};

using Handler = std::function<Result<Response>(const Call&)>;
/// For bodies that are not kept in memory.
using Upload =
    std::function<std::unique_ptr<BodySink>(const RequestHead&, std::vector<std::string> parts, Service&)>;

struct Route {
    Method method = Method::Get;
    std::string pattern;
    Handler handler;
    Upload upload;  ///< instead of handler
};

/// Which handler answers which path. A path is written below the service's prefixes: `runs/get` stands for
/// /api/2.0/mlflow/runs/get, /ajax-api/2.0/mlflow/runs/get and the preview alias of old clients. `*` stands
/// for one part of a path, `**` at the end for all the rest.
class Router {
public:
    void add(Method method, std::string pattern, Handler handler);
    void addUpload(Method method, std::string pattern, Upload upload);

    struct Found {
        const Route* route = nullptr;
        std::vector<std::string> parts;
    };
    /// Nothing when no route has this path and method.
    [[nodiscard]] std::optional<Found> find(Method method, std::string_view path) const;

    /// `/prefix/api/2.0/mlflow/runs/get` to `runs/get`; other paths without the slash at the front.
    static std::string_view withinService(std::string_view path);
    /// The path of a call that nothing answers, without its ids, so that all of a kind count as one; empty
    /// for what browsers ask for by themselves.
    static std::string countedPath(std::string_view path);

private:
    std::unordered_map<std::string, std::vector<Route>> m_exact;
    std::vector<Route> m_patterns;
};

Response jsonResponse(JsonOut&& out);
/// `{}`.
Response emptyResponse();

void addExperimentRoutes(Router& router);
void addRunRoutes(Router& router);
void addLoggingRoutes(Router& router);
void addSearchRoutes(Router& router);
void addMetricRoutes(Router& router);
void addInputRoutes(Router& router);
void addArtifactRoutes(Router& router);
void addLoggedModelRoutes(Router& router);
void addRegistryRoutes(Router& router);
void addModelVersionRoutes(Router& router);
void addServerRoutes(Router& router);

}  // namespace runglass::tracking
