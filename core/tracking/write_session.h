// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "read_session.h"
#include "runglass/store/aside_watch.h"
#include "runglass/store/catalog_takeover.h"
#include "runglass/store/change_writer.h"
#include "runglass/store/checkpointer.h"
#include "runglass/store/run_writer.h"
#include "runglass/store/runs_takeover.h"
#include "runglass/store/series_book.h"

namespace runglass::tracking {

/// What a request has in hand while it writes.
struct WriteSession : ReadSession {
    explicit WriteSession(store::Database opened)
        : ReadSession(std::move(opened))
        , writer(database)
        , book(database, writer, reader, tracked)
        , changes(database, book)
        , takeover(database.project())
        , runs(database.project())
        , watch(database.project())
        , checkpointer(database) {}

    store::RunWriter writer;
    store::SeriesBook book;
    store::ChangeWriter changes;
    store::CatalogTakeover takeover;
    store::RunsTakeover runs;
    store::AsideWatch watch;
    store::Checkpointer checkpointer;
};

}  // namespace runglass::tracking
