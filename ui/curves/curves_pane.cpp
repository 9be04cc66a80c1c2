// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/curves/curves_pane.h"

#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSlider>
#include <QStackedLayout>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "chart_card.h"
#include "chart_grid.h"
#include "chart_tooltip.h"
#include "curves_state.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/bar.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/empty_state.h"
#include "runglass/ui/widgets/label.h"
#include "runglass/ui/widgets/search_field.h"
#include "zoom_state.h"

namespace runglass::ui {

namespace {

constexpr int kRefreshMs = 60;  // live points: at most this late, many changes together
constexpr int kSmoothingSteps = 100;

QString xAxisName(XAxis axis) {
    switch (axis) {
        case XAxis::Step:
            return CurvesPane::tr("step");
        case XAxis::Relative:
            return CurvesPane::tr("relative time");
        case XAxis::Wall:
            break;
    }
    return CurvesPane::tr("wall time");
}

QPushButton* toggle(const QString& text, const QString& icon, QWidget* parent) {
    auto* button = makeButton(text, icon, ButtonKind::Quiet, parent);
    button->setCheckable(true);
    return button;
}

}  // namespace

CurvesPane::CurvesPane(QWidget* parent)
    : QWidget(parent)
    , m_zoom(std::make_unique<ZoomState>()) {
    setObjectName(QStringLiteral("curvesPane"));
    buildToolbar();
    m_grid = new ChartGrid(this);
    m_grid->setFactory([this](Symbol key, QWidget* owner) { return makeCard(key, owner); });
    connect(m_grid, &ChartGrid::foldedChanged, this, &CurvesPane::saveState);
    m_empty =
        new EmptyState(tr("No curves to draw"),
                       tr("Show a run that has metrics: its swatch in the run table, or Space."), {}, this);
    m_tooltip = new ChartTooltip(this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_toolbar);
    m_stack = new QStackedLayout;
    m_stack->addWidget(m_grid);
    m_stack->addWidget(m_empty);
    layout->addLayout(m_stack, 1);
    setFocusProxy(m_grid);
    buildActions();
    showSettings();
    m_refreshTimer.setSingleShot(true);
    m_refreshTimer.setInterval(kRefreshMs);
    connect(&m_refreshTimer, &QTimer::timeout, this, &CurvesPane::refreshCards);
    connect(&Theme::current(), &Theme::changed, this, [this] {
        for (auto* card : m_grid->cards()) {
            card->plot().applyTheme();
            card->data().refresh();
        }
    });
    updateKeys();
}

CurvesPane::~CurvesPane() = default;

void CurvesPane::buildToolbar() {
    m_toolbar = new Bar(this, 32);
    m_search = new SearchField(tr("Filter charts"), this);
    m_search->setObjectName(QStringLiteral("chartSearch"));
    m_search->setMinimumWidth(76);  // gives way first when the pane is narrow
    m_search->setMaximumWidth(140);
    m_xButton = makeButton({}, {}, ButtonKind::Quiet, this);
    m_xButton->setObjectName(QStringLiteral("xAxisButton"));
    auto* menu = new QMenu(m_xButton);
    for (const auto axis : {XAxis::Step, XAxis::Relative, XAxis::Wall}) {
        connect(menu->addAction(xAxisName(axis)), &QAction::triggered, this, [this, axis] {
            auto settings = m_settings;
            settings.x = axis;
            setSettings(settings);
        });
    }
    m_xButton->setMenu(menu);
    m_smoothing = new QSlider(Qt::Horizontal, this);
    m_smoothing->setObjectName(QStringLiteral("smoothing"));
    m_smoothing->setAccessibleName(tr("Smoothing"));
    m_smoothing->setRange(0, kSmoothingSteps - 1);
    m_smoothing->setPageStep(5);
    m_smoothing->setMinimumWidth(44);
    m_smoothing->setMaximumWidth(88);
    m_smoothingValue = new QLabel(this);
    m_smoothingValue->setFixedWidth(30);
    m_robust = toggle(tr("Robust y"), {}, this);
    m_robust->setToolTip(tr("Leave the outer 5 % of values at either end out of the y axis"));
    m_linked = toggle(tr("Linked x"), QStringLiteral("link"), this);
    m_linked->setChecked(true);
    m_linked->setToolTip(tr("Zoom all charts together"));
    auto* fitButton = makeIconButton(QStringLiteral("zoom-fit"), tr("Fit"), this);
    auto* exportButton = makeIconButton(QStringLiteral("export"), tr("Export chart"), this);
    auto* row = m_toolbar->row();
    row->addWidget(m_search);
    row->addSpacing(2);  // the button has no frame of its own: its text would seem to belong to the field
    row->addWidget(m_xButton);
    m_toolbar->addSeparator();
    auto* smoothingLabel = new Label(tr("Smoothing"), TextRole::Body, 400, Token::TextSecondary, this);
    smoothingLabel->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    smoothingLabel->setMinimumWidth(smoothingLabel->sizeHint().width());  // never "Smo…ing"
    row->addWidget(smoothingLabel);
    row->addWidget(m_smoothing);
    row->addWidget(m_smoothingValue);
    m_toolbar->addSeparator();
    row->addWidget(m_robust);
    row->addWidget(m_linked);
    row->addStretch(1);
    row->addWidget(fitButton);
    row->addWidget(exportButton);
    connect(m_search, &QLineEdit::textChanged, this,
            [this](const QString& text) { m_grid->setSearch(text); });
    connect(m_smoothing, &QSlider::valueChanged, this, [this](int value) {
        auto settings = m_settings;
        settings.smoothing = static_cast<double>(value) / kSmoothingSteps;
        setSettings(settings);
    });
    connect(m_robust, &QPushButton::clicked, this, [this](bool on) {
        auto settings = m_settings;
        settings.robustY = on;
        setSettings(settings);
    });
    connect(fitButton, &QToolButton::clicked, this, &CurvesPane::fit);
    connect(exportButton, &QToolButton::clicked, this, [this] {
        if (auto* card = currentCard()) {
            exportChart(card);
        }
    });
}

void CurvesPane::setSession(ProjectSession* session) {
    if (m_session) {
        m_session->disconnect(this);
    }
    m_grid->clear();
    m_tooltip->hide();
    m_zoom = std::make_unique<ZoomState>();
    m_session = session;
    if (session) {
        restoreState();
        connect(session, &ProjectSession::runsChanged, this, &CurvesPane::onRunsChanged);
        connect(session, &ProjectSession::visibilityChanged, this, &CurvesPane::updateKeys);
        connect(session, &ProjectSession::shownChanged, this, &CurvesPane::updateKeys);
        connect(session, &ProjectSession::loadedChanged, this, &CurvesPane::updateKeys);
        connect(session, &ProjectSession::selectionChanged, this, &CurvesPane::showSelection);
        connect(session, &ProjectSession::highlightChanged, this, &CurvesPane::showHighlight);
    }
    updateKeys();
}

void CurvesPane::onRunsChanged(const RunsDelta& delta) {
    Q_UNUSED(delta);
    if (!m_refreshTimer.isActive()) {
        m_refreshTimer.start();
    }
}

// The keys of the visible runs: a chart that would be empty is not there.
void CurvesPane::updateKeys() {
    std::vector<Symbol> keys;
    if (m_session) {
        QSet<quint32> present;
        for (const auto& id : m_session->plotted()) {
            const auto run = m_session->run(id);
            for (std::size_t i = 0; run && i < run->metrics.size(); ++i) {
                present.insert(run->metrics[i].key.index());
            }
        }
        const auto& all = m_session->runs()->metricKeys;
        std::copy_if(all.begin(), all.end(), std::back_inserter(keys),
                     [&](Symbol key) { return present.contains(key.index()); });
    }
    m_grid->setKeys(keys);
    m_stack->setCurrentWidget(
        keys.empty() && (!m_session || m_session->loaded()) ? static_cast<QWidget*>(m_empty) : m_grid);
    for (auto* card : m_grid->cards()) {
        card->data().refresh();
    }
}

void CurvesPane::refreshCards() {
    updateKeys();
}

ChartCard* CurvesPane::makeCard(Symbol key, QWidget* parent) {
    auto* card = new ChartCard(m_session, key, parent);
    auto& plot = card->plot();
    card->setSettings(settingsOf(key));
    plot.setSelected(m_session->selection());
    connect(card, &ChartCard::pinRequested, this, [this, key](bool pinned) {
        auto keys = m_grid->pinned();
        keys.erase(std::remove(keys.begin(), keys.end(), key), keys.end());
        if (pinned) {
            keys.push_back(key);
        }
        setPinned(keys);
    });
    connect(card, &ChartCard::logYRequested, this, [this, key](bool on) { setLogY(key, on); });
    connect(card, &ChartCard::exportRequested, this, [this, card] { exportChart(card); });
    connect(&plot, &ChartPlot::crosshairMoved, this,
            [this, card](std::optional<double> x, const QPoint& at) { moveCrosshair(card, x, at); });
    connect(&plot, &ChartPlot::zoomed, this,
            [this, card](const std::optional<QCPRange>& x, const std::optional<QCPRange>& y) {
                zoom(card, x->lower, x->upper,
                     y ? std::optional(std::pair(y->lower, y->upper)) : std::nullopt);
            });
    connect(&plot, &ChartPlot::zoomReset, this, &CurvesPane::fit);
    connect(&plot, &ChartPlot::curveClicked, this, &CurvesPane::selectRun);
    connect(&plot, &ChartPlot::curveHovered, this, [this](const std::optional<RunId>& run) {
        if (m_session && m_session->highlighted() != run) {
            m_session->setHighlighted(run);
        }
    });
    showZoom(card);
    card->data().refresh();
    return card;
}

ChartSettings CurvesPane::settingsOf(Symbol key) const {
    auto settings = m_settings;
    settings.logY = settings.logY != m_logY.contains(key);
    return settings;
}

void CurvesPane::setSettings(const ChartSettings& settings) {
    if (settings == m_settings) {
        return;
    }
    if (settings.x != m_settings.x || settings.logX != m_settings.logX) {
        m_zoom = std::make_unique<ZoomState>();  // a stretch of steps means nothing in time
        hideCrosshair();
    }
    m_settings = settings;
    showSettings();
    applySettings();
}

void CurvesPane::showSettings() {
    m_xButton->setText(tr("x: %1").arg(xAxisName(m_settings.x)));
    const QSignalBlocker blocker(m_smoothing);
    m_smoothing->setValue(static_cast<int>(std::lround(m_settings.smoothing * kSmoothingSteps)));
    m_smoothingValue->setText(QString::number(m_settings.smoothing, 'f', 2));
    m_robust->setChecked(m_settings.robustY);
}

void CurvesPane::applySettings() {
    for (auto* card : m_grid->cards()) {
        card->setSettings(settingsOf(card->metric()));
        showZoom(card);
    }
}

void CurvesPane::setPinned(const std::vector<Symbol>& keys) {
    m_grid->setPinned(keys);
    saveState();
}

void CurvesPane::restoreState() {
    const auto state = CurvesState::load(m_session->project());
    m_logY = state.logY;
    m_grid->setFolded(state.folded);
    m_grid->setPinned(state.pinned);
}

void CurvesPane::saveState() const {
    if (m_session) {
        CurvesState{m_grid->pinned(), m_logY, m_grid->folded()}.save(m_session->project());
    }
}

void CurvesPane::setLogY(Symbol key, bool on) {
    if (settingsOf(key).logY == on) {
        return;
    }
    if (!m_logY.remove(key)) {
        m_logY.insert(key);
    }
    saveState();
    if (auto* card = m_grid->card(key)) {
        card->setSettings(settingsOf(key));
    }
}

void CurvesPane::showSelection() {
    for (auto* card : m_grid->cards()) {
        card->plot().setSelected(m_session->selection());
    }
}

void CurvesPane::showHighlight() {
    for (auto* card : m_grid->cards()) {
        card->plot().setHighlighted(m_session->highlighted());
    }
}

void CurvesPane::selectRun(const RunId& run, Qt::KeyboardModifiers modifiers) {
    std::vector<RunId> runs{run};
    if (modifiers & Qt::ControlModifier) {
        runs = m_session->selection();
        const auto at = std::find(runs.begin(), runs.end(), run);
        if (at != runs.end()) {
            runs.erase(at);
        } else {
            runs.push_back(run);
        }
    }
    m_session->select(std::move(runs));
}

ChartCard* CurvesPane::currentCard() const {
    if (auto* card = m_grid->card(m_current)) {
        return card;
    }
    const auto cards = m_grid->cards();
    const auto first =
        std::min_element(cards.begin(), cards.end(), [](const ChartCard* a, const ChartCard* b) {
            return std::pair(a->y(), a->x()) < std::pair(b->y(), b->x());
        });
    return first == cards.end() ? nullptr : *first;
}

int CurvesPane::chartCount() const {
    return m_grid->chartCount();
}

void CurvesPane::startFind() {
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

}  // namespace runglass::ui
