// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QJsonObject>
#include <QTimer>
#include <QWidget>
#include <memory>
#include <optional>
#include <vector>

#include "runglass/jobs/job.h"
#include "runglass/query/filter.h"
#include "runglass/ui/runs/arrangement.h"
#include "runglass/ui/session/project_session.h"

class QPushButton;
class QStackedLayout;

namespace runglass::ui {

class Bar;
class ColumnLayout;
class EmptyState;
class FilterField;
class Remark;
class RunActions;
class RunTableModel;
class RunTableView;
struct RunTableSettings;

/// The run table with its toolbar. Filters, groups and sorts in a job; shares selection, visibility and the
/// runs shown with the other views through the session.
class RunTablePane final : public QWidget {
    Q_OBJECT
public:
    explicit RunTablePane(QWidget* parent = nullptr);
    ~RunTablePane() override;

    /// Null: no project.
    void setSession(ProjectSession* session);

    /// The bar with filter, grouping and columns; a page may put it elsewhere, and add its own buttons.
    [[nodiscard]] Bar* toolbar() const { return m_toolbar; }
    [[nodiscard]] RunTableView* view() const { return m_view; }
    [[nodiscard]] FilterField* filterField() const { return m_filterField; }
    /// With texts, keys and object names (`runs.archive`), for menus and the command palette.
    [[nodiscard]] QList<QAction*> viewActions() const;
    /// "148 runs, 34 shown, 7 plotted, 1 selected".
    [[nodiscard]] QString statusText() const;
    /// The runs of the session are in the table.
    [[nodiscard]] bool isArranged() const { return m_arranged; }
    void startFind();

    void setFilter(const QString& expression);
    void setGroupBy(std::optional<RunColumn> column);
    void setColumns(std::vector<RunColumn> columns);
    void setSort(std::optional<RunColumn> column, bool descending);
    /// Of a metric's values; nothing: as many as tell them apart.
    void setDecimals(const RunColumn& column, std::optional<int> decimals);
    [[nodiscard]] const std::vector<RunColumn>& columns() const;
    /// Filter, columns, groups and order as a saved view has them.
    [[nodiscard]] QJsonObject viewState() const;
    void setViewState(const QJsonObject& state);
    /// What a person may do about a project without runs; at most three.
    void setEmptyActions(const QList<QAction*>& actions);

Q_SIGNALS:
    void statusTextChanged();
    /// A person arranged the table anew.
    void viewStateChanged();
    /// Enter or a double click: the page of this run.
    void openRequested(const runglass::RunId& run);
    /// Ctrl+D.
    void compareRequested();
    /// Asks for the selected runs to be stopped.
    void stopRequested();

private:
    void buildToolbar();
    void buildBody();
    void connectView();
    void connectSession();
    void restoreSettings();
    void saveSettings() const;
    void noteChange();
    void countSources();
    void keepTime();
    void onRunsChanged(const RunsDelta& delta);
    void arrangeSoon();
    void arrangeNow();
    void present(SharedArrangement arrangement);
    void showHeaderState();
    void onSectionMoved();
    void onSortChanged(int section, Qt::SortOrder order);
    void onSelectionChanged();
    void chooseEmptyState();
    void showInStack(QWidget* shown);
    void showGroupMenu();
    void showColumnChooser();
    void showContextMenu(const QPoint& position);
    void showHeaderMenu(const QPoint& position);
    [[nodiscard]] RunTableSettings settings() const;
    void useSettings(const RunTableSettings& settings);

    ProjectSession* m_session = nullptr;
    RunTableModel* m_model;
    RunTableView* m_view = nullptr;
    Bar* m_toolbar = nullptr;
    FilterField* m_filterField = nullptr;
    QPushButton* m_groupButton = nullptr;
    QPushButton* m_columnsButton = nullptr;
    Remark* m_mistake = nullptr;
    QStackedLayout* m_stack = nullptr;
    EmptyState* m_noRuns = nullptr;
    EmptyState* m_noMatch = nullptr;
    EmptyState* m_nothing = nullptr;  ///< there are runs, and none can be shown
    RunActions* m_actions = nullptr;
    QString m_sources;  ///< `runglass 96, mlflow 38`; empty where there is one kind
    QTimer m_arrangeTimer;
    QTimer m_emptyTimer;
    QTimer m_clock;  ///< ticks while any run goes on
    jobs::Job m_arrangeJob;
    ArrangementRequest m_request;
    std::unique_ptr<ColumnLayout> m_layout;
    bool m_arranged = false;
    bool m_syncing = false;  ///< selection or header are being set by us
};

}  // namespace runglass::ui
