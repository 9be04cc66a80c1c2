// SPDX-License-Identifier: GPL-3.0-or-later
#include "startup_trace.h"

#include <QApplication>
#include <QEvent>
#include <QTimer>
#include <chrono>
#include <cstdio>

#include "runglass/ui/shell/main_window.h"

namespace runglass {
namespace {

constexpr const char* kVariable = "RUNGLASS_STARTUP_TRACE";

}  // namespace

bool StartupTrace::wanted() {
    return qEnvironmentVariableIsSet(kVariable);
}

StartupTrace::StartupTrace(ui::MainWindow* window)
    : QObject(window)
    , m_window(window) {
    window->installEventFilter(this);
}

void StartupTrace::report(const char* what) const {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    const auto spawned = std::chrono::nanoseconds(qEnvironmentVariable(kVariable).toLongLong());
    std::printf("%s %.1f\n", what, std::chrono::duration<double, std::milli>(now - spawned).count());
}

bool StartupTrace::eventFilter(QObject* /*watched*/, QEvent* event) {
    if (event->type() == QEvent::UpdateRequest || event->type() == QEvent::Expose) {
        // Queued, so that the painting that the event causes is over.
        QTimer::singleShot(0, this, [this] {
            if (!m_frame) {
                m_frame = true;
                report("frame");
            }
            const auto* session = m_window->session();
            const auto* view = m_window->currentView();
            const bool runs = session != nullptr && session->loaded() && view != nullptr &&
                              view->isSettled() && !view->statusText().isEmpty();
            if (runs && m_loaded) {
                report("runs");
                QApplication::exit(0);
            }
            m_loaded = runs;
        });
    }
    return false;
}

}  // namespace runglass
