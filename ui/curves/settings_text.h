// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <optional>

#include "runglass/ui/curves/chart_settings.h"

namespace runglass::ui {

/// The words for settings in stored views, plot requests and the options of `runglass plot`. They are part of
/// stable formats. Reading gives nothing for an unknown word.
QString textOf(XAxis x);                     ///< step, relative, time, metric
QString textOf(series::SmoothingKind kind);  ///< none, ema, time-ema, gaussian, mean
QString textOf(series::Centre centre);       ///< mean, median, min, max
QString textOf(series::Band band);           ///< none, minmax, sd, se, ci, bootstrap
QString textOf(series::Overlap overlap);     ///< keep, overwrite

std::optional<XAxis> xAxisFromText(const QString& text);
std::optional<series::SmoothingKind> smoothingFromText(const QString& text);
std::optional<series::Centre> centreFromText(const QString& text);
std::optional<series::Band> bandFromText(const QString& text);
std::optional<series::Overlap> overlapFromText(const QString& text);

/// The largest amount that makes sense for a kind of smoothing, and one to begin with.
double mostSmoothing(series::SmoothingKind kind);
double usualSmoothing(series::SmoothingKind kind);

}  // namespace runglass::ui
