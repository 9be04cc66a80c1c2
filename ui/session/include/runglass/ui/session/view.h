// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QList>
#include <QWidget>

#include "runglass/ui/session/project_session.h"

namespace runglass::ui {

/// One page of the window (Runs, Curves, Compare, History, Launch …). The shell owns it, shows it, and puts
/// its actions into menus and palette.
class View : public QWidget {
    Q_OBJECT
public:
    using QWidget::QWidget;

    /// Null: no project is open. The session outlives this call until the next one.
    virtual void setSession(ProjectSession* session) = 0;
    /// Actions of this view with texts, shortcuts (Qt::WidgetWithChildrenShortcut) and object names
    /// (`runs.archive`).
    [[nodiscard]] virtual QList<QAction*> viewActions() const { return {}; }
    /// Ctrl+F.
    virtual void startFind() {}
    /// Left part of the status bar, e.g. "148 runs, 34 shown, 7 plotted".
    [[nodiscard]] virtual QString statusText() const { return {}; }
    /// The person went to the place `name` (`curves`), which this page serves. A page that serves several
    /// shows the right one.
    virtual void enterPlace(const QString& /*name*/) {}
    /// Parts of the page that the header bar shows and hides.
    enum class Panel { Inspector, Bottom };
    [[nodiscard]] virtual bool hasPanel(Panel /*panel*/) const { return false; }
    [[nodiscard]] virtual bool isPanelShown(Panel /*panel*/) const { return false; }
    virtual void setPanelShown(Panel /*panel*/, bool /*shown*/) {}
    /// Whether everything this page asked for has arrived; screenshots wait for it.
    [[nodiscard]] virtual bool isSettled() const { return true; }
    /// Page of the help shown by F1 (file name in resources/help).
    [[nodiscard]] virtual QString helpPage() const { return {}; }

Q_SIGNALS:
    void statusTextChanged();
    void panelsChanged();
    /// Asks the shell to show another view, e.g. `compare`.
    void viewRequested(const QString& name);
    /// Asks the shell to stop the selected runs, which asks the person.
    void stopRequested();
};

}  // namespace runglass::ui
