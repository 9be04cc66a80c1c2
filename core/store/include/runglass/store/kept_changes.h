// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/base/run_id.h"
#include "runglass/model/run.h"
#include "runglass/model/run_detail.h"
#include "runglass/model/series.h"
#include "runglass/store/aside_follower.h"
#include "runglass/store/database.h"
#include "runglass/store/run_change.h"

namespace runglass::store {

/// What scripts have logged of runs and another program keeps out of the run database, for those that only
/// look: the runs as they will be. (Endpoints have their own, stricter view: for them acknowledged means
/// there.) For a moment, when it has just been written, points may count twice. Same thread only.
class KeptChanges {
public:
    explicit KeptChanges(const std::filesystem::path& project)
        : m_follower(project) {}

    /// Looks what has come, or gone into the database; true when anything has. To be called before the
    /// database is read, and cheap where there is nothing.
    bool poll();
    [[nodiscard]] bool empty() const { return m_calls == 0; }
    [[nodiscard]] std::size_t calls() const { return m_calls; }
    /// Whether something is kept of the run.
    [[nodiscard]] bool concerns(const RunId& id) const { return m_runs.contains(id); }

    /// `stored` as it will be; unchanged records are shared.
    [[nodiscard]] model::SharedRunTable over(const model::SharedRunTable& stored, Database& database) const;
    /// A run as it will be; nothing for one that will not be there. `stored` is as the database has it.
    [[nodiscard]] std::optional<model::RunDetail> detail(const RunId& id,
                                                         std::optional<model::RunDetail> stored,
                                                         Database& database) const;
    /// The points of a series that are not in the database, in order of arrival; null without any.
    [[nodiscard]] const std::vector<model::Point>* points(const RunId& id, std::string_view key) const;

private:
    struct Run {
        std::optional<model::RunDetail> made;  ///< a launched one that is itself kept
        std::vector<RunChange> changes;        ///< without their points
        std::map<std::string, std::vector<model::Point>, std::less<>> points;
        std::size_t order = 0;
        [[nodiscard]] bool isNew() const { return made || (!changes.empty() && changes.front().isNew); }
    };

    void take(std::string_view record);
    Run& runOf(const RunId& id);
    void apply(model::RunRecord& record, const Run& run, bool isStored, Database& database) const;
    [[nodiscard]] Symbol experimentOf(const RunChange& change, Database& database) const;

    AsideFollower m_follower;
    std::map<RunId, Run> m_runs;
    std::map<std::int64_t, std::string> m_experiments;  ///< names of those that are kept, by number
    std::size_t m_calls = 0;
};

}  // namespace runglass::store
