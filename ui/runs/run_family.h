// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <unordered_set>
#include <vector>

#include "runglass/model/run.h"

namespace runglass::ui {

/// Which runs belong together because one was started inside the other: nested runs, sweeps. A family is
/// named by the id of its topmost run, which may itself be gone.
class RunFamilies {
public:
    /// Of all runs of `table`, which must outlive this.
    explicit RunFamilies(const model::RunTable& table);
    /// Nothing for a run that has no parent and is the parent of none.
    [[nodiscard]] std::optional<RunId> of(const model::RunRecord& run) const;

private:
    [[nodiscard]] RunId topOf(const RunId& parent) const;
    const model::RunTable& m_table;
    std::unordered_set<RunId> m_parents;
};

/// Those whose parent is `id`, newest first.
std::vector<RunId> childrenOf(const RunId& id, const model::RunTable& table);

}  // namespace runglass::ui
