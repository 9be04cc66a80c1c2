// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>

#include "runglass/jobs/job.h"
#include "runglass/model/run_detail.h"
#include "runglass/ui/session/project_session.h"

class QMenu;
class QProgressDialog;
class QTimer;

namespace runglass::ui {

/// What a person can do with a file of a run, whatever tool has kept it and wherever it lies: look at it
/// here, save a copy, go to its folder. It is never handed to a program that might execute it.
class ArtifactActions final : public QObject {
    Q_OBJECT
public:
    /// Dialogs come up over `window`, which owns this.
    explicit ArtifactActions(QWidget* window);
    /// Null: no project. Copies that are under way are given up.
    void setSession(ProjectSession* session);

    void open(const RunId& run, const model::Artifact& artifact);
    void saveAs(const RunId& run, const model::Artifact& artifact);
    void copyPath(const RunId& run, const model::Artifact& artifact);
    void openFolder(const RunId& run, const model::Artifact& artifact);
    void fillMenu(QMenu* menu, const RunId& run, const model::Artifact& artifact);

    /// Writes a copy to `file`; a copy that takes longer shows how far it is and can be stopped.
    void save(const RunId& run, const model::Artifact& artifact, const QString& file);

private:
    /// Calls `use` with where the artifact lies, or says that it lies within another file.
    void withPath(const RunId& run, const model::Artifact& artifact,
                  std::function<void(const std::filesystem::path&)> use);

    QWidget* m_window;
    QPointer<ProjectSession> m_session;
};

/// One copy that is being written. Deletes itself at the end.
class ArtifactSave final : public QObject {
    Q_OBJECT
public:
    ArtifactSave(ProjectSession* session, const RunId& run, const model::Artifact& artifact,
                 const QString& file, QWidget* window, QObject* parent);
    ~ArtifactSave() override;

private:
    void poll();

    QPointer<QProgressDialog> m_dialog;
    QTimer* m_poll;
    jobs::Job m_job;
};

}  // namespace runglass::ui
