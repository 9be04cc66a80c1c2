// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/model/run.h"
#include "runglass/sources/catalogue.h"
#include "runglass/store/marks.h"

namespace runglass::sources {

/// Makes the one table of a project out of the runs of its run database and those of other tools, with what a
/// person has said of the latter over them. A foreign run whose id the run database has (it was imported) is
/// left out. What launched runs have written with other tools completes their records. Keeps what it made, so
/// that an unchanged run is the same object in the next table.
class RunTableBuilder {
public:
    enum class Order {
        ByStart,  ///< oldest first, as all tables
        Kept,     ///< the runs of the last table stay in their places, what is new comes after them
    };

    model::SharedRunTable build(const model::SharedRunTable& own, const SharedForeignRuns& foreign,
                                const std::vector<store::Mark>& marks, Order order);

private:
    struct Marked {
        model::SharedRun base;
        store::Mark mark;
        model::SharedRun record;
    };
    struct Completed {
        model::SharedRun own;
        model::SharedRun attached;
        model::SharedRun record;
    };
    model::SharedRun marked(const model::SharedRun& run, const store::Mark& mark);
    model::SharedRun completed(const model::SharedRun& own, const model::SharedRun& attached);
    model::RunList completed(const model::RunList& own, const ForeignRuns& foreign);

    std::unordered_map<RunId, Marked> m_marked;
    std::unordered_map<RunId, Completed> m_completed;
    model::SharedRunTable m_last;
};

/// The table of a project, read once: loads the catalogue where that has not been done.
Result<model::SharedRunTable> readRunTable(const std::filesystem::path& project, Catalogue& catalogue);

/// A full id, a unique prefix of at least 4 digits, or the exact name of exactly one run. NotFound and
/// Ambiguous errors name the candidates.
Result<RunId> resolveRun(const model::RunTable& table, std::string_view idOrName);

}  // namespace runglass::sources
