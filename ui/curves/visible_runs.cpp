// SPDX-License-Identifier: GPL-3.0-or-later
#include "visible_runs.h"

#include <QSet>
#include <algorithm>

namespace runglass::ui {

VisibleRuns::VisibleRuns(QObject* parent)
    : QObject(parent) {}

void VisibleRuns::setSession(ProjectSession* session) {
    if (m_session) {
        m_session->disconnect(this);
    }
    m_session = session;
    if (session) {
        connect(session, &ProjectSession::visibilityChanged, this, &VisibleRuns::rebuild);
        connect(session, &ProjectSession::shownChanged, this, &VisibleRuns::rebuild);
        connect(session, &ProjectSession::loadedChanged, this, &VisibleRuns::rebuild);
        connect(session, &ProjectSession::runsChanged, this, &VisibleRuns::onRunsChanged);
    }
    rebuild();
}

void VisibleRuns::rebuild() {
    auto runs = std::make_shared<std::vector<model::SharedRun>>();
    m_places.clear();
    if (m_session) {
        for (const auto& id : m_session->plotted()) {
            if (auto run = m_session->run(id)) {
                m_places.emplace(id, runs->size());
                runs->push_back(std::move(run));
            }
        }
    }
    m_runs = std::move(runs);
    collectKeys();
    Q_EMIT changed();
}

void VisibleRuns::onRunsChanged(const RunsDelta& delta) {
    // Runs that come and go arrive with shownChanged or visibilityChanged, too; only a reset may not.
    if (delta.reset || !delta.removed.empty()) {
        rebuild();
        return;
    }
    std::shared_ptr<std::vector<model::SharedRun>> next;
    bool otherKeys = false;
    for (const auto& id : delta.changed) {
        const auto place = m_places.find(id);
        auto run = place == m_places.end() ? nullptr : m_session->run(id);
        if (!run) {
            continue;
        }
        if (!next) {
            next = std::make_shared<std::vector<model::SharedRun>>(*m_runs);
        }
        auto& known = (*next)[place->second];
        otherKeys = otherKeys || known->metrics.size() != run->metrics.size();
        known = std::move(run);
    }
    if (!next) {
        return;
    }
    m_runs = std::move(next);
    if (otherKeys) {
        collectKeys();
        Q_EMIT changed();
    } else {
        Q_EMIT updated();
    }
}

void VisibleRuns::collectKeys() {
    m_keys.clear();
    if (!m_session) {
        return;
    }
    QSet<quint32> present;
    for (const auto& run : *m_runs) {
        for (const auto& metric : run->metrics) {
            present.insert(metric.key.index());
        }
    }
    const auto& all = m_session->runs()->metricKeys;
    std::copy_if(all.begin(), all.end(), std::back_inserter(m_keys),
                 [&](Symbol key) { return present.contains(key.index()); });
}

}  // namespace runglass::ui
