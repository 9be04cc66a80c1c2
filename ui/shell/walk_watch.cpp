// SPDX-License-Identifier: GPL-3.0-or-later
#include "walk_watch.h"

#include "runglass/ui/widgets/format.h"

namespace runglass::ui {
namespace {

constexpr int kLookMs = 150;
constexpr int kBlink = 3;  // looks

}  // namespace

WalkWatch::WalkWatch(QObject* parent)
    : QObject(parent) {
    m_timer.setInterval(kLookMs);
    connect(&m_timer, &QTimer::timeout, this, &WalkWatch::look);
}

void WalkWatch::setSession(ProjectSession* session) {
    m_session = session;
    begin();
}

void WalkWatch::begin() {
    m_looks = 0;
    m_cancelled = false;
    if (m_session) {
        m_timer.start();
    } else {
        m_timer.stop();
        Q_EMIT ended();
    }
}

void WalkWatch::cancel() {
    if (m_session && m_timer.isActive()) {
        m_session->cancelWalk();
    }
}

void WalkWatch::look() {
    const auto walk = m_session ? m_session->walk() : ProjectSession::Walk();
    if (!walk.running) {
        m_timer.stop();
        m_cancelled = walk.cancelled;
        Q_EMIT ended();
    } else if (++m_looks >= kBlink) {
        Q_EMIT progressed(tr("Looking for runs: %1 found in %2 files and folders")
                              .arg(formatCount(static_cast<std::int64_t>(walk.runs)),
                                   formatCount(static_cast<std::int64_t>(walk.done))),
                          static_cast<int>(walk.done), static_cast<int>(walk.total));
    }
}

}  // namespace runglass::ui
