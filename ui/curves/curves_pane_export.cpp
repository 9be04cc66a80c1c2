// SPDX-License-Identifier: GPL-3.0-or-later
// What leaves the charts: files, the clipboard, values as a table.
#include <QApplication>
#include <QClipboard>
#include <QMimeData>

#include "chart_card.h"
#include "chart_grid.h"
#include "chart_image.h"
#include "chart_tooltip.h"
#include "chart_values.h"
#include "curve_legend.h"
#include "curves_state.h"
#include "export_dialog.h"
#include "runglass/ui/curves/curves_pane.h"
#include "runglass/ui/theme/theme_scope.h"
#include "runglass/ui/widgets/format.h"
#include "visible_runs.h"

namespace runglass::ui {

namespace {

constexpr double kClipboardScale = 2;

ChartImage imageOf(const ChartCard& card, const CurveLegend& legend, bool dark = false) {
    const ThemeScope theme(dark);
    ChartImage image;
    image.dark = dark;
    image.metric = card.spec().title;
    image.curves = card.data().inPresentTheme();
    image.settings = card.plot().settings();
    image.x = card.plot().xRange();
    image.y = card.plot().yRange();
    image.width = std::max(300, card.plot().width());
    image.colors = legend.scale();
    image.height = chartHeightAround(image, std::max(200, card.plot().height()));
    return image;
}

}  // namespace

void CurvesPane::exportChart(ChartCard* card) {
    auto* dialog =
        new ExportDialog(imageOf(*card, *m_legend), imageOf(*card, *m_legend, true), m_session, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void CurvesPane::copyImage(ChartCard* card) {
    auto image = imageOf(*card, *m_legend);
    image.scale = kClipboardScale;
    auto* content = new QMimeData;
    content->setImageData(chartPicture(image));
    content->setData(QStringLiteral("image/svg+xml"), chartBytes(image, ChartFormat::Svg));
    QApplication::clipboard()->setMimeData(content);
}

void CurvesPane::copyPoints(ChartCard* card) {
    m_copyJob = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [image = imageOf(*card, *m_legend)](jobs::JobContext&) { return chartCsv(image); },
        [](const QByteArray& points) { QApplication::clipboard()->setText(QString::fromUtf8(points)); });
}

void CurvesPane::copyValues() {
    if (m_tooltip->isVisible()) {
        QApplication::clipboard()->setText(tooltipText(m_tooltip->rows(), m_tooltip->smoothing()));
    }
}

void CurvesPane::showValues(ChartCard* card) {
    auto* values = new ChartValues(
        m_session, {card->spec(), card->plot().settings(), card->plot().curves(), card->plot().chosenX()},
        window());
    const auto follow = [this, values] { values->setRuns(m_visible->runs()); };
    connect(m_visible, &VisibleRuns::changed, values, follow);
    connect(m_visible, &VisibleRuns::updated, values, follow);
    follow();
    values->show();
}

}  // namespace runglass::ui
