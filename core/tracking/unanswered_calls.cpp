// SPDX-License-Identifier: GPL-3.0-or-later
#include "unanswered_calls.h"

#include <algorithm>
#include <utility>

namespace runglass::tracking {

namespace {

constexpr std::size_t kMostWaiting = 100;

}  // namespace

void UnansweredCalls::add(store::UnansweredCall call) {
    const std::lock_guard lock(m_mutex);
    const auto same = std::find_if(m_waiting.begin(), m_waiting.end(), [&](const auto& other) {
        return other.method == call.method && other.path == call.path;
    });
    if (same != m_waiting.end()) {
        same->count += call.count;
        same->lastMs = std::max(same->lastMs, call.lastMs);
        same->client = std::move(call.client);
    } else if (m_waiting.size() < kMostWaiting) {
        m_waiting.push_back(std::move(call));
    }
}

Result<void> UnansweredCalls::write(store::TrackedRuns& tracked) {
    {
        const std::lock_guard lock(m_mutex);
        m_written = std::exchange(m_waiting, {});
    }
    for (const auto& call : m_written) {
        const auto counted = tracked.countUnanswered(call);
        if (!counted.ok() && counted.error().code == ErrorCode::Full) {
            return counted;
        }
        // Not being able to count calls otherwise is no reason to lose what is written with them.
    }
    return {};
}

void UnansweredCalls::end(bool isCommitted) {
    for (auto& call : std::exchange(m_written, {})) {
        if (!isCommitted) {
            add(std::move(call));
        }
    }
}

}  // namespace runglass::tracking
