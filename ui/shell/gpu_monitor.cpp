// SPDX-License-Identifier: GPL-3.0-or-later
#include "gpu_monitor.h"

#include <QCoreApplication>
#include <limits>

namespace runglass::ui {
namespace {

double meanUtilisation(const std::vector<launch::GpuLoad>& loads) {
    double sum = 0;
    int count = 0;
    for (const auto& load : loads) {
        sum += load.utilisationPercent.value_or(0);
        count += load.utilisationPercent ? 1 : 0;
    }
    return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

/// NVML is opened by the first call, since that takes a while where there is a driver.
GpuMonitor::Read readMachine() {
    return [watch = std::shared_ptr<launch::GpuWatch>()]() mutable {
        if (!watch) {
            watch = std::make_shared<launch::GpuWatch>();
        }
        return watch->read();
    };
}

}  // namespace

GpuMonitor::GpuMonitor(QObject* parent)
    : QObject(parent) {
    connect(&m_timer, &QTimer::timeout, this, &GpuMonitor::look);
}

GpuMonitor::~GpuMonitor() {
    m_look.cancel();
}

void GpuMonitor::start(Read read, int intervalMs) {
    m_read = std::make_shared<const Read>(read ? std::move(read) : readMachine());
    m_timer.start(intervalMs);
    look();
}

void GpuMonitor::look() {
    if (m_look.running()) {
        return;  // a driver that hangs is asked once
    }
    const auto post = [](std::function<void()> task) {
        QMetaObject::invokeMethod(QCoreApplication::instance(), std::move(task), Qt::QueuedConnection);
    };
    m_look = jobs::start(
        m_pool, post, [read = m_read](jobs::JobContext&) { return (*read)(); },
        [this](std::vector<launch::GpuLoad> loads) { take(std::move(loads)); });
}

void GpuMonitor::take(std::vector<launch::GpuLoad> loads) {
    if (loads.empty() && m_loads.empty()) {
        m_timer.stop();
        return;
    }
    m_loads = std::move(loads);
    m_history.push_back(meanUtilisation(m_loads));
    if (m_history.size() > kHistory) {
        m_history.pop_front();
    }
    Q_EMIT changed();
}

}  // namespace runglass::ui
