// SPDX-License-Identifier: GPL-3.0-or-later
#include "color_scale_bar.h"

#include <QCoreApplication>
#include <cmath>

#include "runglass/ui/theme/paint.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

constexpr int kBar = 120;
constexpr int kBarHeight = 8;
constexpr int kGap = 6;

QString translated(const char* text) {
    return QCoreApplication::translate("CurveLegend", text);
}

// Most params are whole numbers, and written so.
QString ofParam(double value) {
    return value == std::floor(value) && std::abs(value) < 1e6 ? formatExact(value) : formatMetric(value);
}

}  // namespace

QString NamedScale::text() const {
    return translated(QT_TRANSLATE_NOOP("CurveLegend", "%1 from %2 to %3"))
        .arg(title, ofParam(scale.lower), ofParam(scale.upper));
}

int paintScaleBar(QPainter* painter, const NamedScale& scale, int x, int top, int height) {
    auto& theme = Theme::current();
    const auto text = [&](const QString& words, Token token) {
        painter->setPen(theme.color(token));
        const int width = painter->fontMetrics().horizontalAdvance(words);
        painter->drawText(QRect(x, top, width + 1, height), Qt::AlignVCenter, words);
        x += width + kGap;
    };
    text(scale.title, Token::TextSecondary);
    text(ofParam(scale.scale.lower), Token::TextTertiary);
    for (int i = 0; i < kBar; ++i) {
        painter->fillRect(QRect(x + i, top + (height - kBarHeight) / 2, 1, kBarHeight),
                          theme.sequential((i + 0.5) / kBar));
    }
    x += kBar + kGap;
    text(ofParam(scale.scale.upper), Token::TextTertiary);
    if (scale.scale.log) {
        text(translated(QT_TRANSLATE_NOOP("CurveLegend", "log")), Token::TextTertiary);
    }
    return x - kGap;
}

}  // namespace runglass::ui
