// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/status_mark.h"

#include <QPainter>

#include "runglass/ui/theme/paint.h"
#include "runglass/ui/widgets/run_status.h"

namespace runglass::ui {

StatusMark::StatusMark(QWidget* parent)
    : QWidget(parent) {
    setFixedSize(14, 18);
}

void StatusMark::setStatus(model::RunStatus status) {
    m_status = status;
    setToolTip(statusText(status));
    setAccessibleName(statusText(status));
    update();
}

void StatusMark::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paintStatus(&painter, rect(), statusGlyph(m_status));
}

}  // namespace runglass::ui
