// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QObject>
#include <functional>
#include <optional>
#include <vector>

#include "runglass/base/run_id.h"
#include "runglass/jobs/job.h"
#include "runglass/model/run_detail.h"

class QMenu;

namespace runglass::ui {

class ProjectSession;
class RunTableView;

/// What can be done with the selected runs: the actions behind keys, context menu and command palette.
class RunActions final : public QObject {
    Q_OBJECT
public:
    RunActions(RunTableView* view, QObject* parent);

    void setSession(ProjectSession* session);
    /// Those that belong into the window's menus and palette.
    [[nodiscard]] QList<QAction*> ofPage() const;
    [[nodiscard]] QAction* filterAction() const { return m_filter; }
    [[nodiscard]] QAction* groupAction() const { return m_group; }
    [[nodiscard]] QAction* columnsAction() const { return m_columns; }
    void fillContextMenu(QMenu* menu) const;
    /// After a change of selection or rights.
    void update();

Q_SIGNALS:
    void compareRequested();
    void stopRequested();

private:
    struct Spec {
        const char* name;
        const char* text;
        QKeySequence keys;
        const char* icon;
        bool writes;
    };
    QAction* add(const Spec& spec, std::function<void()> run);
    void addViewing();
    void addEditing();
    void addCopying();
    [[nodiscard]] std::vector<RunId> targets() const;
    [[nodiscard]] bool mayStop() const;
    void toggleVisible();
    void toggleStar();
    void askTag();
    void askNote();
    void archive();
    [[nodiscard]] std::optional<RunId> bestToCompare() const;
    void compareWithBest();
    void runAgain();
    void launchOrAsk(const model::RunDetail& detail);
    void launchAgain(const model::RunDetail& detail);

    RunTableView* m_view;
    ProjectSession* m_session = nullptr;
    QList<QAction*> m_all;
    QList<QAction*> m_writing;
    QAction* m_filter = nullptr;
    QAction* m_group = nullptr;
    QAction* m_columns = nullptr;
    QAction* m_compareBest = nullptr;
    QAction* m_stop = nullptr;
    jobs::Job m_launchJob;
};

}  // namespace runglass::ui
