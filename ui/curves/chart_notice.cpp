// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_notice.h"

#include <QPushButton>
#include <QVBoxLayout>

#include "chart_plot.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/label.h"
#include "x_axis_text.h"

namespace runglass::ui {

ChartNotice::ChartNotice(ChartPlot* plot)
    : QWidget(plot)
    , m_plot(plot)
    , m_text(new Label({}, TextRole::Caption, 400, Token::TextSecondary, this))
    , m_reset(makeButton(tr("Reset zoom"), {}, ButtonKind::Small, this)) {
    setObjectName(QStringLiteral("chartNotice"));
    m_text->setAlignment(Qt::AlignCenter);
    m_reset->setFocusPolicy(Qt::NoFocus);  // the chart keeps its keys, and 0 does the same
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    layout->setSpacing(6);
    layout->addWidget(m_text);
    layout->addWidget(m_reset, 0, Qt::AlignHCenter);
    connect(m_reset, &QPushButton::clicked, this, &ChartNotice::resetRequested);
    connect(plot, &QCustomPlot::afterReplot, this, &ChartNotice::update);
    hide();
}

void ChartNotice::update() {
    const auto missed = m_plot->missed();
    setVisible(missed != ChartPlot::Missed::Nothing);
    if (isHidden()) {
        return;
    }
    if (missed == ChartPlot::Missed::X) {
        const auto range = m_plot->xRange();
        m_text->setText(
            tr("No points between %1 and %2")
                .arg(textOfX(m_plot->settings(), range.lower), textOfX(m_plot->settings(), range.upper)));
    } else {
        const auto range = m_plot->yRange();
        m_text->setText(
            tr("No values from %1 to %2").arg(formatMetric(range.lower), formatMetric(range.upper)));
    }
    const auto area = m_plot->axisRect()->rect();
    const QSize size(std::min(area.width(), sizeHint().width()),
                     std::min(area.height(), sizeHint().height()));
    setGeometry(QRect(area.center() - QPoint(size.width(), size.height()) / 2, size));
}

}  // namespace runglass::ui
