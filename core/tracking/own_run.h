// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "runglass/base/run_id.h"
#include "runglass/model/given_params.h"
#include "runglass/model/status.h"
#include "runglass/store/run_change.h"

namespace runglass::tracking {

/// The run that `runglass run` made for the script which this endpoint serves, and what the script has said
/// of it. The first run that the script starts is this one, whichever way it starts it. Without such a run
/// everything here is empty. Thread-safe.
class OwnRun {
public:
    explicit OwnRun(std::optional<RunId> id)
        : m_id(id) {}

    [[nodiscard]] const std::optional<RunId>& id() const { return m_id; }
    [[nodiscard]] bool is(const RunId& id) const { return m_id == id; }

    /// True for one caller alone: the first that starts a run.
    bool adopt();

    /// For an adoption that failed.
    void release();

    /// The runs that the script has begun besides.
    void noteBegun(const RunId& run);
    [[nodiscard]] std::vector<RunId> begun() const;

    /// The params that the run has before the script says any.
    void setGiven(model::GivenParams given);
    /// `change`, where it changes params of this run, with what it may replace and without what is withheld.
    [[nodiscard]] std::optional<store::RunChange> withGiven(const store::RunChange& change) const;
    /// The script has said these: they keep their values from now on.
    void noteParams(const std::vector<model::Variable>& params);

    /// Whether the script has logged a metric to its run.
    void noteMetrics() { m_hasMetrics = true; }
    [[nodiscard]] bool hasMetrics() const { return m_hasMetrics; }

    /// Whether the script has begun a run, or logged to the one that it was given.
    [[nodiscard]] bool isUsed() const;

    /// A run ends when its process does. What the script says before is what it hears back; what it does not
    /// say again stays.
    struct Told {
        std::optional<model::RunStatus> status;
        std::optional<std::int64_t> endTimeMs;
    };
    void tell(const Told& told);
    [[nodiscard]] Told told() const;

private:
    std::optional<RunId> m_id;
    mutable std::mutex m_mutex;
    std::atomic<bool> m_hasMetrics = false;
    bool m_adopted = false;
    std::vector<RunId> m_begun;
    Told m_told;
    model::GivenParams m_given;
    std::set<std::string, std::less<>> m_saidParams;
};

}  // namespace runglass::tracking
