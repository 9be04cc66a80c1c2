// SPDX-License-Identifier: GPL-3.0-or-later
#include "drag_scroll.h"

#include <QScrollBar>
#include <algorithm>
#include <cmath>

namespace runglass::ui {

namespace {

constexpr int kEdge = 48;        // pixels within the page from where on it scrolls
constexpr double kGrowth = 12;   // pixels a second for each pixel
constexpr double kMost = 2'400;  // pixels a second
constexpr int kIntervalMs = 16;

}  // namespace

DragScroll::DragScroll(QScrollBar* bar)
    : QObject(bar)
    , m_bar(bar) {
    m_timer.setInterval(kIntervalMs);
    connect(&m_timer, &QTimer::timeout, this, &DragScroll::step);
}

double DragScroll::speedAt(int y, int height) {
    const int edge = std::min(kEdge, height / 4);
    const int out = y < edge ? y - edge : std::max(0, y - (height - edge));
    return std::clamp(out * kGrowth, -kMost, kMost);
}

void DragScroll::dragAt(int y, int height) {
    m_speed = speedAt(y, height);
    if (m_speed == 0) {
        m_timer.stop();
        m_rest = 0;
    } else if (!m_timer.isActive()) {
        m_timer.start();
    }
}

void DragScroll::step() {
    m_rest += m_speed * kIntervalMs / 1000;
    const double whole = std::trunc(m_rest);
    m_rest -= whole;
    const int before = m_bar->value();
    m_bar->setValue(before + static_cast<int>(whole));
    if (m_bar->value() != before) {
        Q_EMIT scrolled();
    }
}

}  // namespace runglass::ui
