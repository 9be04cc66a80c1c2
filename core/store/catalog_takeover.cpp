// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/catalog_takeover.h"

#include <utility>

namespace runglass::store {

Result<void> CatalogTakeover::begin(ChangeWriter& changes, bool decides, std::int64_t patienceMs) {
    if (m_turn || (!decides && m_log.empty())) {
        return {};
    }
    RUNGLASS_ASSIGN(auto turn, m_log.turn(patienceMs));
    m_turn.emplace(std::move(turn));
    m_turn->readAgain();
    changes.beginLog();
    return m_turn->readOn([&](std::string_view record) { return changes.restore(record); });
}

void CatalogTakeover::end(bool committed) {
    if (m_turn && committed) {
        m_turn->clear();
    }
    m_turn.reset();
}

}  // namespace runglass::store
