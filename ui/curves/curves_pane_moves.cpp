// SPDX-License-Identifier: GPL-3.0-or-later
// Crosshair, zoom and keys of the pane of charts.
#include <QPushButton>
#include <algorithm>
#include <cmath>

#include "chart_card.h"
#include "chart_grid.h"
#include "chart_tooltip.h"
#include "runglass/base/clock.h"
#include "runglass/model/goal.h"
#include "runglass/ui/curves/curves_pane.h"
#include "runglass/ui/session/letter_keys.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/format.h"
#include "zoom_state.h"

namespace runglass::ui {

namespace {

constexpr double kKeyZoom = 0.7;
constexpr double kKeyPan = 0.2;
constexpr int kMergeMs = 400;  // steps of one movement of the wheel or a key

QString crosshairTitle(XAxis axis, double x) {
    switch (axis) {
        case XAxis::Step:
            return CurvesPane::tr("step %1").arg(formatCount(std::llround(x)));
        case XAxis::Relative:
            return formatDuration(std::llround(x * 1000));
        case XAxis::Wall:
            break;
    }
    return formatFullTime(std::llround(x * 1000));
}

// x of the point nearest to `x` among all curves.
std::optional<double> snapped(const std::vector<DrawnCurve>& curves, double x) {
    std::optional<double> best;
    for (const auto& drawn : curves) {
        if (const auto i = drawn.curve->nearest(x)) {
            const double candidate = drawn.curve->xs[*i];
            if (!best || std::abs(candidate - x) < std::abs(*best - x)) {
                best = candidate;
            }
        }
    }
    return best;
}

}  // namespace

QAction* CurvesPane::addAction(const char* name, const char* text, const QKeySequence& keys,
                               std::function<void()> run) {
    auto* action = new QAction(tr(text), this);
    action->setObjectName(QLatin1String(name));
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    followLetterKeys(action);
    connect(action, &QAction::triggered, this, std::move(run));
    QWidget::addAction(action);
    m_actions.append(action);
    return action;
}

void CurvesPane::buildActions() {
    const auto change = [this](auto edit) {
        auto settings = m_settings;
        edit(settings);
        setSettings(settings);
    };
    addAction("curves.zoomIn", QT_TR_NOOP("Zoom in"), Qt::Key_Plus, [this] { zoomBy(kKeyZoom); });
    addAction("curves.zoomOut", QT_TR_NOOP("Zoom out"), Qt::Key_Minus, [this] { zoomBy(1 / kKeyZoom); });
    addAction("curves.fit", QT_TR_NOOP("Fit"), Qt::Key_0, [this] { fit(); });
    addAction("curves.panLeft", QT_TR_NOOP("Pan left"), Qt::SHIFT | Qt::Key_Left, [this] { pan(-kKeyPan); });
    addAction("curves.panRight", QT_TR_NOOP("Pan right"), Qt::SHIFT | Qt::Key_Right,
              [this] { pan(kKeyPan); });
    addAction("curves.previousStep", QT_TR_NOOP("Crosshair back"), Qt::Key_Left,
              [this] { stepCrosshair(-1); });
    addAction("curves.nextStep", QT_TR_NOOP("Crosshair forward"), Qt::Key_Right,
              [this] { stepCrosshair(1); });
    addAction("curves.previousSteps", QT_TR_NOOP("Crosshair back by 10"), Qt::CTRL | Qt::Key_Left,
              [this] { stepCrosshair(-10); });
    addAction("curves.nextSteps", QT_TR_NOOP("Crosshair forward by 10"), Qt::CTRL | Qt::Key_Right,
              [this] { stepCrosshair(10); });
    addAction("curves.pinTooltip", QT_TR_NOOP("Pin tooltip"), Qt::Key_P, [this] {
        m_tooltipPinned = !m_tooltipPinned;
        if (!m_tooltipPinned) {
            hideCrosshair();
        }
    });
    addAction("curves.logY", QT_TR_NOOP("Log y"), Qt::Key_L, [this] {
        if (auto* card = currentCard()) {
            setLogY(card->metric(), !settingsOf(card->metric()).logY);
        }
    });
    addAction("curves.logX", QT_TR_NOOP("Log x"), Qt::SHIFT | Qt::Key_L,
              [change] { change([](ChartSettings& s) { s.logX = !s.logX && s.x == XAxis::Step; }); });
    const auto smooth = [change](double by) {
        change([by](ChartSettings& s) {
            s.smoothing = std::clamp(std::round((s.smoothing + by) * 100) / 100, 0.0, 0.99);
        });
    };
    addAction("curves.smoothLess", QT_TR_NOOP("Smooth less"), Qt::Key_BracketLeft,
              [smooth] { smooth(-0.05); });
    addAction("curves.smoothMore", QT_TR_NOOP("Smooth more"), Qt::Key_BracketRight,
              [smooth] { smooth(0.05); });
    addAction("curves.nextXAxis", QT_TR_NOOP("Next x axis"), Qt::Key_X, [change] {
        change([](ChartSettings& s) {
            s.x = static_cast<XAxis>((static_cast<int>(s.x) + 1) % 3);
            s.logX = false;
        });
    });
    addAction("curves.back", QT_TR_NOOP("Zoom back"), Qt::Key_Backspace, [this] { goBack(); });
    addAction("curves.forward", QT_TR_NOOP("Zoom forward"), Qt::SHIFT | Qt::Key_Backspace,
              [this] { goForward(); });
    addAction("curves.export", QT_TR_NOOP("Export chart…"), Qt::CTRL | Qt::Key_E, [this] {
        if (auto* card = currentCard()) {
            exportChart(card);
        }
    });
}

void CurvesPane::moveCrosshair(ChartCard* card, std::optional<double> x, const QPoint& position) {
    if (m_tooltipPinned) {
        return;
    }
    const auto at = x ? snapped(card->plot().curves(), *x) : std::nullopt;
    if (!at) {
        hideCrosshair();
        return;
    }
    m_current = card->metric();
    m_crosshair = at;
    for (auto* other : m_grid->cards()) {
        other->plot().setCrosshair(at);
    }
    const auto goal = model::goalOf(card->metric().text());
    auto rows = tooltipRows(card->plot().curves(), *at, goal, m_session->selection());
    m_tooltip->setContent(crosshairTitle(m_settings.x, *at), std::move(rows), m_settings.smoothing > 0);
    m_tooltip->place(card->plot().mapTo(this, position), m_grid->geometry());
}

void CurvesPane::hideCrosshair() {
    m_crosshair.reset();
    m_tooltipPinned = false;
    m_tooltip->hide();
    for (auto* card : m_grid->cards()) {
        card->plot().setCrosshair(std::nullopt);
    }
}

// By points of the longest curve of the current chart.
void CurvesPane::stepCrosshair(int steps) {
    auto* card = currentCard();
    if (!card || card->plot().curves().empty()) {
        return;
    }
    const auto& curves = card->plot().curves();
    const auto longest = std::max_element(curves.begin(), curves.end(), [](const auto& a, const auto& b) {
        return a.curve->xs.size() < b.curve->xs.size();
    });
    const auto& curve = *longest->curve;
    const auto range = card->plot().xRange();
    const auto from = curve.nearest(m_crosshair.value_or(range.center()));
    if (!from) {
        return;
    }
    const auto last = static_cast<std::int64_t>(curve.xs.size()) - 1;
    const auto to = std::clamp<std::int64_t>(static_cast<std::int64_t>(*from) + steps, 0, last);
    const double x = curve.xs[static_cast<std::size_t>(to)];
    m_tooltipPinned = false;
    const auto pixel = static_cast<int>(card->plot().xAxis->coordToPixel(x));
    moveCrosshair(card, x, {pixel, card->plot().height() / 3});
}

void CurvesPane::zoom(ChartCard* card, double lower, double upper,
                      std::optional<std::pair<double, double>> y) {
    if (!(upper > lower) || !std::isfinite(lower) || !std::isfinite(upper)) {
        return;
    }
    auto next = m_zoom->history.current();
    if (m_linked->isChecked()) {
        next.sharedX = Range(lower, upper);
    } else {
        next.x[card->metric()] = Range(lower, upper);
    }
    if (y) {
        next.y[card->metric()] = *y;
    }
    const auto now = monotonicMs();
    m_zoom->history.go(std::move(next), now - std::exchange(m_zoom->lastMs, now) < kMergeMs);
    applyZoom();
}

void CurvesPane::showZoom(ChartCard* card) {
    const auto& zoom = m_zoom->history.current();
    const auto own = zoom.x.find(card->metric());
    std::optional<QCPRange> x;
    if (own != zoom.x.end()) {
        x = QCPRange(own->second.first, own->second.second);
    } else if (zoom.sharedX) {
        x = QCPRange(zoom.sharedX->first, zoom.sharedX->second);
    }
    const auto y = zoom.y.find(card->metric());
    card->setXRange(x);
    card->plot().setYRange(y == zoom.y.end() ? std::nullopt
                                             : std::optional(QCPRange(y->second.first, y->second.second)));
}

void CurvesPane::applyZoom() {
    for (auto* card : m_grid->cards()) {
        showZoom(card);
    }
}

void CurvesPane::zoomBy(double factor) {
    if (auto* card = currentCard()) {
        const auto range = card->plot().xRange();
        const double centre = m_crosshair && range.contains(*m_crosshair) ? *m_crosshair : range.center();
        zoom(card, centre + (range.lower - centre) * factor, centre + (range.upper - centre) * factor,
             std::nullopt);
    }
}

void CurvesPane::pan(double share) {
    if (auto* card = currentCard()) {
        const auto range = card->plot().xRange();
        const double shift = share * range.size();
        zoom(card, range.lower + shift, range.upper + shift, std::nullopt);
    }
}

void CurvesPane::fit() {
    m_zoom->history.go({}, false);
    applyZoom();
}

void CurvesPane::goBack() {
    if (m_zoom->history.back()) {
        applyZoom();
    }
}

void CurvesPane::goForward() {
    if (m_zoom->history.forward()) {
        applyZoom();
    }
}

}  // namespace runglass::ui
