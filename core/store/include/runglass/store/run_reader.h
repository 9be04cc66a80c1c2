// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/model/run_detail.h"
#include "runglass/store/database.h"

namespace runglass::store {

/// What changed since a revision: new or changed records, and runs deleted for good.
struct RunChanges {
    std::int64_t revision = 0;
    std::vector<model::SharedRun> changed;
    std::vector<RunId> deleted;
};

/// Reads runs out of a Database. Borrows it; same thread only.
class RunReader {
public:
    explicit RunReader(Database& database)
        : m_database(&database) {}

    /// Grows with every committed change of any process. Costs microseconds: meant for polling.
    [[nodiscard]] Result<std::int64_t> revision();

    /// Every run with params, tags and metric summaries; reads no points.
    [[nodiscard]] Result<model::SharedRunTable> runTable(std::stop_token stop = {});
    /// The records that changed after `revision`.
    [[nodiscard]] Result<RunChanges> changesSince(std::int64_t revision);
    /// `table` with `changes` applied; unchanged records are shared, not copied.
    static model::SharedRunTable apply(const model::SharedRunTable& table, const RunChanges& changes);

    /// Whether the database has a run of this id.
    [[nodiscard]] Result<bool> contains(const RunId& id);
    [[nodiscard]] Result<model::RunDetail> detail(const RunId& id);

    /// Points of one series from the `from`-th on, in order of arrival, bit for bit. NotFound when the run
    /// has no such metric. A growing series is followed by asking again with `from` = number already read.
    [[nodiscard]] Result<model::Series> series(const RunId& id, std::string_view key, std::size_t from = 0,
                                               std::stop_token stop = {});

    /// A full id, a unique prefix of at least 4 digits, or the exact name of exactly one run. NotFound and
    /// Ambiguous errors name the candidates.
    [[nodiscard]] Result<RunId> resolve(std::string_view idOrName);

private:
    Database* m_database;
};

}  // namespace runglass::store
