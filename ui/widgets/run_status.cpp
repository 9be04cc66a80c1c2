// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/run_status.h"

#include <QCoreApplication>

namespace runglass::ui {

StatusGlyph statusGlyph(model::RunStatus status) {
    switch (status) {
        case model::RunStatus::Scheduled:
            return StatusGlyph::Scheduled;
        case model::RunStatus::Running:
            return StatusGlyph::Running;
        case model::RunStatus::Finished:
            return StatusGlyph::Finished;
        case model::RunStatus::Failed:
            return StatusGlyph::Failed;
        case model::RunStatus::Killed:
            return StatusGlyph::Killed;
        case model::RunStatus::Lost:
            break;
    }
    return StatusGlyph::Lost;
}

QString statusText(model::RunStatus status) {
    switch (status) {
        case model::RunStatus::Scheduled:
            return QCoreApplication::translate("RunStatus", "scheduled");
        case model::RunStatus::Running:
            return QCoreApplication::translate("RunStatus", "running");
        case model::RunStatus::Finished:
            return QCoreApplication::translate("RunStatus", "finished");
        case model::RunStatus::Failed:
            return QCoreApplication::translate("RunStatus", "failed");
        case model::RunStatus::Killed:
            return QCoreApplication::translate("RunStatus", "killed");
        case model::RunStatus::Lost:
            break;
    }
    return QCoreApplication::translate("RunStatus", "lost");
}

}  // namespace runglass::ui
