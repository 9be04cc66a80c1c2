// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>

#include "runglass/ui/session/project_session.h"

namespace runglass::ui {

/// Watches the search for runs of other tools, as long as one goes on, for the status bar.
class WalkWatch final : public QObject {
    Q_OBJECT
public:
    explicit WalkWatch(QObject* parent);

    /// Null: no project.
    void setSession(ProjectSession* session);
    /// A search has begun.
    void begin();
    void cancel();
    /// The last search was cancelled: there may be runs that nobody has seen.
    [[nodiscard]] bool cancelled() const { return m_cancelled; }

Q_SIGNALS:
    /// Not for a search that is over within a blink.
    void progressed(const QString& what, int done, int total);
    void ended();

private:
    void look();

    QPointer<ProjectSession> m_session;
    QTimer m_timer;
    int m_looks = 0;
    bool m_cancelled = false;
};

}  // namespace runglass::ui
