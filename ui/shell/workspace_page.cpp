// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace_page.h"

#include <QAbstractItemView>
#include <QBoxLayout>

#include "place.h"
#include "runglass/ui/runs/inspector.h"
#include "runglass/ui/runs/run_table_pane.h"
#include "runglass/ui/session/app_settings.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/bar.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/splitter.h"

namespace runglass::ui {
namespace {

constexpr int kInspectorFrom = 1400;  ///< width of the window below which the inspector hides by itself

}  // namespace

WorkspacePage::WorkspacePage(QWidget* parent)
    : View(parent)
    , m_table(new RunTablePane)
    , m_inspector(new Inspector)
    , m_splitter(new Splitter(Qt::Horizontal)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    // The filter speaks for all panes, so its bar runs over all of them.
    column->addWidget(m_table->toolbar());
    column->addWidget(m_splitter, 1);
    m_table->setMinimumWidth(320);
    m_inspector->setMinimumWidth(qRound(Theme::current().metric("size.inspectorMin")));
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(m_inspector);
    m_splitter->setStretchFactor(0, 1);
    setFocusProxy(m_table->findChild<QAbstractItemView*>());

    if (findPlace(QStringLiteral("launch")) != nullptr) {
        auto* launch = makeButton(tr("Launch"), QStringLiteral("launch"), ButtonKind::Primary);
        connect(launch, &QPushButton::clicked, this,
                [this] { Q_EMIT viewRequested(QStringLiteral("launch")); });
        m_table->toolbar()->row()->addWidget(launch);
    }
    const auto compare = [this] { Q_EMIT viewRequested(QStringLiteral("compare")); };
    connect(m_table, &RunTablePane::statusTextChanged, this, &View::statusTextChanged);
    connect(m_table, &RunTablePane::compareRequested, this, compare);
    connect(m_inspector, &Inspector::compareRequested, this, compare);
    connect(m_splitter, &QSplitter::splitterMoved, this, &WorkspacePage::saveSizes);
    const QByteArray wanted = AppSettings::instance().state(QStringLiteral("inspector"));
    if (!wanted.isEmpty()) {
        m_inspectorWanted = wanted == "shown";
    }
}

void WorkspacePage::setSession(ProjectSession* session) {
    m_session = session;
    m_table->setSession(session);
    m_inspector->setSession(session);
}

QList<QAction*> WorkspacePage::viewActions() const {
    return m_table->viewActions();
}

void WorkspacePage::startFind() {
    m_table->startFind();
}

QString WorkspacePage::statusText() const {
    return m_table->statusText();
}

QString WorkspacePage::helpPage() const {
    return m_place;
}

void WorkspacePage::enterPlace(const QString& name) {
    m_place = name;
    arrangeInspector();
    restoreSizes();
}

bool WorkspacePage::hasPanel(Panel panel) const {
    return panel == Panel::Inspector;
}

bool WorkspacePage::isPanelShown(Panel panel) const {
    return panel == Panel::Inspector && !m_inspector->isHidden();
}

void WorkspacePage::setPanelShown(Panel panel, bool shown) {
    if (panel == Panel::Inspector) {
        m_inspectorWanted = shown;
        AppSettings::instance().setState(QStringLiteral("inspector"), shown ? "shown" : "hidden");
        arrangeInspector();
    }
}

void WorkspacePage::resizeEvent(QResizeEvent* event) {
    View::resizeEvent(event);
    arrangeInspector();
}

void WorkspacePage::arrangeInspector() {
    const bool shown = m_inspectorWanted.value_or(window()->width() >= kInspectorFrom);
    if (shown == m_inspector->isHidden()) {
        m_inspector->setVisible(shown);
        Q_EMIT panelsChanged();
    }
}

QString WorkspacePage::stateKey() const {
    return QStringLiteral("splitter/") + m_place;
}

void WorkspacePage::restoreSizes() {
    if (!m_splitter->restoreState(AppSettings::instance().state(stateKey()))) {
        const int inspector = qRound(Theme::current().metric("size.inspector"));
        m_splitter->setSizes({10'000, inspector});
    }
}

void WorkspacePage::saveSizes() const {
    AppSettings::instance().setState(stateKey(), m_splitter->saveState());
}

}  // namespace runglass::ui
