// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "runglass/store/experiments.h"
#include "runglass/store/run_reader.h"
#include "runglass/store/run_writer.h"
#include "runglass/store/tracked_runs.h"
#include "series_book.h"

namespace runglass::tracking {

/// What a request has in hand while it writes.
struct WriteSession {
    explicit WriteSession(store::Database& opened)
        : database(opened)
        , writer(opened)
        , reader(opened)
        , tracked(opened)
        , experiments(opened)
        , series(writer, reader, tracked) {}

    store::Database& database;
    store::RunWriter writer;
    store::RunReader reader;
    store::TrackedRuns tracked;
    store::Experiments experiments;
    SeriesBook series;
};

}  // namespace runglass::tracking
