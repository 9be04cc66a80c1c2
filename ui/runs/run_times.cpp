// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_times.h"

#include <QCoreApplication>

#include "runglass/model/silence.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/run_status.h"

namespace runglass::ui {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("RunTimes", text);
}

/// `37m ago`, `2h ago`, `3d ago`: there is little room, and nobody needs it finer.
QString agoText(std::int64_t ms) {
    const auto minutes = ms / 60'000;
    const auto count = [](std::int64_t number, char unit) {
        return tr("%1 ago").arg(QString::number(number) + QLatin1Char(unit));
    };
    return minutes < 60        ? count(minutes, 'm')
           : minutes < 24 * 60 ? count(minutes / 60, 'h')
                               : count(minutes / (24 * 60), 'd');
}

}  // namespace

QString timesText(const model::RunRecord& run, std::int64_t nowMs) {
    const auto status = statusText(run.status);
    const auto took = run.durationMs(nowMs);
    if (run.endTimeMs && model::isTerminal(run.status)) {  // one that goes on after an end still has that
        const auto end = formatTime(*run.endTimeMs, nowMs);
        return took ? tr("%1 %2, took %3").arg(status, end, formatDuration(*took))
                    : QStringLiteral("%1 %2").arg(status, end);
    }
    if (const auto quiet = model::quietForMs(run, nowMs)) {
        return tr("%1, last logged %2").arg(status, agoText(*quiet));
    }
    return took && run.status == model::RunStatus::Running
               ? tr("%1 for %2").arg(status, formatDuration(*took))
               : status;
}

QString stateTooltip(const model::RunRecord& run, std::int64_t nowMs) {
    const auto status = run.exitCode && *run.exitCode != 0
                            ? tr("%1, exit code %2").arg(statusText(run.status)).arg(*run.exitCode)
                            : statusText(run.status);
    const auto quiet = model::quietForMs(run, nowMs);
    if (!quiet) {
        return status;
    }
    auto text = status + QLatin1Char('\n') + tr("Last logged %1.").arg(agoText(*quiet));
    if (run.source.text() == "runglass") {
        text += QLatin1Char('\n') + tr("If its script has died, Ctrl+. marks the run as ended.");
    }
    return text;
}

}  // namespace runglass::ui
