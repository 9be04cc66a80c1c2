// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "runglass/store/experiments.h"
#include "runglass/store/run_change.h"

namespace runglass::tracking {

/// What lies aside of one run, in the order in which it was acknowledged.
class AsideRun {
public:
    /// `experiment` is the name of the one that the change puts the run into.
    void add(const store::RunChange& change, Symbol experiment);

    [[nodiscard]] bool isNew() const { return !m_changes.empty() && m_changes.front().first.isNew; }
    /// The record of the run (null for one that is not in the database) as it will be. Of the summaries of
    /// its metrics the count may be too large: points that are there already are told apart by their series.
    [[nodiscard]] model::SharedRun seen(const model::SharedRun& stored) const;
    [[nodiscard]] std::optional<std::string> user() const;
    [[nodiscard]] std::optional<std::string> note() const;
    using Points = std::map<std::string, std::vector<model::Point>, std::less<>>;
    [[nodiscard]] const Points& points() const { return m_points; }
    void addInputs(std::vector<store::RunInput>& inputs) const;
    /// The last one first.
    void addModels(std::vector<store::RunModel>& models, bool output) const;
    void addArtifacts(std::vector<model::Artifact>& artifacts) const;

private:
    std::vector<std::pair<store::RunChange, Symbol>> m_changes;  // without their points
    Points m_points;
};

/// What has been acknowledged while another program held the database, so that readers find it. What is said
/// of logged models is read when it is in the database. Thread-safe.
class AsideRuns {
public:
    struct Kept {
        std::unordered_map<RunId, std::shared_ptr<AsideRun>> runs;
        std::vector<store::Experiment> experiments;  ///< new ones
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
    void add(const store::Experiment& experiment);
    /// All of it is in the database.
    void clear();

private:
    std::mutex m_adding;
    std::mutex m_mutex;
    std::shared_ptr<Kept> m_kept;
};

}  // namespace runglass::tracking
