// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "access.h"
#include "http_message.h"
#include "memory_budget.h"
#include "router.h"
#include "service.h"

namespace runglass::tracking {

/// From the head of a request to its answer: who may call, which handler, what is in the body.
class Endpoint {
public:
    Endpoint(Service& service, Access access);

    /// The sink of a request's body. Thread-safe.
    [[nodiscard]] std::unique_ptr<BodySink> begin(RequestHead head);

private:
    class CallSink;
    void countUnanswered(const RequestHead& head);

    Service* m_service;
    Access m_access;
    Router m_router;
    MemoryBudget m_memory;
};

}  // namespace runglass::tracking
