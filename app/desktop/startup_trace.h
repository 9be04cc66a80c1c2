// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace runglass {

namespace ui {
class MainWindow;
}

/// For tests/bench/startup.py: with RUNGLASS_STARTUP_TRACE set to the CLOCK_MONOTONIC nanoseconds at which
/// the process was spawned, prints when the frame was first painted and when the runs were, in milliseconds
/// since then, and ends the program.
class StartupTrace final : public QObject {
    Q_OBJECT
public:
    static bool wanted();
    explicit StartupTrace(ui::MainWindow* window);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void report(const char* what) const;

    ui::MainWindow* m_window;
    bool m_frame = false;
    bool m_loaded = false;
};

}  // namespace runglass
