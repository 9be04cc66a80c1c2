// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runglass/model/run_detail.h"
#include "runglass/store/aside_follower.h"
#include "runglass/store/aside_watch.h"
#include "runglass/store/catalog_change.h"
#include "runglass/store/run_change.h"
#include "runglass/store/tracked_runs.h"

namespace runglass::tracking {

/// That something was deleted (or restored), and when.
struct AsideDeletion {
    std::int64_t timeMs = 0;
    bool deleted = false;
};

/// What lies aside of an experiment and concerns its runs, in order of time.
struct AsideExperiment {
    bool isRenamed = false;
    std::vector<AsideDeletion> deletions;
};

/// What lies aside of one run, in order of time.
class AsideRun {
public:
    void add(const store::RunChange& change);
    /// One that was launched is made in an experiment of this name.
    void add(const model::RunDetail& launched);

    [[nodiscard]] bool isNew() const { return !m_changes.empty() && m_changes.front().isNew; }
    /// Names an experiment.
    using NameOf = std::function<Symbol(std::int64_t)>;
    /// The record of the run (null for one that is not in the database) as it will be. Of the summaries of
    /// its metrics the count may be too large: points that are there already are told apart by their series.
    [[nodiscard]] model::SharedRun seen(const model::SharedRun& stored, const NameOf& nameOf) const;
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
    std::vector<store::RunChange> m_changes;  // without their points
    Symbol m_launchedIn;
    Points m_points;
    std::vector<AsideDeletion> m_deletions;
};

/// What has been acknowledged by any endpoint of the project while another program held the database, so that
/// readers find it. Thread-safe.
class AsideRuns {
public:
    explicit AsideRuns(const std::filesystem::path& project)
        : m_watch(project)
        , m_follower(project) {}

    struct Kept {
        std::unordered_map<RunId, std::shared_ptr<AsideRun>> runs;
        std::map<std::int64_t, AsideExperiment> experiments;  ///< those in which something has changed
        std::int64_t lastMs = 0;                              ///< the greatest time of anything but points

        /// The time of something that is kept now: endpoints are told apart by it, so it comes behind all
        /// that is seen, also within a millisecond.
        [[nodiscard]] std::int64_t behind(std::int64_t timeMs) const { return std::max(timeMs, lastMs + 1); }

        /// Whether a run is deleted that was `stored` in the database.
        [[nodiscard]] static store::Deletion deletionOf(store::Deletion stored, const AsideRun* run,
                                                        const AsideExperiment* experiment);
    };
    /// Null when nothing lies aside, which costs a look at a folder. To be taken before the database is read:
    /// what lay aside then is read from here or, a moment later, from there, or from both, which gives the
    /// same.
    using Snapshot = std::shared_ptr<const Kept>;
    [[nodiscard]] Snapshot snapshot();

    /// While `body` runs, this endpoint adds nothing but by it.
    template <typename Body>
    auto exclusively(Body&& body) {
        const std::lock_guard lock(m_adding);
        return body();
    }

private:
    void take(std::string_view record);
    void take(const store::CatalogChanges& changes);
    AsideRun& runOf(const RunId& id);

    std::mutex m_adding;
    std::mutex m_mutex;
    store::AsideWatch m_watch;
    store::AsideFollower m_follower;
    std::shared_ptr<Kept> m_kept;
};

}  // namespace runglass::tracking
