// SPDX-License-Identifier: GPL-3.0-or-later
#include "line_counts.h"
#include "work_tree.h"

namespace runglass::git {

Result<std::vector<StatusEntry>> Repository::status(bool countLines, std::stop_token stop)
    const {  // NOLINT(performance-unnecessary-value-param): as all jobs
    RUNGLASS_ASSIGN(const auto scan, scanWorkTree(*this, true, stop));
    std::vector<StatusEntry> entries;
    entries.reserve(scan.changes.size());
    for (const auto& change : scan.changes) {
        entries.push_back(change.entry);
    }
    if (countLines) {
        RUNGLASS_TRY(countChangedLines(*this, entries, stop));
    }
    return entries;
}

}  // namespace runglass::git
