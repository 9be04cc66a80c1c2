// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done to charts by key, menu and command palette (VISUAL.md §8).
#include <algorithm>
#include <cmath>

#include "chart_card.h"
#include "chart_grid.h"
#include "chart_tooltip.h"
#include "curves_state.h"
#include "curves_toolbar.h"
#include "media_window.h"
#include "runglass/ui/curves/curves_pane.h"
#include "runglass/ui/session/letter_keys.h"
#include "runglass/ui/widgets/format.h"
#include "settings_text.h"
#include "visible_runs.h"

namespace runglass::ui {

namespace {
constexpr double kKeyZoom = 0.7;
constexpr double kKeyPan = 0.2;
}  // namespace

QAction* CurvesPane::addAction(const char* name, const char* text, const QKeySequence& keys,
                               std::function<void()> run) {
    auto* action = new QAction(tr(text), this);
    action->setObjectName(QLatin1String(name));
    action->setShortcut(keys);
    // Of the charts, not of the toolbar: its slider and fields have keys of their own.
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    followLetterKeys(action);
    connect(action, &QAction::triggered, this, std::move(run));
    m_grid->QWidget::addAction(action);
    m_actions.append(action);
    return action;
}

void CurvesPane::buildActions() {
    buildMoveActions();
    buildChartActions();
    buildViewActions();
}

void CurvesPane::buildMoveActions() {
    addAction("curves.zoomIn", QT_TR_NOOP("Zoom in"), Qt::Key_Plus, [this] { zoomBy(kKeyZoom); });
    addAction("curves.zoomOut", QT_TR_NOOP("Zoom out"), Qt::Key_Minus, [this] { zoomBy(1 / kKeyZoom); });
    addAction("curves.fit", QT_TR_NOOP("Fit"), Qt::Key_0, [this] { fit(); });
    addAction("curves.panLeft", QT_TR_NOOP("Pan left"), Qt::SHIFT | Qt::Key_Left, [this] { pan(-kKeyPan); });
    addAction("curves.panRight", QT_TR_NOOP("Pan right"), Qt::SHIFT | Qt::Key_Right,
              [this] { pan(kKeyPan); });
    addAction("curves.panUp", QT_TR_NOOP("Pan up"), Qt::SHIFT | Qt::Key_Up, [this] { panY(-kKeyPan); });
    addAction("curves.panDown", QT_TR_NOOP("Pan down"), Qt::SHIFT | Qt::Key_Down, [this] { panY(kKeyPan); });
    addAction("curves.zoomInY", QT_TR_NOOP("Zoom y in"), Qt::CTRL | Qt::Key_Up,
              [this] { zoomYBy(kKeyZoom); });
    addAction("curves.zoomOutY", QT_TR_NOOP("Zoom y out"), Qt::CTRL | Qt::Key_Down,
              [this] { zoomYBy(1 / kKeyZoom); });
    addAction("curves.back", QT_TR_NOOP("Zoom back"), Qt::Key_Backspace, [this] { goBack(); });
    addAction("curves.forward", QT_TR_NOOP("Zoom forward"), Qt::SHIFT | Qt::Key_Backspace,
              [this] { goForward(); });
    addAction("curves.previousStep", QT_TR_NOOP("Crosshair back"), Qt::Key_Left,
              [this] { stepCrosshair(-1); });
    addAction("curves.nextStep", QT_TR_NOOP("Crosshair forward"), Qt::Key_Right,
              [this] { stepCrosshair(1); });
    addAction("curves.previousSteps", QT_TR_NOOP("Crosshair back by 10"), Qt::CTRL | Qt::Key_Left,
              [this] { stepCrosshair(-10); });
    addAction("curves.nextSteps", QT_TR_NOOP("Crosshair forward by 10"), Qt::CTRL | Qt::Key_Right,
              [this] { stepCrosshair(10); });
    addAction("curves.pinTooltip", QT_TR_NOOP("Pin tooltip"), Qt::Key_P,
              [this] { pinTooltip(!m_tooltip->isPinned()); });
    addAction("curves.tooltipOrder", QT_TR_NOOP("Sort tooltip otherwise"), Qt::Key_O,
              [this] { nextTooltipOrder(); });
    addAction("curves.previousChart", QT_TR_NOOP("Previous chart"), Qt::Key_Up,
              [this] { focusChart(m_grid->beside(m_current, -1)); });
    addAction("curves.nextChart", QT_TR_NOOP("Next chart"), Qt::Key_Down,
              [this] { focusChart(m_grid->beside(m_current, 1)); });
    addAction("curves.moveEarlier", QT_TR_NOOP("Move chart forward"), Qt::CTRL | Qt::SHIFT | Qt::Key_Left,
              [this] { withCard([this](ChartCard* card) { m_grid->moveChart(card->id(), -1); }); });
    addAction("curves.moveLater", QT_TR_NOOP("Move chart back"), Qt::CTRL | Qt::SHIFT | Qt::Key_Right,
              [this] { withCard([this](ChartCard* card) { m_grid->moveChart(card->id(), 1); }); });
}

void CurvesPane::buildChartActions() {
    const auto change = [this](auto edit) {
        auto settings = m_state->settings;
        edit(&settings);
        setSettings(settings);
    };
    const auto onCard = [this](auto run) { return [this, run] { withCard(run); }; };
    addAction("curves.logY", QT_TR_NOOP("Log y"), Qt::Key_L,
              onCard([this](ChartCard* card) { setLogY(card->id(), !settingsOf(card->id()).logY); }));
    addAction("curves.logX", QT_TR_NOOP("Log x"), Qt::SHIFT | Qt::Key_L,
              [change] { change([](ChartSettings* s) { s->logX = !s->logX && s->x != XAxis::Wall; }); });
    addAction("curves.robust", QT_TR_NOOP("Robust y"), Qt::Key_R,
              [change] { change([](ChartSettings* s) { s->robustY = !s->robustY; }); });
    addAction("curves.linkX", QT_TR_NOOP("Link x of all charts"), Qt::Key_K, [this] {
        m_state->linkedX = !m_state->linkedX;
        showSettings();
        saveState();
    });
    const auto smooth = [change](double by) {
        change([by](ChartSettings* s) {
            const bool weight = s->smoothingKind == series::SmoothingKind::Ema ||
                                s->smoothingKind == series::SmoothingKind::TimeWeightedEma;
            const double step = weight ? by : std::copysign(std::max(1.0, s->smoothing * 0.2), by);
            const double most = weight ? 0.99 : mostSmoothing(s->smoothingKind);
            s->smoothing = std::clamp(std::round((s->smoothing + step) * 100) / 100, 0.0, most);
        });
    };
    addAction("curves.smoothLess", QT_TR_NOOP("Smooth less"), Qt::Key_BracketLeft,
              [smooth] { smooth(-0.05); });
    addAction("curves.smoothMore", QT_TR_NOOP("Smooth more"), Qt::Key_BracketRight,
              [smooth] { smooth(0.05); });
    addAction("curves.nextXAxis", QT_TR_NOOP("Next x axis"), Qt::Key_X, [change] {
        change([](ChartSettings* s) {
            const int axes = s->xMetric.empty() ? 3 : 4;
            s->x = static_cast<XAxis>((static_cast<int>(s->x) + 1) % axes);
            s->logX = false;
        });
    });
    addAction("curves.table", QT_TR_NOOP("Values as a table"), Qt::Key_V,
              onCard([this](ChartCard* card) { showValues(card); }));
    addAction("curves.enlarge", QT_TR_NOOP("Enlarge chart"), Qt::Key_F, onCard([this](ChartCard* card) {
                  enlarge(m_grid->enlarged() == card->id() ? Symbol() : card->id());
                  focusChart(card->id());
              }));
    addAction("curves.pin", QT_TR_NOOP("Pin chart"), Qt::SHIFT | Qt::Key_P,
              onCard([](ChartCard* card) { card->togglePin(); }));
    addAction("curves.options", QT_TR_NOOP("Chart settings…"), Qt::Key_E,
              onCard([this](ChartCard* card) { editOptions(card->id()); }));
    addAction("curves.copyValues", QT_TR_NOOP("Copy values under the crosshair"), QKeySequence::Copy,
              [this] { copyValues(); });
    addAction("curves.copyPoints", QT_TR_NOOP("Copy points as CSV"), Qt::CTRL | Qt::SHIFT | Qt::Key_C,
              onCard([this](ChartCard* card) { copyPoints(card); }));
    addAction("curves.copyImage", QT_TR_NOOP("Copy chart as picture"), Qt::CTRL | Qt::ALT | Qt::Key_C,
              onCard([this](ChartCard* card) { copyImage(card); }));
    addAction("curves.export", QT_TR_NOOP("Export chart…"), Qt::CTRL | Qt::Key_E,
              onCard([this](ChartCard* card) { exportChart(card); }));
}

void CurvesPane::buildViewActions() {
    addAction("curves.group", QT_TR_NOOP("Group curves by…"), Qt::Key_G,
              [this] { m_toolbar->openGroupMenu(); });
    addAction("curves.more", QT_TR_NOOP("More about charts…"), Qt::Key_M,
              [this] { m_toolbar->openMoreMenu(); });
    addAction("curves.media", QT_TR_NOOP("Images, texts and distributions"), Qt::Key_I, [this] {
        if (!m_session) {
            return;
        }
        std::vector<MediaWindow::Run> runs;
        for (const auto& run : *m_visible->runs()) {
            runs.push_back({run->id, projectText(run->name.empty() ? run->id.shortHex() : run->name),
                            m_looks->color(*run)});
        }
        (new MediaWindow(m_session, std::move(runs), window()))->show();
    });
    addAction("curves.newChart", QT_TR_NOOP("New chart…"), Qt::Key_A, [this] { editChart({}); });
    auto* back = addAction("curves.closeEnlarged", QT_TR_NOOP("Back to all charts"), Qt::Key_Escape, [this] {
        if (m_tooltip->isPinned()) {
            hideCrosshair();
        } else if (!m_grid->enlarged().empty()) {
            enlarge({});
        } else if (window()->isFullScreen()) {
            window()->setWindowState(window()->windowState() & ~Qt::WindowFullScreen);
        }
    });
    m_actions.removeOne(back);  // Escape is known
}

}  // namespace runglass::ui
