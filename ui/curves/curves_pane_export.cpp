// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFileDialog>
#include <QMessageBox>

#include "chart_card.h"
#include "chart_image.h"
#include "runglass/ui/curves/curves_pane.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

void CurvesPane::exportChart(ChartCard* card) {
    auto name = projectText(card->metric().text());
    name.replace(QLatin1Char('/'), QLatin1Char('-'));
    const auto file = QFileDialog::getSaveFileName(
        window(), tr("Export chart"), name + QStringLiteral(".svg"),
        tr("SVG (*.svg);;PDF (*.pdf);;PNG (*.png);;CSV with the points (*.csv)"));
    if (file.isEmpty()) {
        return;
    }
    ChartImage image;
    image.metric = projectText(card->metric().text());
    image.curves = card->plot().curves();
    image.settings = card->plot().settings();
    image.x = card->plot().xRange();
    image.y = card->plot().yRange();
    image.scale = 2;
    const auto written = writeChart(image, file.toStdString());
    if (!written) {
        QMessageBox::warning(window(), tr("Export chart"), projectText(written.error().message));
    }
}

}  // namespace runglass::ui
