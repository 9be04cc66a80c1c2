// SPDX-License-Identifier: GPL-3.0-or-later
#include "screenshot.h"

#include <QApplication>
#include <QEvent>
#include <QWidget>
#include <cstdio>

#include "runglass/ui/shell/main_window.h"

namespace runglass {
namespace {

constexpr int kQuietMs = 250;
constexpr qint64 kLongestMs = 30'000;

}  // namespace

Screenshot::Screenshot(ui::MainWindow* window, QString file)
    : QObject(window)
    , m_window(window)
    , m_file(std::move(file)) {
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(kQuietMs);
    connect(&m_quiet, &QTimer::timeout, this, &Screenshot::look);
    window->installEventFilter(this);
    m_since.start();
    m_quiet.start();
}

bool Screenshot::eventFilter(QObject* /*watched*/, QEvent* event) {
    if (event->type() == QEvent::UpdateRequest && m_since.elapsed() < kLongestMs) {
        m_quiet.start();
    }
    return false;
}

void Screenshot::look() {
    const auto* session = m_window->session();
    const auto* view = m_window->currentView();
    const bool ready = session == nullptr || (session->loaded() && view != nullptr && view->isSettled());
    if (ready || m_since.elapsed() >= kLongestMs) {
        take();
    } else {
        m_quiet.start();
    }
}

void Screenshot::take() {
    const QPixmap picture = m_window->grab();
    if (picture.save(m_file, "PNG")) {
        QApplication::exit(0);
    } else {
        std::fprintf(
            stderr, "%s\n",
            qPrintable(QCoreApplication::translate("Screenshot", "%1 could not be written.").arg(m_file)));
        QApplication::exit(1);
    }
}

}  // namespace runglass
