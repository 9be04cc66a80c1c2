// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QPushButton>
#include <functional>

#include "run_table_settings.h"

class QMenu;

namespace runglass::ui {

/// The saved views of the run table, left of its filter: shows the name of the one that is on, and a menu to
/// choose, save and remove.
class ViewsButton final : public QPushButton {
    Q_OBJECT
public:
    /// `current` is how the table is arranged now; its name is not asked for.
    ViewsButton(std::function<SavedView()> current, QWidget* parent);

    /// Empty: no project.
    void setProject(const std::filesystem::path& project);
    /// The arrangement is no longer that of the view.
    void noteChange();
    /// Ctrl+S and Ctrl+Shift+S.
    [[nodiscard]] QList<QAction*> actions() const { return {m_save, m_saveAs}; }
    /// Under this name, which becomes the view that is on.
    void saveAs(const QString& name);
    void choose(const QString& name);
    void fillMenu(QMenu* menu);

Q_SIGNALS:
    void viewChosen(const runglass::ui::SavedView& view);

private:
    void askName();
    void remove();
    void showName();

    std::function<SavedView()> m_current;
    std::filesystem::path m_project;
    SavedViews m_views;
    QString m_name;  ///< of the view that is on; empty: none
    bool m_changed = false;
    QAction* m_save;
    QAction* m_saveAs;
};

}  // namespace runglass::ui
