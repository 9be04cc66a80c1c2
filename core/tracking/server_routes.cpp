// SPDX-License-Identifier: GPL-3.0-or-later
#include "router.h"

namespace runglass::tracking {

namespace {

/// The version of MLflow whose protocol this is; clients compare it (PEP 440).
constexpr std::string_view kProtocolVersion = "3.11.1";

Response textResponse(std::string_view text) {
    Response response;
    response.contentType = "text/plain; charset=utf-8";
    response.body = text;
    return response;
}

Result<Response> serverInfo(const Call& /*call*/) {
    JsonOut out;
    out.beginObject();
    out.text("store_type", "SqlStore");
    out.boolean("workspaces_enabled", false);
    out.endObject();
    return jsonResponse(std::move(out));
}

}  // namespace

void addServerRoutes(Router& router) {
    router.add(Method::Get, "health",
               [](const Call& /*call*/) -> Result<Response> { return textResponse("OK"); });
    router.add(Method::Get, "version",
               [](const Call& /*call*/) -> Result<Response> { return textResponse(kProtocolVersion); });
    router.add(Method::Get, "server-info", serverInfo);
}

}  // namespace runglass::tracking
