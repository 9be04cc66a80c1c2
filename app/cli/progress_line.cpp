// SPDX-License-Identifier: GPL-3.0-or-later
#include "progress_line.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>

#include "runglass/base/translate.h"

namespace runglass::cli {

namespace {

using namespace std::chrono_literals;

constexpr auto kSilent = 1s;
constexpr auto kBetween = 100ms;
constexpr const char* kEraseLine = "\r\033[K";  // ECMA-48, EL

}  // namespace

ProgressLine::ProgressLine(const jobs::Progress& progress)
    : m_progress(&progress) {
    if (::isatty(STDERR_FILENO) != 0) {
        m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
    }
}

ProgressLine::~ProgressLine() {
    if (m_thread.joinable()) {
        m_thread.request_stop();
        m_thread.join();
    }
    if (m_shown) {
        std::fputs(kEraseLine, stderr);
    }
}

void ProgressLine::run(const std::stop_token& stop) {
    std::unique_lock lock(m_mutex);
    m_stopped.wait_for(lock, stop, kSilent, [] { return false; });
    while (!stop.stop_requested()) {
        const auto text = tr("Looking for runs: {} of {} files and folders so far", m_progress->done(),
                             m_progress->total());
        std::fputs((kEraseLine + text).c_str(), stderr);
        m_shown = true;
        m_stopped.wait_for(lock, stop, kBetween, [] { return false; });
    }
}

}  // namespace runglass::cli
