// SPDX-License-Identifier: GPL-3.0-or-later
#include "endpoint.h"

#include <algorithm>
#include <exception>

#include <fmt/format.h>

#include "protocol_error.h"
#include "refused_sink.h"
#include "runglass/base/clock.h"
#include "runglass/base/text.h"

namespace runglass::tracking {

namespace {

constexpr std::size_t kMostInMemory = 64U << 20U;
constexpr std::size_t kLargestBody = 32U << 20U;  // a dataset's profile may have 16 MiB
/// Small bodies do not ask for room: a connection may hold this much at any time.
constexpr std::size_t kFreeBody = 128U << 10U;

bool isJson(std::string_view contentType) {
    const auto type = trimmed(contentType.substr(0, contentType.find(';')));
    constexpr std::string_view kJson = "application/json";
    return type.size() == kJson.size() && startsWithIgnoringCase(type, kJson);
}

Response tooLarge() {
    auto response = errorResponse(413, "INVALID_PARAMETER_VALUE",
                                  fmt::format("The body is larger than {} MiB.", kLargestBody >> 20U));
    response.closeAfter = true;
    return response;
}

}  // namespace

class Endpoint::CallSink final : public BodySink {
public:
    CallSink(Endpoint& endpoint, RequestHead head, Router::Found found)
        : m_endpoint(&endpoint)
        , m_head(std::move(head))
        , m_found(std::move(found)) {}
    ~CallSink() override { release(); }

    bool take(std::string_view piece) override {
        if (m_refused || m_body.size() + piece.size() > kLargestBody || !reserve(piece.size())) {
            release();
            m_refused = true;
            m_discarded += piece.size();
            return m_discarded <= kMostDiscarded;
        }
        m_body += piece;
        return true;
    }

    Response finish() override {
        if (m_refused) {
            return m_noRoom ? errorResponse(429, "REQUEST_LIMIT_EXCEEDED",
                                            "Too much is being sent at once. Try again.")
                            : tooLarge();
        }
        try {
            auto answer = m_head.method == Method::Get ? handle(Fields(m_head.query)) : handleBody();
            return answer.ok() ? std::move(answer).value() : errorResponse(answer.error());
        } catch (const std::bad_alloc&) {
            return errorResponse(429, "RESOURCE_EXHAUSTED", "There is not enough memory for this now.");
        } catch (const std::exception& failure) {
            return errorResponse(500, "INTERNAL_ERROR", failure.what());
        }
    }

private:
    Result<Response> handleBody() {
        if (!m_body.empty() && !isJson(m_head.contentType)) {
            return invalid(fmt::format(
                "Bad Request. Content-Type '{}' is not supported. Supported types: application/json.",
                toValidUtf8(m_head.contentType)));
        }
        const JsonBody body(std::move(m_body));
        if (body.refusal()) {
            return *body.refusal();
        }
        return handle(body.fields());
    }

    Result<Response> handle(const Fields& fields) {
        return m_found.route->handler({m_head, fields, m_found.parts, *m_endpoint->m_service});
    }

    /// Room for what a body takes beyond the free part; its decoded form takes several times as much.
    bool reserve(std::size_t more) {
        const auto size = m_body.size() + more;
        if (size <= kFreeBody + m_reserved) {
            return true;
        }
        const auto step = std::max(more, m_body.size());  // doubles, like the body's own memory
        if (!m_endpoint->m_memory.take(step)) {
            m_noRoom = true;
            return false;
        }
        m_reserved += step;
        return true;
    }
    void release() {
        m_endpoint->m_memory.giveBack(m_reserved);
        m_reserved = 0;
        m_body = std::string();
    }

    Endpoint* m_endpoint;
    RequestHead m_head;
    Router::Found m_found;
    std::string m_body;
    std::size_t m_reserved = 0;
    std::size_t m_discarded = 0;
    bool m_refused = false;
    bool m_noRoom = false;
};

Endpoint::Endpoint(Service& service, Access access)
    : m_service(&service)
    , m_access(std::move(access))
    , m_memory(kMostInMemory) {
    addExperimentRoutes(m_router);
    addRunRoutes(m_router);
    addLoggingRoutes(m_router);
    addSearchRoutes(m_router);
    addMetricRoutes(m_router);
    addInputRoutes(m_router);
    addArtifactRoutes(m_router);
    addLoggedModelRoutes(m_router);
    addRegistryRoutes(m_router);
    addModelVersionRoutes(m_router);
    addServerRoutes(m_router);
}

std::unique_ptr<BodySink> Endpoint::begin(RequestHead head) {
    m_service->runs().forgetIfIdle();
    if (auto refusal = m_access.refusal(head)) {
        return std::make_unique<RefusedSink>(std::move(*refusal));
    }
    auto found = m_router.find(head.method, head.path);
    if (!found) {
        countUnanswered(head);
        return std::make_unique<RefusedSink>(errorResponse(
            404, "ENDPOINT_NOT_FOUND",
            fmt::format("Runglass has no {} {}.", head.methodName, toValidUtf8(head.path.substr(0, 200)))));
    }
    if (found->route->upload) {
        return found->route->upload(head, std::move(found->parts), *m_service);
    }
    if (head.contentLength.value_or(0) > kLargestBody) {
        return std::make_unique<RefusedSink>(tooLarge());
    }
    return std::make_unique<CallSink>(*this, std::move(head), std::move(*found));
}

void Endpoint::countUnanswered(const RequestHead& head) {
    const auto path = Router::countedPath(head.path);
    if (!path.empty()) {
        m_service->countUnanswered(
            {head.methodName.substr(0, 16), path, 1, nowMs(), toValidUtf8(head.client.substr(0, 100))});
    }
}

}  // namespace runglass::tracking
