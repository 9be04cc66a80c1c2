// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>
#include <filesystem>

#include "runglass/jobs/job.h"
#include "runglass/ui/session/project_session.h"

namespace runglass::ui {

/// Keeps the git state of a project fresh: at once when HEAD or the index change, and every few seconds for
/// the work tree, which nobody announces. A repository that is slow to look at is asked less often.
class GitWatcher final : public QObject {
    Q_OBJECT
public:
    GitWatcher(std::filesystem::path project, jobs::ThreadPool* pool, jobs::Executor executor,
               QObject* parent);

    void refresh();
    [[nodiscard]] const ProjectSession::GitState& state() const { return m_state; }

Q_SIGNALS:
    void changed();

private:
    struct Look {
        ProjectSession::GitState state;
        QStringList watch;  ///< files that announce changes
        std::int64_t tookMs = 0;
    };
    static Look look(const std::filesystem::path& project, const std::stop_token& stop);
    void take(Look look);

    std::filesystem::path m_project;
    jobs::ThreadPool* m_pool;
    jobs::Executor m_executor;
    ProjectSession::GitState m_state;
    QFileSystemWatcher m_watcher;
    QTimer m_soon;
    QTimer m_slow;
    bool m_first = true;
    jobs::Job m_job;
};

}  // namespace runglass::ui
