// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPainter>
#include <QString>

#include "curve_looks.h"

namespace runglass::ui {

/// A continuous scale of colours, and the param that it stands for.
struct NamedScale {
    QString title;
    ColorScale scale;

    [[nodiscard]] QString text() const;
};

/// One line: title, least value, bar, greatest value. Returns the x where it ends.
int paintScaleBar(QPainter* painter, const NamedScale& scale, int x, int top, int height);

}  // namespace runglass::ui
