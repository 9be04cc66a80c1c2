// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <type_traits>
#include <vector>

#include "runglass/store/database.h"
#include "runglass/store/experiments.h"
#include "runglass/store/run_reader.h"
#include "runglass/store/tracked_runs.h"

namespace runglass::tracking {

/// What a request has in hand while it reads.
struct ReadSession {
    explicit ReadSession(store::Database opened)
        : database(std::move(opened))
        , reader(database)
        , tracked(database)
        , experiments(database) {}

    store::Database database;
    store::RunReader reader;
    store::TrackedRuns tracked;
    store::Experiments experiments;
};

/// Readers for requests on several threads; one that is given back is used again. Readers never wait for
/// the writer. Thread-safe.
class ReaderPool {
public:
    explicit ReaderPool(std::filesystem::path project)
        : m_project(std::move(project)) {}

    template <typename Body>
    std::invoke_result_t<Body, ReadSession&> read(Body&& body) {
        RUNGLASS_ASSIGN(auto session, take());
        auto result = body(*session);
        giveBack(std::move(session));
        return result;
    }

private:
    Result<std::unique_ptr<ReadSession>> take();
    void giveBack(std::unique_ptr<ReadSession> session);

    static constexpr std::size_t kMostIdle = 3;
    std::filesystem::path m_project;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<ReadSession>> m_idle;
};

}  // namespace runglass::tracking
