// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <optional>
#include <vector>

#include "runglass/jobs/job.h"
#include "runglass/tracking/standing_server.h"
#include "runglass/ui/session/project_session.h"

class QProcess;

namespace runglass::ui {

/// The tracking endpoint of the open project (`runglass serve`), as the window sees and controls it. It is a
/// process of its own: one that was started elsewhere is the same to the window, and none ends with it. GUI
/// thread; every look at it is a job.
class Endpoint final : public QObject {
    Q_OBJECT
public:
    explicit Endpoint(QObject* parent = nullptr);
    ~Endpoint() override;

    /// Null: no project.
    void setSession(ProjectSession* session);
    [[nodiscard]] const ProjectSession* session() const { return m_session; }

    /// Nothing while the project is not served.
    [[nodiscard]] const std::optional<tracking::Standing>& standing() const { return m_seen.standing; }
    /// Started by start() of this window, rather than elsewhere.
    [[nodiscard]] bool isOurs() const;
    /// Calls of clients that Runglass does not answer, newest first; also those of runs that were launched.
    [[nodiscard]] const std::vector<store::UnansweredCall>& unanswered() const { return m_seen.unanswered; }
    [[nodiscard]] std::int64_t unansweredCount() const;

    enum class Change { None, Starting, Stopping };
    [[nodiscard]] Change change() const { return m_change; }
    /// Why the last start, stop or forgetting did not work; empty when it did.
    [[nodiscard]] QString problem() const { return m_problem; }

    /// The port of the last start in this project, else the one that clients and tutorials assume.
    [[nodiscard]] int usualPort() const;
    /// `port` 0 takes any free one. Only while there is none.
    void start(int port);
    void stop();
    /// Begins to count the calls that were not answered anew.
    void forgetCalls();
    /// Looks more often, while somebody watches.
    void setWatched(bool watched);

    /// What to put into the shell that starts a script; empty while the project is not served.
    [[nodiscard]] QString instructions() const;

Q_SIGNALS:
    void changed();

private:
    struct Seen {
        std::optional<tracking::Standing> standing;
        std::vector<store::UnansweredCall> unanswered;
    };
    static Seen lookAt(const std::filesystem::path& project);
    void look();
    void take(Seen seen);
    void startEnded();
    void setChange(Change change, const QString& problem = {});

    QPointer<ProjectSession> m_session;
    QTimer m_timer;
    jobs::Job m_look;
    jobs::Job m_stop;
    jobs::Job m_forget;
    QPointer<QProcess> m_start;
    Seen m_seen;
    Change m_change = Change::None;
    QString m_problem;
    bool m_startedHere = false;  ///< the next one that is seen is ours
    int m_ours = 0;              ///< process that start() has started
};

}  // namespace runglass::ui
