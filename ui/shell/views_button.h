// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QJsonObject>
#include <QMenu>
#include <QPointer>
#include <QPushButton>
#include <functional>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/jobs/job.h"
#include "runglass/ui/session/project_session.h"

namespace runglass::ui {

/// The saved views of a project (saved_views.h), left of the filter: shows the name of the one that is on,
/// and a menu to choose, save and remove. A view is made of parts, which do not know each other: the run
/// table, the charts.
class ViewsButton final : public QPushButton {
    Q_OBJECT
public:
    /// Keys work while `page` has the focus.
    explicit ViewsButton(QWidget* page);

    struct Part {
        QString name;                                      ///< member of the view's file
        std::function<QJsonObject()> state;                ///< empty: this part is as the view has it
        std::function<void(const QJsonObject&)> setState;  ///< not called for a view without this part
    };
    void addPart(Part part);

    /// Null: no project.
    void setSession(ProjectSession* session);
    /// A part is no longer as the view has it.
    void noteChange();
    /// Ctrl+S and Ctrl+Shift+S.
    [[nodiscard]] QList<QAction*> actions() const { return {m_save, m_saveAs}; }
    /// Under this name, which becomes the view that is on.
    void saveAs(const QString& name);
    void choose(const QString& name);
    void fillMenu(QMenu* menu);
    /// As far as they are known; read when the project is opened, after each change and when the menu
    /// opens: others may have put files there.
    [[nodiscard]] const QStringList& names() const { return m_names; }

private:
    void loadNames();
    void askName();
    void remove();
    void showName();
    /// Runs `body` in a job; `done` is called unless it failed, which is told to the person.
    template <typename Value>
    void run(std::function<Result<Value>(const std::filesystem::path&)> body,
             std::function<void(const Result<Value>&)> done);

    std::vector<Part> m_parts;
    QPointer<ProjectSession> m_session;
    QStringList m_names;
    QString m_name;  ///< of the view that is on; empty: none
    bool m_changed = false;
    QAction* m_save;
    QAction* m_saveAs;
    QPointer<QMenu> m_menu;  ///< while it is open
    jobs::Job m_job;
    jobs::Job m_namesJob;
};

}  // namespace runglass::ui
