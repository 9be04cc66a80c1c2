// SPDX-License-Identifier: GPL-3.0-or-later
#include "own_run.h"

#include <utility>

namespace runglass::tracking {

bool OwnRun::adopt() {
    const std::lock_guard lock(m_mutex);
    return m_id && !std::exchange(m_adopted, true);
}

void OwnRun::release() {
    const std::lock_guard lock(m_mutex);
    m_adopted = false;
}

void OwnRun::noteBegun(const RunId& run) {
    const std::lock_guard lock(m_mutex);
    m_begun.push_back(run);
}

bool OwnRun::isUsed() const {
    const std::lock_guard lock(m_mutex);
    return m_adopted || m_hasMetrics || !m_begun.empty();
}

std::vector<RunId> OwnRun::begun() const {
    const std::lock_guard lock(m_mutex);
    return m_begun;
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

void OwnRun::tell(const Told& told) {
    const std::lock_guard lock(m_mutex);
    m_told.status = told.status ? told.status : m_told.status;
    m_told.endTimeMs = told.endTimeMs ? told.endTimeMs : m_told.endTimeMs;
}

OwnRun::Told OwnRun::told() const {
    const std::lock_guard lock(m_mutex);
    return m_told;
}

}  // namespace runglass::tracking
