// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QStringList>
#include <stop_token>

#include "fuzzy_match.h"
#include "runglass/model/run.h"

namespace runglass::ui {

struct FoundRun {
    model::SharedRun run;
    FuzzyHit hit;
    int score = 0;
};

/// The best `limit` runs whose name, id or experiment match; newer ones first among equals. For a worker: a
/// hundred thousand names take longer than a frame.
QList<FoundRun> findRuns(const model::RunTable& table, const QStringList& terms, int limit,
                         const std::stop_token& stop);

}  // namespace runglass::ui
