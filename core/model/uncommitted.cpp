// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/model/uncommitted.h"

#include <algorithm>
#include <array>

namespace runglass::model {

namespace {

/// Tools that look at the work tree themselves, and whose silence therefore means that there were no changes.
constexpr std::array<std::string_view, 3> kTellDirty{"dvc", "guild", "sacred"};

}  // namespace

std::optional<bool> hadUncommittedChanges(const RunRecord& run) {
    if (run.git.commit.empty()) {
        return std::nullopt;
    }
    // A snapshot equals the commit where there was nothing to add.
    const auto dirtyTag = Symbol::find("mlflow.source.git.dirty");
    const bool told = !run.git.snapshot.empty() || (!dirtyTag.empty() && run.tag(dirtyTag)) ||
                      std::ranges::find(kTellDirty, run.source.text()) != kTellDirty.end();
    return run.git.dirty || told ? std::optional(run.git.dirty) : std::nullopt;
}

}  // namespace runglass::model
