// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "runglass/model/status.h"

namespace runglass::ui {

/// The glyph of a run's state, 14 × 18.
class StatusMark final : public QWidget {
    Q_OBJECT
public:
    explicit StatusMark(QWidget* parent = nullptr);
    void setStatus(model::RunStatus status);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    model::RunStatus m_status = model::RunStatus::Scheduled;
};

}  // namespace runglass::ui
