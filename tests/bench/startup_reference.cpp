// SPDX-License-Identifier: GPL-3.0-or-later
// What startup.py compares with: an empty QMainWindow with one QCustomPlot, from exec to its first paint.
#include <qcustomplot.h>

#include <QApplication>
#include <QMainWindow>
#include <QTimer>
#include <chrono>
#include <cstdio>

namespace {

class Window final : public QMainWindow {
protected:
    bool event(QEvent* event) override {
        const bool handled = QMainWindow::event(event);
        if (event->type() == QEvent::UpdateRequest && !m_painted) {
            m_painted = true;
            QTimer::singleShot(0, this, [] {
                const auto now = std::chrono::steady_clock::now().time_since_epoch();
                const auto spawned =
                    std::chrono::nanoseconds(qEnvironmentVariable("RUNGLASS_STARTUP_TRACE").toLongLong());
                std::printf("frame %.1f\n", std::chrono::duration<double, std::milli>(now - spawned).count());
                QApplication::exit(0);
            });
        }
        return handled;
    }

private:
    bool m_painted = false;
};

}  // namespace

int main(int argc, char** argv) {
    const QApplication application(argc, argv);
    Window window;
    window.setCentralWidget(new QCustomPlot);
    window.resize(1440, 900);
    window.show();
    return QApplication::exec();
}
