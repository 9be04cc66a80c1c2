// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "runglass/store/change_writer.h"
#include "runglass/store/database.h"
#include "runglass/store/run_reader.h"
#include "runglass/store/run_writer.h"
#include "runglass/store/series_book.h"
#include "runglass/store/tracked_runs.h"

namespace runglass::test {

/// A project's run database with all that writes changes of runs into it.
struct ChangeSession {
    explicit ChangeSession(const std::filesystem::path& project)
        : database(*store::Database::open(project, store::OpenMode::ReadWrite)) {}
    store::Database database;
    store::RunWriter writer{database};
    store::RunReader reader{database};
    store::TrackedRuns tracked{database};
    store::SeriesBook series{database, writer, reader, tracked};
    store::ChangeWriter changes{database, series};
};

}  // namespace runglass::test
