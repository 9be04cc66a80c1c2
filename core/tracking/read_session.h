// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <semaphore>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "aside_catalog.h"
#include "aside_runs.h"
#include "runglass/store/artifact_files.h"
#include "runglass/store/database.h"
#include "runglass/store/experiments.h"
#include "runglass/store/run_reader.h"
#include "runglass/store/tracked_runs.h"

namespace runglass::tracking {

/// What a request has in hand while it reads. The functions give what the database holds together with what
/// lies aside: a client reads back what was acknowledged, whoever holds the database. Errors are those of the
/// functions of core/store that they stand for.
struct ReadSession {
    explicit ReadSession(store::Database opened)
        : database(std::move(opened))
        , reader(database)
        , tracked(database) {}

    [[nodiscard]] Result<store::TrackedRun> state(const RunId& id);
    [[nodiscard]] Result<model::SharedRun> run(const RunId& id);
    [[nodiscard]] Result<std::string> note(const RunId& id);
    [[nodiscard]] Result<std::vector<store::RunInput>> inputs(const RunId& id);
    [[nodiscard]] Result<std::vector<store::RunModel>> models(const RunId& id, bool output);
    [[nodiscard]] Result<std::vector<model::Artifact>> artifacts(const RunId& id);
    /// In order of arrival. NotFound when the run has no such metric.
    [[nodiscard]] Result<model::Series> series(const RunId& id, std::string_view key);
    [[nodiscard]] Result<store::LatestPoints> latestPoints(const RunId& id);

    /// Where experiments, logged models, the registry and the files of no run are read: the run database, or,
    /// while changes of them lie aside, a copy that has them (for this session alone, until the request has
    /// been read).
    [[nodiscard]] store::Database& catalog();
    [[nodiscard]] store::Experiments experiments() { return store::Experiments(catalog()); }
    /// The record of a run with what lies aside of it and of its experiment; `stored` as the database has it,
    /// null for one that is not there.
    [[nodiscard]] Result<model::SharedRun> seen(const RunId& id, const model::SharedRun& stored);

    [[nodiscard]] Result<store::Experiment> experiment(std::int64_t id);
    /// Each once, as they are kept (store::Experiments::ownNumber); those that are not there are left out.
    [[nodiscard]] Result<std::vector<std::int64_t>> ownNumbers(const std::vector<std::int64_t>& experiments);
    /// Those that only runs name, too.
    [[nodiscard]] Result<std::optional<store::Experiment>> experimentNamed(std::string_view name);
    /// The one that a run is in, also when another endpoint has renamed it while the database is held, so
    /// that the run knows it by a name which is no more. Nothing when only runs name it and it cannot be made
    /// now.
    [[nodiscard]] Result<std::optional<store::Experiment>> experimentOf(const model::RunRecord& run);
    /// Gives those that only runs name a number, unless another program holds the database.
    [[nodiscard]] Result<void> nameExperiments();

    // Of all runs:
    [[nodiscard]] Result<std::unordered_map<RunId, store::LatestPoints>> allLatestPoints();
    [[nodiscard]] Result<std::unordered_set<RunId>> withInputs();
    [[nodiscard]] Result<std::unordered_set<RunId>> withModels();
    [[nodiscard]] Result<std::vector<store::DatasetSummary>> datasetSummaries();

    store::Database database;
    store::RunReader reader;
    store::TrackedRuns tracked;

    /// What lies aside from now on, for the requests that come.
    void begin(AsideRuns::Snapshot snapshot, AsideCatalog& catalog);
    /// The catalog is read where a request is about to change it.
    void readInCopy() { m_inCopy = true; }
    void end();
    [[nodiscard]] const AsideRuns::Kept* aside() const { return m_aside.get(); }

private:
    [[nodiscard]] const AsideRun* asideOf(const RunId& id) const;
    [[nodiscard]] const AsideExperiment* asideExperimentOf(const AsideRun* kept, Symbol stored);
    [[nodiscard]] std::optional<std::int64_t> changedNumberOf(Symbol stored);
    [[nodiscard]] Symbol nameOf(std::int64_t experiment);
    [[nodiscard]] Result<store::Deletion> storedDeletion(const AsideRun* kept);
    [[nodiscard]] std::vector<RunId> asideIds() const;
    AsideRuns::Snapshot m_aside;
    std::unordered_map<std::int64_t, Symbol> m_names;  ///< of experiments that have been asked for
    std::optional<std::map<Symbol, std::int64_t>> m_changedNumbers;
    AsideCatalog* m_catalog = nullptr;
    bool m_inCopy = false;
    AsideCatalog::Lock m_lock;
    store::Database* m_copy = nullptr;
};

/// Readers for requests on several threads; one that is given back is used again. Readers never wait for
/// the writer, but for each other where there are very many: each has files open. Whoever reads does not read
/// in another session meanwhile. Thread-safe.
class ReaderPool {
public:
    /// Borrows the catalog.
    ReaderPool(std::filesystem::path project, AsideCatalog& catalog)
        : m_project(std::move(project))
        , m_catalog(&catalog) {}

    template <typename Body>
    std::invoke_result_t<Body, ReadSession&> read(AsideRuns::Snapshot aside, Body&& body) {
        const Turn turn(m_turns);
        RUNGLASS_ASSIGN(auto session, take());
        session->begin(std::move(aside), *m_catalog);
        auto result = body(*session);
        session->end();
        giveBack(std::move(session));
        return result;
    }

private:
    using Turns = std::counting_semaphore<>;
    /// One of those that may read at once.
    class Turn {
    public:
        explicit Turn(Turns& turns)
            : m_turns(&turns) {
            m_turns->acquire();
        }
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;
        ~Turn() { m_turns->release(); }

    private:
        Turns* m_turns;
    };

    Result<std::unique_ptr<ReadSession>> take();
    void giveBack(std::unique_ptr<ReadSession> session);

    static constexpr std::size_t kMostIdle = 3;
    static constexpr std::ptrdiff_t kMostAtOnce = 32;
    Turns m_turns{kMostAtOnce};
    std::filesystem::path m_project;
    AsideCatalog* m_catalog;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<ReadSession>> m_idle;
};

}  // namespace runglass::tracking
