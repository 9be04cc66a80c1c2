// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "runglass/base/result.h"
#include "runglass/store/catalog_log.h"
#include "runglass/store/change_writer.h"

namespace runglass::store {

/// Brings what lies aside of the catalog into the run database, whoever put it there: what is written behind
/// builds on it. Same thread only.
class CatalogTakeover {
public:
    explicit CatalogTakeover(const std::filesystem::path& project)
        : m_log(project) {}

    [[nodiscard]] bool empty() const { return m_log.empty(); }
    /// Within the transaction: has the turn from now on, and writes what lies there. Without `decides` only
    /// when something does. Busy when another has the turn for longer.
    [[nodiscard]] Result<void> begin(ChangeWriter& changes, bool decides, std::int64_t patienceMs);
    /// Whether nobody else decides meanwhile.
    [[nodiscard]] bool hasTurn() const { return m_turn.has_value(); }
    /// After the transaction, however it ended.
    void end(bool committed);

private:
    CatalogLog m_log;
    std::optional<CatalogLog::Turn> m_turn;
};

}  // namespace runglass::store
