// SPDX-License-Identifier: GPL-3.0-or-later
#include "holder_watch.h"

#include <utility>

#include "runglass/base/clock.h"
#include "runglass/store/database_holder.h"

namespace runglass::ui {
namespace {

constexpr std::int64_t kLongMs = 1000;

}  // namespace

std::optional<std::string> HolderWatch::changed(bool waiting) {
    const auto now = monotonicMs();
    if (!waiting) {
        m_sinceMs = 0;
    } else if (m_sinceMs == 0) {
        m_sinceMs = now;
    }
    const bool isLong = m_sinceMs != 0 && now - m_sinceMs > kLongMs;
    if (isLong == !m_holder.empty() && now - m_askedMs < kLongMs) {
        return std::nullopt;
    }
    m_askedMs = now;
    auto holder = isLong ? store::databaseHolderOrUnknown(m_project) : std::string();
    if (holder == m_holder) {
        return std::nullopt;
    }
    m_holder = std::move(holder);
    return m_holder;
}

}  // namespace runglass::ui
