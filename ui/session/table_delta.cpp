// SPDX-License-Identifier: GPL-3.0-or-later
#include "table_delta.h"

namespace runglass::ui {

RunsDelta everything() {
    RunsDelta delta;
    delta.reset = true;
    return delta;
}

RunsDelta between(const model::RunTable& last, const model::RunTable& next) {
    RunsDelta delta;
    for (const model::SharedRun& run : next.runs) {
        const auto before = last.runs.find(run->id);
        if (!before) {
            delta.added.push_back(run->id);
        } else if (last.runs[*before] != run) {
            delta.changed.push_back(run->id);
        }
    }
    if (last.runs.size() + delta.added.size() > next.runs.size()) {
        for (const model::SharedRun& run : last.runs) {
            if (!next.runs.find(run->id)) {
                delta.removed.push_back(run->id);
            }
        }
    }
    return delta;
}

bool isNothing(const RunsDelta& delta) {
    return !delta.reset && delta.changed.empty() && delta.added.empty() && delta.removed.empty();
}

}  // namespace runglass::ui
