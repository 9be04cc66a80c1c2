// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QMenu;
class QMenuBar;
class QToolButton;

namespace runglass::ui {

class CommandField;
class GpuItem;
class GpuMonitor;
class Label;
class LiveState;
class ProjectSession;

/// Top of the window (VISUAL.md §2): mark, menus, project, branch, command field, live state, panel toggles.
class HeaderBar final : public QWidget {
    Q_OBJECT
public:
    explicit HeaderBar(QWidget* parent = nullptr);

    [[nodiscard]] QMenuBar* menuBar() const { return m_menuBar; }
    /// Puts the menu bar into a row of its own above the rest, or back.
    void setMenuBarRow(bool ownRow);
    /// Behind the project's name.
    void setProjectMenu(QMenu* menu);
    /// Null: no project.
    void showSession(const ProjectSession* session);
    void showGpus(const GpuMonitor* monitor);
    void showPanel(QToolButton* toggle, bool available, bool shown);
    [[nodiscard]] QToolButton* bottomToggle() const { return m_bottom; }
    [[nodiscard]] QToolButton* inspectorToggle() const { return m_inspector; }

Q_SIGNALS:
    void commandRequested();
    void launchRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    void arrange();
    void showGit(const ProjectSession& session);

    QMenuBar* m_menuBar;
    QToolButton* m_project;
    QWidget* m_branchIcon;
    Label* m_branch;
    Label* m_changes;
    CommandField* m_command;
    LiveState* m_running;
    LiveState* m_queued;
    GpuItem* m_gpu;
    QToolButton* m_bottom;
    QToolButton* m_inspector;
    QList<int> m_separators;
    bool m_menuBarRow = false;
};

}  // namespace runglass::ui
