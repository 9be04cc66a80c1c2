// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <memory>
#include <unordered_map>
#include <vector>

#include "runglass/ui/session/project_session.h"

namespace runglass::ui {

/// The runs whose curves are drawn and the metrics that they have, kept up to date for all charts at once: a
/// change costs as much as what changed, not as the project is large. GUI thread.
class VisibleRuns final : public QObject {
    Q_OBJECT
public:
    using List = std::shared_ptr<const std::vector<model::SharedRun>>;

    explicit VisibleRuns(QObject* parent = nullptr);
    /// Null: none.
    void setSession(ProjectSession* session);

    /// In the order of the run table. Never null; replaced, not changed.
    [[nodiscard]] const List& runs() const { return m_runs; }
    /// Metrics that at least one of them has, alphabetical.
    [[nodiscard]] const std::vector<Symbol>& keys() const { return m_keys; }

Q_SIGNALS:
    /// Other runs than before, or other metrics.
    void changed();
    /// The same runs; some have new points or attributes.
    void updated();

private:
    void rebuild();
    void onRunsChanged(const RunsDelta& delta);
    void collectKeys();

    ProjectSession* m_session = nullptr;
    List m_runs = std::make_shared<const std::vector<model::SharedRun>>();
    std::unordered_map<RunId, std::size_t> m_places;
    std::vector<Symbol> m_keys;
};

}  // namespace runglass::ui
