// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <optional>

#include "runglass/ui/session/view.h"

class QSplitter;

namespace runglass::ui {

class CurvesPane;
class Inspector;
class RunTablePane;
class SegmentedControl;
class ViewsButton;

/// Runs and Curves: one page of run table, charts and inspector in several layouts.
class WorkspacePage final : public View {
    Q_OBJECT
public:
    explicit WorkspacePage(QWidget* parent = nullptr);

    void setSession(ProjectSession* session) override;
    [[nodiscard]] QList<QAction*> viewActions() const override;
    /// Of the window, for a project without runs.
    void setEmptyActions(const QList<QAction*>& actions);
    void startFind() override;
    [[nodiscard]] QString statusText() const override;
    [[nodiscard]] QString helpPage() const override;
    void enterPlace(const QString& name) override;
    [[nodiscard]] bool hasPanel(Panel panel) const override;
    [[nodiscard]] bool isPanelShown(Panel panel) const override;
    void setPanelShown(Panel panel, bool shown) override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    enum class Layout { Table, Split, Grid };
    void buildToolbar();
    void buildViews();
    void makeCurves();
    void selectTopRun();
    void openRun(const RunId& run);
    void setLayout(Layout layout);
    void arrangeInspector();
    void restoreSizes();
    void saveSizes() const;
    [[nodiscard]] QString stateKey() const;

    RunTablePane* m_table;
    CurvesPane* m_curves = nullptr;  ///< made when they are first asked for
    Inspector* m_inspector;
    SegmentedControl* m_layouts = nullptr;
    QSplitter* m_splitter;
    ViewsButton* m_views;
    QJsonObject m_curvesState;  ///< of a view that was chosen before there were charts
    ProjectSession* m_session = nullptr;
    Layout m_layout = Layout::Table;
    Layout m_curvesLayout = Layout::Split;  ///< what "Curves" means to this person
    QString m_place = QStringLiteral("runs");
    bool m_mayPropose = false;              ///< nobody has selected anything in this project yet
    std::optional<bool> m_inspectorWanted;  ///< nothing: by the width of the window
};

}  // namespace runglass::ui
