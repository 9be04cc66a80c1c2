// SPDX-License-Identifier: GPL-3.0-or-later
// Crosshair and zoom of the pane of charts.
#include <algorithm>
#include <cmath>

#include "chart_card.h"
#include "chart_grid.h"
#include "chart_tooltip.h"
#include "curves_state.h"
#include "runglass/base/clock.h"
#include "runglass/ui/curves/curves_pane.h"
#include "runglass/ui/widgets/format.h"
#include "x_axis_text.h"
#include "zoom_state.h"

namespace runglass::ui {

namespace {

constexpr int kMergeMs = 400;  // steps of one movement of the wheel or a key

// `step 1 980, 3m 20s`: the other one of step and time, of the run at the top, too.
QString crosshairTitle(const ChartSettings& settings, double x, const std::vector<TooltipRow>& rows,
                       const ProjectSession& session, const std::vector<DrawnCurve>& curves) {
    const auto title = textOfX(settings, x);
    if (rows.empty() || rows.front().group || curves.empty()) {
        return title;
    }
    if (settings.x != XAxis::Step) {
        return CurvesPane::tr("%1, step %2").arg(title, formatCount(rows.front().step));
    }
    const auto drawn = std::find_if(curves.begin(), curves.end(),
                                    [&](const DrawnCurve& one) { return one.name == rows.front().name; });
    const auto run = drawn == curves.end() ? nullptr : session.run(drawn->run);
    return run && run->startTimeMs
               ? CurvesPane::tr("%1, %2 into %3")
                     .arg(title, formatDuration(rows.front().timeMs - *run->startTimeMs), rows.front().name)
               : title;
}

// Whether a place on the x axis of one means the same on the other: scripts may name an x for a metric.
bool sameX(const ChartCard& a, const ChartCard& b) {
    const auto& one = a.plot().settings();
    const auto& other = b.plot().settings();
    return one.x == other.x && (one.x != XAxis::Metric || one.xMetric == other.xMetric);
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

void CurvesPane::moveCrosshair(ChartCard* card, std::optional<double> x, const QPoint& position) {
    if (m_tooltip->isPinned()) {
        return;
    }
    const auto at = x ? snapped(card->plot().curves(), *x) : std::nullopt;
    if (!at) {
        hideCrosshair();
        return;
    }
    m_current = card->id();
    m_crosshair = at;
    m_crosshairY = card->plot().valueAt(position.y());
    m_crosshairAt = position;
    for (auto* other : m_grid->cards()) {
        other->plot().setCrosshair(sameX(*other, *card) ? at : std::nullopt);
    }
    showTooltip(card);
}

void CurvesPane::showTooltip(ChartCard* card) {
    if (!m_crosshair) {
        return;
    }
    const auto& curves = card->plot().curves();
    TooltipQuestion question{*m_crosshair, m_crosshairY.value_or(0), card->spec().goal(),
                             m_state->tooltipOrder, m_session->selection()};
    auto rows = tooltipRows(curves, question);
    const auto& settings = card->plot().settings();
    const auto title = crosshairTitle(settings, *m_crosshair, rows, *m_session, curves);
    m_tooltip->setOrder(m_state->tooltipOrder);
    m_tooltip->setContent(title, std::move(rows), settings.smooths());
    if (!m_tooltip->isPinned()) {
        m_tooltip->place(card->plot().mapTo(this, m_crosshairAt), m_grid->geometry());
    }
}

void CurvesPane::pinTooltip(bool pinned) {
    if (pinned && m_tooltip->isVisible()) {
        m_tooltip->setPinned(true);
    } else if (!pinned) {
        hideCrosshair();
    }
}

void CurvesPane::nextTooltipOrder() {
    constexpr int kOrders = static_cast<int>(TooltipOrder::Nearest) + 1;
    m_state->tooltipOrder =
        static_cast<TooltipOrder>((static_cast<int>(m_state->tooltipOrder) + 1) % kOrders);
    saveState();
    withCard([this](ChartCard* card) { showTooltip(card); });
}

void CurvesPane::hideCrosshair() {
    m_crosshair.reset();
    m_tooltip->setPinned(false);
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
    m_tooltip->setPinned(false);
    const auto pixel = static_cast<int>(card->plot().xAxis->coordToPixel(x));
    moveCrosshair(card, x, {pixel, card->plot().height() / 3});
}

void CurvesPane::zoom(ChartCard* card, double lower, double upper,
                      std::optional<std::pair<double, double>> y) {
    if (!(upper > lower) || !std::isfinite(lower) || !std::isfinite(upper)) {
        return;
    }
    auto next = m_zoom->history.current();
    const auto& own = card->plot().settings();
    if (m_state->linkedX && own.x == m_state->settings.x) {
        next.sharedX = Range(lower, upper);
    } else if (m_state->linkedX) {
        for (const auto* other : m_grid->cards()) {
            if (sameX(*other, *card)) {
                next.x[other->id()] = Range(lower, upper);
            }
        }
    } else {
        next.x[card->id()] = Range(lower, upper);
    }
    if (y) {
        next.y[card->id()] = *y;
    }
    goToZoom(std::move(next));
}

// x stays as it is: at its right edge, where new points arrive, unless somebody has zoomed it.
void CurvesPane::zoomY(ChartCard* card, double lower, double upper) {
    if (upper > lower && std::isfinite(lower) && std::isfinite(upper)) {
        auto next = m_zoom->history.current();
        next.y[card->id()] = {lower, upper};
        goToZoom(std::move(next));
    }
}

void CurvesPane::goToZoom(Zoom next) {
    const auto now = monotonicMs();
    m_zoom->history.go(std::move(next), now - std::exchange(m_zoom->lastMs, now) < kMergeMs);
    applyZoom();
}

void CurvesPane::showZoom(ChartCard* card) {
    const auto& zoom = m_zoom->history.current();
    const auto single = zoom.x.find(card->id());
    std::optional<QCPRange> x;
    if (single != zoom.x.end()) {
        x = QCPRange(single->second.first, single->second.second);
    } else if (zoom.sharedX && card->plot().settings().x == m_state->settings.x) {
        x = QCPRange(zoom.sharedX->first, zoom.sharedX->second);
    }
    const auto y = zoom.y.find(card->id());
    card->setXRange(x);
    const auto own = m_state->own.find(card->id());
    const auto fixed = own == m_state->own.end() ? std::nullopt : own->second.yLimits;
    const auto limits = y == zoom.y.end() ? fixed : std::optional(y->second);
    card->plot().setYRange(limits ? std::optional(QCPRange(limits->first, limits->second)) : std::nullopt);
}

void CurvesPane::applyZoom() {
    for (auto* card : m_grid->cards()) {
        showZoom(card);
    }
}

void CurvesPane::zoomBy(double factor) {
    if (auto* card = currentCard()) {
        auto& plot = card->plot();
        const bool onCrosshair = m_crosshair && plot.xRange().contains(*m_crosshair);
        const double pixel =
            onCrosshair ? plot.xAxis->coordToPixel(*m_crosshair) : plot.axisRect()->rect().center().x();
        const auto range = plot.zoomedX(factor, pixel);
        zoom(card, range.lower, range.upper, std::nullopt);
    }
}

void CurvesPane::pan(double share) {
    if (auto* card = currentCard()) {
        const auto range = card->plot().pannedX(share * card->plot().axisRect()->width());
        zoom(card, range.lower, range.upper, std::nullopt);
    }
}

void CurvesPane::zoomYBy(double factor) {
    if (auto* card = currentCard()) {
        const auto range = card->plot().zoomedY(factor);
        zoomY(card, range.lower, range.upper);
    }
}

void CurvesPane::panY(double share) {
    if (auto* card = currentCard()) {
        const auto range = card->plot().pannedY(share * card->plot().axisRect()->height());
        zoomY(card, range.lower, range.upper);
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
