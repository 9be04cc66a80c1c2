// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_card.h"

#include <QContextMenuEvent>
#include <QMenu>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include "runglass/model/goal.h"
#include "runglass/ui/theme/icons.h"
#include "runglass/ui/theme/paint.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {
constexpr int kTitle = 26;
constexpr int kButtons = 58;
}  // namespace

ChartCard::ChartCard(ProjectSession* session, Symbol metric, QWidget* parent)
    : QWidget(parent)
    , m_plot(new ChartPlot(this))
    , m_data(new ChartData(session, metric, this))
    , m_pin(makeIconButton(QStringLiteral("pin"), tr("Pin chart"), this))
    , m_more(makeIconButton(QStringLiteral("more"), tr("More"), this)) {
    setObjectName(QStringLiteral("chartCard"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(2, 2, 2, 2);
    layout->setSpacing(0);
    auto* title = new QHBoxLayout;
    title->setContentsMargins(0, 0, 2, 0);
    title->setSpacing(2);
    title->addStretch(1);
    for (auto* button : {m_pin, m_more}) {
        button->setFixedSize(24, kTitle - 2);
        title->addWidget(button);
    }
    layout->addLayout(title);
    layout->addWidget(m_plot, 1);
    setPinned(false);
    connect(m_pin, &QToolButton::clicked, this, [this] { Q_EMIT pinRequested(!m_pinned); });
    connect(m_more, &QToolButton::clicked, this,
            [this] { showMenu(m_more->mapToGlobal(QPoint(0, m_more->height()))); });
    connect(m_data, &ChartData::curvesReady, this,
            [this](const std::vector<DrawnCurve>& curves, const ChartSettings& settings) {
                if (settings != m_plot->settings()) {
                    m_plot->setSettings(settings);
                }
                m_plot->setCurves(curves);
                describe();
                update();
            });
    connect(m_data, &ChartData::robustLimitsReady, m_plot, &ChartPlot::setRobustLimits);
}

void ChartCard::setSettings(const ChartSettings& settings) {
    m_data->setSettings(settings);
}

void ChartCard::setPinned(bool pinned) {
    m_pinned = pinned;
    m_pin->setIcon(pinned ? themedIcon(QStringLiteral("pin"), Token::AccentBase)
                          : themedIcon(QStringLiteral("pin")));
    m_pin->setToolTip(pinned ? tr("Unpin chart") : tr("Pin chart"));
    m_pin->setVisible(pinned || underMouse());
}

void ChartCard::setXRange(std::optional<QCPRange> range) {
    m_plot->setXRange(range);
    const double infinity = std::numeric_limits<double>::infinity();
    m_data->setXRange(range ? range->lower : -infinity, range ? range->upper : infinity);
}

QString ChartCard::remark() const {
    const auto& settings = m_plot->settings();
    QStringList parts;
    if (settings.logY) {
        parts << tr("log");
    }
    if (m_pinned) {
        parts << (settings.x == XAxis::Step       ? tr("step")
                  : settings.x == XAxis::Relative ? tr("relative time")
                                                  : tr("wall time"));
        if (settings.smoothing > 0) {
            parts << tr("EMA %1").arg(settings.smoothing, 0, 'f', 2);
        }
    }
    std::size_t hidden = 0;
    for (const auto& drawn : m_plot->curves()) {
        hidden += drawn.curve->notShown;
    }
    if (hidden > 0) {
        parts << tr("%1 values ≤ 0 not shown").arg(formatCount(static_cast<std::int64_t>(hidden)));
    }
    return parts.join(QStringLiteral(", "));
}

// The picture in words, for people who cannot see it.
void ChartCard::describe() {
    const auto& curves = m_plot->curves();
    const auto name = projectText(metric().text());
    const auto goal = model::goalOf(metric().text());
    QString best;
    std::optional<double> bestValue;
    for (const auto& drawn : curves) {
        const auto& raw = drawn.curve->raw;
        const auto extent = raw.pyramid.extent(raw.ys, 0, raw.ys.size());
        if (goal == model::Goal::Unknown || extent.empty()) {
            continue;
        }
        const bool least = goal == model::Goal::Minimize;
        const double value = least ? extent.min : extent.max;
        if (!bestValue || (least ? value < *bestValue : value > *bestValue)) {
            bestValue = value;
            best = drawn.name;
        }
    }
    auto text =
        curves.size() == 1 ? tr("%1, 1 run").arg(name) : tr("%1, %2 runs").arg(name).arg(curves.size());
    if (bestValue) {
        text += tr("; best %1 %2").arg(best, formatMetric(*bestValue));
    }
    m_plot->setAccessibleName(name);
    m_plot->setAccessibleDescription(text);
}

void ChartCard::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    auto& theme = Theme::current();
    paintBox(&painter, QRectF(rect()), theme.color(Token::ChartBg),
             theme.color(m_pinned ? Token::BorderStrong : Token::BorderDefault), theme.metric("radius.card"));
    const auto name = projectText(metric().text());
    const auto font = Theme::verbatim(theme.font(TextRole::Body, 500), name);
    const QFontMetrics metrics(font);
    QRect area(10, 2, width() - 10 - kButtons, kTitle);
    painter.setFont(font);
    painter.setPen(theme.color(Token::TextPrimary));
    const auto shown = metrics.elidedText(name, Qt::ElideMiddle, area.width());
    painter.drawText(area, Qt::AlignVCenter, shown);
    area.setLeft(area.left() + metrics.horizontalAdvance(shown) + 6);
    painter.setFont(theme.font(TextRole::Caption));
    painter.setPen(theme.color(Token::TextTertiary));
    painter.drawText(area, Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(remark(), Qt::ElideRight, area.width()));
}

void ChartCard::enterEvent(QEnterEvent* event) {
    QWidget::enterEvent(event);
    m_pin->show();
}

void ChartCard::leaveEvent(QEvent* event) {
    QWidget::leaveEvent(event);
    m_pin->setVisible(m_pinned);
}

void ChartCard::contextMenuEvent(QContextMenuEvent* event) {
    showMenu(event->globalPos());
}

void ChartCard::showMenu(const QPoint& globalPosition) {
    QMenu menu(this);
    auto* log = menu.addAction(tr("Log y"));
    log->setCheckable(true);
    log->setChecked(m_plot->settings().logY);
    connect(log, &QAction::triggered, this, &ChartCard::logYRequested);
    connect(menu.addAction(m_pinned ? tr("Unpin chart") : tr("Pin chart")), &QAction::triggered, this,
            [this] { Q_EMIT pinRequested(!m_pinned); });
    connect(menu.addAction(tr("Fit")), &QAction::triggered, m_plot, &ChartPlot::zoomReset);
    menu.addSeparator();
    connect(menu.addAction(tr("Export chart…")), &QAction::triggered, this, &ChartCard::exportRequested);
    menu.exec(globalPosition);
}

}  // namespace runglass::ui
