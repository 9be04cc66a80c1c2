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

void OwnRun::tell(Told told) {
    const std::lock_guard lock(m_mutex);
    m_told = told;
}

OwnRun::Told OwnRun::told() const {
    const std::lock_guard lock(m_mutex);
    return m_told;
}

}  // namespace runglass::tracking
