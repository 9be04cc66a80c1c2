// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "runglass/store/catalog_change.h"
#include "runglass/store/run_change.h"
#include "runglass/store/tracked_runs.h"

namespace runglass::tracking {

/// That something was deleted (or restored), and when among all that was acknowledged.
struct AsideDeletion {
    std::uint64_t order = 0;
    bool deleted = false;
};

/// What lies aside of an experiment and concerns its runs.
struct AsideExperiment {
    Symbol stored;               ///< the name by which runs in the database know it
    std::optional<Symbol> name;  ///< the one that it has now
    std::vector<AsideDeletion> deletions;
};

/// What lies aside of one run, in the order in which it was acknowledged.
class AsideRun {
public:
    /// `experiment` is the name of the one that the change puts the run into.
    void add(const store::RunChange& change, Symbol experiment, std::uint64_t order);

    [[nodiscard]] bool isNew() const { return !m_changes.empty() && m_changes.front().first.isNew; }
    /// The record of the run (null for one that is not in the database) as it will be. Of the summaries of
    /// its metrics the count may be too large: points that are there already are told apart by their series.
    [[nodiscard]] model::SharedRun seen(const model::SharedRun& stored) const;
    [[nodiscard]] std::optional<std::string> user() const;
    [[nodiscard]] std::optional<std::string> note() const;
    using Points = std::map<std::string, std::vector<model::Point>, std::less<>>;
    [[nodiscard]] const Points& points() const { return m_points; }
    /// The number of the one that the run is put into.
    [[nodiscard]] std::optional<std::int64_t> experiment() const;
    [[nodiscard]] const std::vector<AsideDeletion>& deletions() const { return m_deletions; }
    void addInputs(std::vector<store::RunInput>& inputs) const;
    /// The last one first.
    void addModels(std::vector<store::RunModel>& models, bool output) const;
    void changeArtifacts(std::vector<model::Artifact>& artifacts) const;

private:
    std::vector<std::pair<store::RunChange, Symbol>> m_changes;  // without their points
    Points m_points;
    std::vector<AsideDeletion> m_deletions;
};

/// What has been acknowledged while another program held the database, so that readers find it. Thread-safe.
class AsideRuns {
public:
    struct Kept {
        std::unordered_map<RunId, std::shared_ptr<AsideRun>> runs;
        std::map<std::int64_t, AsideExperiment> experiments;
        std::uint64_t count = 0;

        /// The one that the run is in, when it has changed.
        [[nodiscard]] const AsideExperiment* experimentOf(const AsideRun* run, Symbol stored) const;
        /// Whether a run is deleted that was `stored` in the database.
        [[nodiscard]] static store::Deletion deletionOf(store::Deletion stored, const AsideRun* run,
                                                        const AsideExperiment* experiment);
    };
    /// Null when nothing lies aside. To be taken before the database is read: what lay aside then is read
    /// from here or, a moment later, from there, or from both, which gives the same.
    using Snapshot = std::shared_ptr<const Kept>;
    [[nodiscard]] Snapshot snapshot();

    /// While `body` runs, nothing is added but by it.
    template <typename Body>
    auto exclusively(Body&& body) {
        const std::lock_guard lock(m_adding);
        return body();
    }
    void add(const store::RunChange& change, Symbol experiment);
    /// What changes of the catalog mean for runs. `stored` names the experiments in the database that they
    /// change.
    void add(const store::CatalogChanges& changes, const std::map<std::int64_t, Symbol>& stored);
    /// All of it is in the database.
    void clear();

private:
    std::mutex m_adding;
    std::mutex m_mutex;
    std::shared_ptr<Kept> m_kept;
};

}  // namespace runglass::tracking
