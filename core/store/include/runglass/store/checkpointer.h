// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "runglass/store/database.h"

namespace runglass::store {

/// Copies the write-ahead log of a run database into its file beside the writer. SQLite by itself does so
/// within the commit that fills the log, which then waits for the disk, and every client with it. Here a
/// thread with a connection of its own copies while the writer goes on adding, and the writer copies only
/// the little that has come meanwhile, so that the log can begin anew (sqlite.org/wal.html, "Checkpointing").
class Checkpointer {
public:
    /// In pages of the log.
    struct Limits {
        int begin = 1000;   ///< so many to be copied are worth a beginning: as SQLite's own
        int finish = 3000;  ///< from here on the writer copies the rest, when the thread has left little,
        int rest = 200;     ///< at most this
        int most = 8000;    ///< with so many the writer waits: 64 MiB, which the log may keep of the disk
    };

    /// For the commits of `database`, which has to outlive this.
    explicit Checkpointer(const Database& database);
    Checkpointer(const Database& database, Limits limits);
    Checkpointer(const Checkpointer&) = delete;
    Checkpointer& operator=(const Checkpointer&) = delete;
    /// Waits for the copying that is under way.
    ~Checkpointer();

private:
    class Copying;
    std::unique_ptr<Copying> m_copying;
};

}  // namespace runglass::store
