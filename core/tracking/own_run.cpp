// SPDX-License-Identifier: GPL-3.0-or-later
#include "own_run.h"

#include <utility>

namespace runglass::tracking {

bool OwnRun::adopt() {
    const std::lock_guard lock(m_mutex);
    return m_id && !std::exchange(m_adopted, true);
}

bool OwnRun::isAdopted() const {
    const std::lock_guard lock(m_mutex);
    return m_adopted;
}

void OwnRun::selectExperiment(std::int64_t experiment) {
    const std::lock_guard lock(m_mutex);
    if (!m_adopted) {
        m_experiment = experiment;
    }
}

std::optional<std::int64_t> OwnRun::selectedExperiment() const {
    const std::lock_guard lock(m_mutex);
    return m_experiment;
}

void OwnRun::setGiven(model::GivenParams given) {
    const std::lock_guard lock(m_mutex);
    m_given = std::move(given);
}

std::optional<store::RunChange> OwnRun::withGiven(const store::RunChange& change) const {
    const std::lock_guard lock(m_mutex);
    if (!is(change.run) || change.params.empty() || (m_given.values.empty() && m_given.withheld.empty())) {
        return std::nullopt;
    }
    auto own = change;
    own.params = m_given.storable(std::move(own.params));
    own.replaceable = m_given.replaceableBy(own.params, m_saidParams);
    return own;
}

void OwnRun::noteParams(const std::vector<model::Variable>& params) {
    const std::lock_guard lock(m_mutex);
    for (const auto& [key, value] : params) {
        if (m_given.values.contains(key)) {
            m_saidParams.insert(key);
        }
    }
}

void OwnRun::tell(Told told) {
    const std::lock_guard lock(m_mutex);
    m_told = told;
}

OwnRun::Told OwnRun::told() const {
    const std::lock_guard lock(m_mutex);
    return m_told;
}

}  // namespace runglass::tracking
