// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

#include "http_message.h"

namespace runglass::tracking {

/// How much of a body that nobody wants is read, so that the client gets to read why.
constexpr std::size_t kMostDiscarded = 64U << 20U;

/// The answer to a call that was refused by its head: lets the body go by, up to a point.
class RefusedSink final : public BodySink {
public:
    explicit RefusedSink(Response response)
        : m_response(std::move(response)) {}
    bool take(std::string_view piece) override {
        m_discarded += piece.size();
        return m_discarded <= kMostDiscarded;
    }
    Response finish() override { return std::move(m_response); }

private:
    Response m_response;
    std::size_t m_discarded = 0;
};

}  // namespace runglass::tracking
