// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QList>
#include <QPointer>
#include <QWidget>
#include <functional>

#include "palette_model.h"
#include "runglass/jobs/job.h"
#include "runglass/ui/session/project_session.h"

class QLineEdit;
class QListView;

namespace runglass::ui {

class Label;

/// Everything that can be done, and every run, by typing a few letters of it (Ctrl+K). Lies over the window
/// on a scrim. `>` narrows to commands, `#` to runs, `~` to projects.
class CommandPalette final : public QWidget {
    Q_OBJECT
public:
    explicit CommandPalette(QWidget* window);

    struct Content {
        QList<QAction*> actions;
        QStringList projects;  ///< recent folders
        QPointer<ProjectSession> session;
        std::function<void(const QString&)> openProject;
        std::function<void(const RunId&)> openRun;
    };
    /// Shows itself with what is available now; `prefix` is typed already.
    void open(Content content, const QString& prefix = {});
    void closePalette();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build();
    void place();
    void fitList();
    void search();
    void showResults(QList<PaletteItem> runs);
    [[nodiscard]] QList<PaletteItem> commandItems(const QStringList& terms) const;
    [[nodiscard]] QList<PaletteItem> projectItems(const QStringList& terms) const;
    void searchRuns(const QStringList& terms);
    void move(int step);
    void runCurrent();
    bool handleKey(const QKeyEvent& event);

    QWidget* m_panel;
    QLineEdit* m_input;
    Label* m_count;
    QListView* m_list;
    PaletteModel* m_model;
    Content m_content;
    QList<PaletteItem> m_commands;  ///< that fit the present query
    QList<PaletteItem> m_projects;
    int m_all = 0;  ///< how many things were searched
    QPointer<QWidget> m_focusBefore;
    jobs::Job m_job;
};

}  // namespace runglass::ui
