// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/curves/curves_pane.h"

#include <QMenu>
#include <QStackedLayout>
#include <QVBoxLayout>
#include <algorithm>

#include "chart_card.h"
#include "chart_grid.h"
#include "chart_tooltip.h"
#include "chart_values.h"
#include "curve_legend.h"
#include "curves_state.h"
#include "curves_toolbar.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/banner.h"
#include "runglass/ui/widgets/empty_state.h"
#include "runglass/ui/widgets/label.h"
#include "visible_runs.h"
#include "zoom_state.h"

namespace runglass::ui {

namespace {
constexpr int kRefreshMs = 60;  // live points: at most this late, many changes together
}

CurvesPane::CurvesPane(QWidget* parent)
    : QWidget(parent)
    , m_state(std::make_unique<CurvesState>())
    , m_visible(new VisibleRuns(this))
    , m_toolbar(new CurvesToolbar(this))
    , m_note(new Banner(Tone::Info, {}, this))
    , m_legend(new CurveLegend(this))
    , m_grid(new ChartGrid(this))
    , m_tooltip(new ChartTooltip(this))
    , m_zoom(std::make_unique<ZoomState>()) {
    setObjectName(QStringLiteral("curvesPane"));
    m_empty =
        new EmptyState(tr("No curves to draw"),
                       tr("Show a run that has metrics: its swatch in the run table, or Space."), {}, this);
    m_note->setObjectName(QStringLiteral("manyRunsNote"));
    m_note->hide();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_toolbar);
    layout->addWidget(m_note);
    layout->addWidget(m_legend);
    m_stack = new QStackedLayout;
    m_stack->addWidget(m_grid);
    m_stack->addWidget(m_empty);
    layout->addLayout(m_stack, 1);
    setFocusProxy(m_grid);
    m_grid->setFactory([this](Symbol id, QWidget* owner) { return makeCard(id, owner); });
    connect(m_grid, &ChartGrid::foldedChanged, this, &CurvesPane::saveState);
    connect(m_grid, &ChartGrid::arranged, this, &CurvesPane::saveState);
    connectToolbar();
    buildActions();
    showSettings();
    refreshLooks();
    m_highlightTimer.setSingleShot(true);
    connect(&m_highlightTimer, &QTimer::timeout, this, &CurvesPane::paintHighlight);
    m_refreshTimer.setSingleShot(true);
    m_refreshTimer.setInterval(kRefreshMs);
    connect(&m_refreshTimer, &QTimer::timeout, this, &CurvesPane::refreshCards);
    connect(m_visible, &VisibleRuns::changed, this, &CurvesPane::updateCharts);
    connect(m_visible, &VisibleRuns::updated, this, [this] {
        if (!m_refreshTimer.isActive()) {
            m_refreshTimer.start();
        }
    });
    connect(&Theme::current(), &Theme::changed, this, [this] {
        for (auto* card : m_grid->cards()) {
            card->plot().applyTheme();
        }
        refreshLooks();
        withCard([this](ChartCard* card) { showTooltip(card); });
    });
    updateCharts();
}

CurvesPane::~CurvesPane() = default;

void CurvesPane::connectToolbar() {
    const auto edit = [this](auto change) {
        auto settings = m_state->settings;
        change(&settings);
        setSettings(settings);
    };
    auto* mistake = new Label({}, TextRole::Caption, 400, Token::SemanticDanger, this);
    mistake->setObjectName(QStringLiteral("chartSearchMistake"));
    mistake->setContentsMargins(10, 0, 10, 0);
    mistake->setFixedHeight(22);
    mistake->hide();
    static_cast<QVBoxLayout*>(layout())->insertWidget(1, mistake);
    connect(m_toolbar, &CurvesToolbar::filterChanged, this, [this, mistake](const ChartFilter& filter) {
        mistake->setText(filter.mistake());
        mistake->setVisible(!filter.mistake().isEmpty());
        m_grid->setFilter(filter);
    });
    connect(m_toolbar, &CurvesToolbar::smoothingChanged, this,
            [edit](double amount) { edit([amount](ChartSettings* s) { s->smoothing = amount; }); });
    connect(m_toolbar, &CurvesToolbar::robustChanged, this,
            [edit](bool on) { edit([on](ChartSettings* s) { s->robustY = on; }); });
    connect(m_toolbar, &CurvesToolbar::linkedChanged, this, [this](bool on) {
        m_state->linkedX = on;
        saveState();
    });
    connect(m_toolbar, &CurvesToolbar::fitRequested, this, &CurvesPane::fit);
    connect(m_toolbar, &CurvesToolbar::exportRequested, this,
            [this] { withCard([this](ChartCard* card) { exportChart(card); }); });
    connect(m_toolbar, &CurvesToolbar::xMenuRequested, this, &CurvesPane::fillXMenu);
    connect(m_toolbar, &CurvesToolbar::groupMenuRequested, this, &CurvesPane::fillGroupMenu);
    connect(m_toolbar, &CurvesToolbar::moreMenuRequested, this, &CurvesPane::fillMoreMenu);
    connect(m_legend, &CurveLegend::clicked, this, &CurvesPane::selectRuns);
    connect(m_legend, &CurveLegend::hovered, this, [this](const std::vector<RunId>& runs) {
        if (m_session) {
            m_session->setHighlighted(runs.empty() ? std::nullopt : std::optional(runs.front()));
        }
    });
    m_note->setButton(tr("Group by experiment"));
    m_note->setClosable(true);
    connect(m_note, &Banner::clicked, this, [this] {
        auto grouping = m_state->settings.group;
        grouping.by = {RunKey::Kind::Experiment, {}};
        setGrouping(grouping);
    });
    connect(m_note, &Banner::closed, this, [this] { m_noteClosed = true; });
    connect(m_tooltip, &ChartTooltip::closed, this, &CurvesPane::hideCrosshair);
    connect(m_tooltip, &ChartTooltip::copyRequested, this, &CurvesPane::copyValues);
    connect(m_tooltip, &ChartTooltip::orderRequested, this, [this](TooltipOrder order) {
        m_state->tooltipOrder = order;
        saveState();
        withCard([this](ChartCard* card) { showTooltip(card); });
    });
}

void CurvesPane::setSession(ProjectSession* session) {
    if (m_session) {
        m_session->disconnect(this);
    }
    m_grid->clear();  // cards first: they must not ask the next session for these runs
    qDeleteAll(window()->findChildren<ChartValues*>());
    m_visible->setSession(nullptr);
    hideCrosshair();
    m_zoom = std::make_unique<ZoomState>();
    m_copyJob.cancel();
    m_session = session;
    m_noteClosed = false;
    if (session) {
        setState(CurvesState::load(session->project()));
        connect(session, &ProjectSession::loadedChanged, this, &CurvesPane::updateCharts);
        connect(session, &ProjectSession::selectionChanged, this, &CurvesPane::showSelection);
        connect(session, &ProjectSession::highlightChanged, this, &CurvesPane::showHighlight);
    }
    m_visible->setSession(session);
}

// The metrics of the visible runs: a chart that would be empty is not there.
void CurvesPane::updateCharts() {
    std::vector<GridChart> charts;
    if (!m_visible->runs()->empty()) {
        for (const auto& spec : m_state->custom) {
            charts.push_back({spec.id, spec.title, true});
        }
    }
    for (const auto key : m_visible->keys()) {
        charts.push_back({key, ChartSpec::ofMetric(key).title, false});
    }
    const bool none = charts.empty() && (!m_session || m_session->loaded());
    m_grid->setCharts(std::move(charts));
    m_stack->setCurrentWidget(none ? static_cast<QWidget*>(m_empty) : m_grid);
    refreshLooks();
    for (auto* card : m_grid->cards()) {
        card->setSettings(settingsOf(card->id()));  // other runs may agree on another x
    }
    refreshCards();
}

void CurvesPane::refreshCards() {
    if (!m_state->looks.color.empty() || !m_state->looks.style.empty()) {
        refreshLooks();
    }
    for (auto* card : m_grid->cards()) {
        card->data().setRuns(m_visible->runs());
    }
    showNote();
}

ChartSpec CurvesPane::specOf(Symbol id) const {
    const auto& custom = m_state->custom;
    const auto found =
        std::find_if(custom.begin(), custom.end(), [id](const ChartSpec& spec) { return spec.id == id; });
    return found == custom.end() ? ChartSpec::ofMetric(id) : *found;
}

ChartCard* CurvesPane::makeCard(Symbol id, QWidget* parent) {
    auto* card = new ChartCard(m_session, specOf(id), parent);
    auto& plot = card->plot();
    card->data().setLooks(m_looks);
    card->setSettings(settingsOf(id));
    card->setEnlarged(m_grid->enlarged() == id);
    plot.setSelected(m_session->selection());
    plot.setHighlighted(m_session->highlighted());
    connect(card, &ChartCard::pinRequested, this, [this, id](bool pinned) {
        auto ids = m_grid->pinned();
        ids.erase(std::remove(ids.begin(), ids.end(), id), ids.end());
        if (pinned) {
            ids.push_back(id);
        }
        setPinned(ids);
    });
    connect(card, &ChartCard::enlargeRequested, this,
            [this, id] { enlarge(m_grid->enlarged() == id ? Symbol() : id); });
    connect(card, &ChartCard::menuRequested, this, [this, card](QMenu* menu) { fillChartMenu(card, menu); });
    connect(&plot, &ChartPlot::crosshairMoved, this,
            [this, card](std::optional<double> x, const QPoint& at) { moveCrosshair(card, x, at); });
    connect(&plot, &ChartPlot::zoomed, this,
            [this, card](const std::optional<QCPRange>& x, const std::optional<QCPRange>& y) {
                zoom(card, x->lower, x->upper,
                     y ? std::optional(std::pair(y->lower, y->upper)) : std::nullopt);
            });
    connect(&plot, &ChartPlot::zoomReset, this, &CurvesPane::fit);
    connect(&plot, &ChartPlot::curveClicked, this, &CurvesPane::selectRuns);
    connect(&plot, &ChartPlot::plotClicked, this, [this] { pinTooltip(!m_tooltip->isPinned()); });
    connect(&plot, &ChartPlot::focused, this, [this, id] { m_current = id; });
    connect(&plot, &ChartPlot::valuesRequested, this, [this, card] { showValues(card); });
    connect(&plot, &ChartPlot::curveHovered, this, [this](const std::optional<RunId>& run) {
        if (m_session && m_session->highlighted() != run) {
            m_session->setHighlighted(run);
        }
    });
    showZoom(card);
    card->data().setRuns(m_visible->runs());
    return card;
}

const ChartSettings& CurvesPane::settings() const {
    return m_state->settings;
}

ChartSettings CurvesPane::settingsOf(Symbol id) const {
    const auto own = m_state->own.find(id);
    auto settings = own == m_state->own.end() ? m_state->settings : own->second.applied(m_state->settings);
    if (settings.x == XAxis::Step && settings.definedX) {
        settings.xMetric = definedX(id);
        settings.x = settings.xMetric.empty() ? XAxis::Step : XAxis::Metric;
    }
    return settings;
}

// The metric that the scripts of all visible runs want this one drawn over; empty where they do not agree.
Symbol CurvesPane::definedX(Symbol id) const {
    std::optional<Symbol> agreed;
    for (const auto& run : *m_visible->runs()) {
        if (run->metric(id) == nullptr) {
            continue;
        }
        const auto over = run->stepMetric(id);
        if (agreed.value_or(over) != over) {
            return {};
        }
        agreed = over;
    }
    return agreed.value_or(Symbol());
}

void CurvesPane::setSettings(const ChartSettings& settings) {
    if (settings == m_state->settings) {
        return;
    }
    const auto& before = m_state->settings;
    if (settings.x != before.x || settings.xMetric != before.xMetric || settings.logX != before.logX ||
        settings.definedX != before.definedX) {
        m_zoom = std::make_unique<ZoomState>();  // a stretch of steps means nothing in time
        hideCrosshair();
    }
    m_state->settings = settings;
    showSettings();
    applySettings();
    refreshLooks();
    showNote();
    saveState();
}

void CurvesPane::showSettings() {
    m_toolbar->show(m_state->settings, m_state->linkedX);
}

void CurvesPane::applySettings() {
    for (auto* card : m_grid->cards()) {
        card->setSettings(settingsOf(card->id()));
        showZoom(card);
    }
}

void CurvesPane::setPinned(const std::vector<Symbol>& keys) {
    m_grid->setPinned(keys);
    saveState();
}

void CurvesPane::setState(CurvesState state) {
    *m_state = std::move(state);
    m_zoom = std::make_unique<ZoomState>();
    hideCrosshair();
    for (auto* card : m_grid->cards()) {
        m_grid->remake(card->id());  // a chart made by hand may be another one now
    }
    m_grid->setEnlarged({});
    m_grid->setFolded(m_state->folded);
    m_grid->setOrder(m_state->order);
    m_grid->setPinned(m_state->pinned);
    m_tooltip->setOrder(m_state->tooltipOrder);
    showSettings();
    updateCharts();
    applySettings();
}

void CurvesPane::saveState() const {
    if (m_session) {
        m_state->pinned = m_grid->pinned();
        m_state->order = m_grid->order();
        m_state->folded = m_grid->folded();
        m_state->save(m_session->project());
        if (auto state = m_state->toJson(); state != m_savedState) {
            m_savedState = std::move(state);
            Q_EMIT viewStateChanged();
        }
    }
}

QJsonObject CurvesPane::viewState() const {
    saveState();
    return m_state->toJson();
}

void CurvesPane::setViewState(const QJsonObject& state) {
    setState(CurvesState::fromJson(state));
    saveState();
}

void CurvesPane::setOwn(Symbol id, const ChartOverrides& own) {
    if (own.empty()) {
        m_state->own.erase(id);
    } else {
        m_state->own[id] = own;
    }
    saveState();
    if (auto* card = m_grid->card(id)) {
        card->setSettings(settingsOf(id));
        showZoom(card);
    }
}

void CurvesPane::setLogY(Symbol chart, bool on) {
    auto own = m_state->own[chart];
    own.logY = on == m_state->settings.logY ? std::nullopt : std::optional(on);
    setOwn(chart, own);
}

void CurvesPane::enlarge(Symbol id) {
    m_grid->setEnlarged(id);
    if (id.empty() && m_windowBefore) {  // as it was made full screen for the chart
        window()->setWindowState(*std::exchange(m_windowBefore, std::nullopt));
    }
    for (auto* card : m_grid->cards()) {
        card->setEnlarged(card->id() == id && !id.empty());
    }
    hideCrosshair();
}

int CurvesPane::chartCount() const {
    return m_grid->chartCount();
}

void CurvesPane::startFind() {
    m_toolbar->startFind();
}

}  // namespace runglass::ui
