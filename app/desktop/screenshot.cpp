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
        m_quiet.start(kQuietMs);
    }
    return false;
}

void Screenshot::look() {
    auto* session = m_window->session();
    const auto* view = m_window->currentView();
    const bool late = m_since.elapsed() >= kLongestMs;
    if (session != nullptr && !late && (!session->loaded() || view == nullptr || !view->isSettled())) {
        m_quiet.start(kQuietMs);
        return;
    }
    if (session != nullptr && !late && !m_filled) {
        // What the page asked for after the runs came is on its way; and a comparison needs two of them.
        m_filled = true;
        const auto& shown = session->shown();
        if (session->selection().size() < 2 && shown.size() >= 2 &&
            m_window->currentPlace() == QLatin1String("compare")) {
            session->select({shown[shown.size() - 2], shown.back()});
        }
        m_quiet.start(2 * kQuietMs);
        return;
    }
    take();
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
