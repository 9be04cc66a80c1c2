// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <optional>

#include "runglass/git/snapshot.h"
#include "runglass/jobs/job.h"

class QVBoxLayout;

namespace runglass::ui {

class Label;
class ProjectSession;

/// The git state that a launch would record now: branch, changed files, and what is too large to be kept.
class SnapshotPane final : public QWidget {
    Q_OBJECT
public:
    explicit SnapshotPane(QWidget* parent = nullptr);
    void setSession(ProjectSession* session);
    /// Looks again, in a job.
    void refresh();
    [[nodiscard]] bool isSettled() const { return !m_job.running(); }

Q_SIGNALS:
    void previewed();

private:
    void present(const Result<git::Snapshot>& snapshot);
    void addFile(const git::StatusEntry& entry);
    void addRemark(const QString& text);

    ProjectSession* m_session = nullptr;
    jobs::Job m_job;
    Label* m_where;
    QVBoxLayout* m_files;
};

}  // namespace runglass::ui
