// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace_page.h"

#include <QAbstractItemView>
#include <QBoxLayout>
#include <QHeaderView>

#include "place.h"
#include "runglass/ui/curves/curves_pane.h"
#include "runglass/ui/runs/inspector.h"
#include "runglass/ui/runs/run_table_pane.h"
#include "runglass/ui/session/app_settings.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/bar.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/segmented_control.h"
#include "runglass/ui/widgets/splitter.h"
#include "views_button.h"

namespace runglass::ui {
namespace {

constexpr int kTableWidth = 560;
constexpr int kChartsMin = 480;
constexpr int kInspectorFrom = 1400;  ///< width of the window below which the inspector hides by itself

}  // namespace

WorkspacePage::WorkspacePage(QWidget* parent)
    : View(parent)
    , m_table(new RunTablePane)
    , m_inspector(new Inspector)
    , m_splitter(new Splitter(Qt::Horizontal))
    , m_views(new ViewsButton(this)) {
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
    for (auto* view : m_table->findChildren<QAbstractItemView*>()) {
        if (qobject_cast<QHeaderView*>(view) == nullptr && !view->isWindow()) {
            setFocusProxy(view);
        }
    }

    buildToolbar();
    buildViews();
    const auto compare = [this] { Q_EMIT viewRequested(QStringLiteral("compare")); };
    connect(m_table, &RunTablePane::statusTextChanged, this, &WorkspacePage::selectTopRun);
    connect(m_table, &RunTablePane::statusTextChanged, this, &View::statusTextChanged);
    connect(m_table, &RunTablePane::compareRequested, this, compare);
    connect(m_inspector, &Inspector::compareRequested, this, compare);
    connect(m_inspector, &Inspector::filterRequested, m_table, &RunTablePane::setFilter);
    connect(m_table, &RunTablePane::stopRequested, this, &View::stopRequested);
    connect(m_table, &RunTablePane::openRequested, this, &WorkspacePage::openRun);
    connect(m_splitter, &QSplitter::splitterMoved, this, &WorkspacePage::saveSizes);
    const QByteArray wanted = AppSettings::instance().state(QStringLiteral("inspector"));
    if (!wanted.isEmpty()) {
        m_inspectorWanted = wanted == "shown";
    }
}

void WorkspacePage::buildToolbar() {
    m_layouts = new SegmentedControl;
    m_layouts->setAccessibleName(tr("Layout"));
    m_layouts->addPart({}, QStringLiteral("layout-table"), tr("Table"));
    m_layouts->addPart({}, QStringLiteral("layout-split"), tr("Table and charts"));
    m_layouts->addPart({}, QStringLiteral("layout-grid"), tr("Charts"));
    connect(m_layouts, &SegmentedControl::currentChanged, this, [this](int index) {
        const auto layout = static_cast<Layout>(index);
        if (layout == Layout::Table) {
            Q_EMIT viewRequested(QStringLiteral("runs"));
            return;
        }
        m_curvesLayout = layout;
        AppSettings::instance().setState(QStringLiteral("curves/layout"),
                                         layout == Layout::Grid ? "grid" : "split");
        setLayout(layout);
        Q_EMIT viewRequested(QStringLiteral("curves"));
    });
    m_table->toolbar()->row()->addWidget(m_layouts);
    if (findPlace(QStringLiteral("launch")) != nullptr) {
        auto* launch = makeButton(tr("Launch"), QStringLiteral("launch"), ButtonKind::Primary);
        connect(launch, &QPushButton::clicked, this,
                [this] { Q_EMIT viewRequested(QStringLiteral("launch")); });
        m_table->toolbar()->row()->addWidget(launch);
    }
    if (AppSettings::instance().state(QStringLiteral("curves/layout")) == "grid") {
        m_curvesLayout = Layout::Grid;
    }
}

/// A view is of the whole page: the run table, and the charts where they have been looked at.
void WorkspacePage::buildViews() {
    m_table->toolbar()->row()->insertWidget(0, m_views);
    m_views->addPart({QStringLiteral("runs"), [this] { return m_table->viewState(); },
                      [this](const QJsonObject& state) { m_table->setViewState(state); }});
    m_views->addPart({QStringLiteral("curves"),
                      [this] { return m_curves != nullptr ? m_curves->viewState() : m_curvesState; },
                      [this](const QJsonObject& state) {
                          m_curvesState = state;
                          if (m_curves != nullptr) {
                              m_curves->setViewState(state);
                          }
                      }});
    connect(m_table, &RunTablePane::viewStateChanged, m_views, &ViewsButton::noteChange);
}

void WorkspacePage::makeCurves() {
    m_curves = new CurvesPane;
    m_curves->setMinimumWidth(kChartsMin);
    m_curves->setSession(m_session);
    if (!m_curvesState.isEmpty()) {
        m_curves->setViewState(m_curvesState);
    }
    connect(m_curves, &CurvesPane::viewStateChanged, m_views, &ViewsButton::noteChange);
    m_splitter->insertWidget(1, m_curves);
    m_splitter->setStretchFactor(1, 1);
}

void WorkspacePage::setLayout(Layout layout) {
    m_layout = layout;
    m_layouts->setCurrentIndex(static_cast<int>(layout));
    if (layout != Layout::Table && m_curves == nullptr) {
        makeCurves();
    }
    m_table->setVisible(layout != Layout::Grid);
    if (m_curves != nullptr) {
        m_curves->setVisible(layout != Layout::Table);
    }
    m_splitter->setStretchFactor(0, layout == Layout::Table ? 1 : 0);
    arrangeInspector();
    restoreSizes();
}

void WorkspacePage::setSession(ProjectSession* session) {
    m_session = session;
    m_table->setSession(session);
    m_inspector->setSession(session);
    m_views->setSession(session);
    m_curvesState = {};
    if (m_curves != nullptr) {
        m_curves->setSession(session);
    }
    if (session != nullptr) {
        m_mayPropose = true;
    }
}

void WorkspacePage::selectTopRun() {
    // Something to look at, once; a project that was left with a selection keeps it.
    if (m_mayPropose && m_session != nullptr && m_table->isArranged() && !m_session->shown().empty()) {
        m_mayPropose = false;
        if (m_session->selection().empty()) {
            m_session->select({m_session->shown().front()});
        }
    }
}

QList<QAction*> WorkspacePage::viewActions() const {
    QList<QAction*> actions = m_table->viewActions() + m_views->actions();
    if (m_layout != Layout::Table) {
        actions += m_curves->viewActions();
    }
    return actions;
}

void WorkspacePage::setEmptyActions(const QList<QAction*>& actions) {
    m_table->setEmptyActions(actions);
}

void WorkspacePage::startFind() {
    m_layout == Layout::Grid ? m_curves->startFind() : m_table->startFind();
}

QString WorkspacePage::statusText() const {
    return m_table->statusText();
}

QString WorkspacePage::helpPage() const {
    return m_place;
}

void WorkspacePage::enterPlace(const QString& name) {
    m_place = name;
    setLayout(name == QLatin1String("curves") ? m_curvesLayout : Layout::Table);
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

/// Enter or a double click on a run: all of it, where the keyboard can go through it.
void WorkspacePage::openRun(const RunId& run) {
    if (m_session->selection() != std::vector{run}) {
        m_session->select({run});
    }
    if (m_inspector->isHidden()) {
        setPanelShown(Panel::Inspector, true);
    }
    m_inspector->setFocus(Qt::OtherFocusReason);
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
    static const char* const kNames[] = {"table", "split", "grid"};
    return QStringLiteral("splitter/") + QLatin1String(kNames[static_cast<int>(m_layout)]);
}

void WorkspacePage::restoreSizes() {
    // Sizes rather than QSplitter::saveState(), which does not fit once the number of panes has changed.
    QList<int> sizes;
    const QByteArrayList stored = AppSettings::instance().state(stateKey()).split(',');
    for (const QByteArray& size : stored) {
        sizes.push_back(size.toInt());
    }
    if (sizes.size() != m_splitter->count()) {
        const Theme& theme = Theme::current();
        const int inspector = m_inspector->isHidden() ? 0 : qRound(theme.metric("size.inspector"));
        const int all = window()->width() - qRound(theme.metric("size.rail")) - inspector;
        const int table = m_layout == Layout::Table  ? all
                          : m_layout == Layout::Grid ? 0
                                                     : qMin(kTableWidth, window()->width() * 35 / 100);
        sizes = m_curves == nullptr ? QList<int>{all, inspector} : QList<int>{table, all - table, inspector};
    }
    m_splitter->setSizes(sizes);
}

void WorkspacePage::saveSizes() const {
    QByteArrayList sizes;
    for (const int size : m_splitter->sizes()) {
        sizes.push_back(QByteArray::number(size));
    }
    AppSettings::instance().setState(stateKey(), sizes.join(','));
}

}  // namespace runglass::ui
