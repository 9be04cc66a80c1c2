// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/model/run.h"
#include "runglass/query/filter.h"
#include "runglass/store/tracked_runs.h"

namespace runglass::tracking {

/// The filter language knows no datasets; here a run can be asked for those that it read: `datasets.name`,
/// `datasets.digest` and `datasets.context` are laid out as tags under names that no tag has.
struct DatasetQuery {
    std::string text;
    bool asks = false;  ///< whether it asks for datasets at all
};
Result<DatasetQuery> datasetsAsTags(std::string_view filter);

/// Whether the run matches by one of its inputs: all that is said of datasets is said of the same one.
bool matchesByInput(const query::Filter& filter, const model::RunRecord& run,
                    const std::vector<store::RunInput>& inputs, std::int64_t nowMs);

/// The same for where a run's artifacts are: `artifact_uri` becomes a tag.
std::string artifactUriAsTag(std::string_view text);

}  // namespace runglass::tracking
