// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_card.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QMenu>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include "chart_notice.h"
#include "curve_order.h"
#include "hidden_remark.h"
#include "runglass/model/goal.h"
#include "runglass/ui/theme/icons.h"
#include "runglass/ui/theme/paint.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/focus.h"
#include "runglass/ui/widgets/format.h"
#include "x_axis_text.h"

namespace runglass::ui {

namespace {

constexpr int kTitle = 26;

constexpr int kSample = 18;  // of a dash
constexpr int kNameGap = 8;
constexpr std::size_t kTellMissing = 500;  // fewer are here before they have been read about

QString countOf(std::size_t count) {
    return formatCount(static_cast<std::int64_t>(count));
}

}  // namespace

ChartCard::ChartCard(ProjectSession* session, ChartSpec spec, QWidget* parent)
    : QWidget(parent)
    , m_plot(new ChartPlot(this))
    , m_data(new ChartData(session, std::move(spec), this))
    , m_enlarge(makeIconButton(QStringLiteral("zoom-fit"), tr("Enlarge chart"), this))
    , m_pin(makeIconButton(QStringLiteral("pin"), tr("Pin chart"), this))
    , m_more(makeIconButton(QStringLiteral("more"), tr("More"), this)) {
    setObjectName(QStringLiteral("chartCard"));
    m_enlarge->setObjectName(QStringLiteral("enlargeChart"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(2, 2, 2, 2);
    layout->setSpacing(0);
    auto* title = new QHBoxLayout;
    title->setContentsMargins(0, 0, 2, 0);
    title->setSpacing(2);
    title->addStretch(1);
    for (auto* button : {m_enlarge, m_pin, m_more}) {
        button->setFixedSize(24, kTitle - 2);
        button->setFocusPolicy(Qt::NoFocus);  // Tab goes from chart to chart; each of these has a key
        title->addWidget(button);
    }
    layout->addLayout(title);
    layout->addWidget(m_plot, 1);
    m_plot->installEventFilter(this);
    setPinned(false);
    connect(m_enlarge, &QToolButton::clicked, this, &ChartCard::enlargeRequested);
    connect(m_pin, &QToolButton::clicked, this, [this] { Q_EMIT pinRequested(!m_pinned); });
    connect(m_more, &QToolButton::clicked, this,
            [this] { showMenu(m_more->mapToGlobal(QPoint(0, m_more->height()))); });
    connect(m_data, &ChartData::curvesReady, this,
            [this](const std::vector<DrawnCurve>& curves, const ChartSettings& settings) {
                if (settings != m_plot->settings()) {
                    m_plot->setSettings(settings);
                }
                m_plot->setCurves(curves);
                m_plot->setSummary(m_data->spec().title, summary());
                update();
            });
    connect(m_data, &ChartData::robustLimitsReady, m_plot, &ChartPlot::setRobustLimits);
    connect(new ChartNotice(m_plot), &ChartNotice::resetRequested, m_plot, &ChartPlot::zoomReset);
}

void ChartCard::setSettings(const ChartSettings& settings) {
    m_data->setSettings(settings);
}

void ChartCard::setPinned(bool pinned) {
    m_pinned = pinned;
    m_pin->setIcon(pinned ? themedIcon(QStringLiteral("pin"), Token::AccentBase)
                          : themedIcon(QStringLiteral("pin")));
    m_pin->setToolTip(pinned ? tr("Unpin chart") : tr("Pin chart"));
    showButtons(underMouse());
}

void ChartCard::setEnlarged(bool enlarged) {
    m_enlarged = enlarged;
    m_enlarge->setIcon(themedIcon(enlarged ? QStringLiteral("close") : QStringLiteral("zoom-fit")));
    m_enlarge->setToolTip(enlarged ? tr("Back to all charts") : tr("Enlarge chart"));
    showButtons(underMouse());
}

void ChartCard::showButtons(bool near) {
    m_pin->setVisible(m_pinned || near);
    m_enlarge->setVisible(m_enlarged || near);
}

void ChartCard::setXRange(std::optional<QCPRange> range) {
    m_plot->setXRange(range);
    const double infinity = std::numeric_limits<double>::infinity();
    m_data->setXRange(range ? range->lower : -infinity, range ? range->upper : infinity);
}

QString ChartCard::remark() const {
    const auto& settings = m_plot->settings();
    QStringList parts;
    if (m_data->missing() > kTellMissing) {
        parts << tr("%1 curves to come").arg(countOf(m_data->missing()));
    }
    if (settings.logY) {
        parts << tr("log");
    }
    if (m_pinned || m_enlarged) {
        parts << nameOf(settings);
        const auto smoothing = QString::fromStdString(series::describe(settings.smoothingOf()));
        if (!smoothing.isEmpty()) {
            parts << smoothing;
        }
    } else if (settings.x == XAxis::Metric) {
        parts << tr("over %1").arg(nameOf(settings));
    }
    if (const auto hidden = remarkOnHidden(m_plot->curves()); !hidden.isEmpty()) {
        parts << hidden;
    }
    return parts.join(QStringLiteral(", "));
}

QString ChartCard::summary() const {
    const auto& curves = m_plot->curves();
    const auto& settings = m_plot->settings();
    const auto goal = spec().goal();
    QString best;
    std::optional<double> bestValue;
    std::optional<std::pair<double, double>> x;
    for (const auto& drawn : curves) {
        if (const auto own = drawn.curve->xRange()) {
            x = x ? std::pair(std::min(x->first, own->first), std::max(x->second, own->second)) : *own;
        }
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
    QStringList parts{spec().title};
    const auto count = countOf(curves.size());
    const bool groups = !curves.empty() && curves.front().group;
    parts << (curves.size() == 1 ? (groups ? tr("1 group") : tr("1 run"))
              : groups           ? tr("%1 groups").arg(count)
                                 : tr("%1 runs").arg(count));
    if (x) {
        parts << tr("%1 to %2").arg(textOfX(settings, x->first), textOfX(settings, x->second));
    }
    if (settings.logY) {
        parts << tr("log");
    }
    if (const auto hidden = remarkOnHidden(m_plot->curves()); !hidden.isEmpty()) {
        parts << hidden;
    }
    auto text = parts.join(QStringLiteral(", "));
    return bestValue ? tr("%1; best %2 %3").arg(text, best, formatMetric(*bestValue)) : text;
}

void ChartCard::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    auto& theme = Theme::current();
    paintBox(&painter, QRectF(rect()), theme.color(Token::ChartBg),
             theme.color(m_pinned ? Token::BorderStrong : Token::BorderDefault), theme.metric("radius.card"));
    const auto& name = spec().title;
    const auto font = Theme::verbatim(theme.font(TextRole::Body, 500), name);
    const QFontMetrics metrics(font);
    int right = m_more->x();
    for (const auto* button : {m_pin, m_enlarge}) {
        right = button->isVisible() ? std::min(right, button->x()) : right;
    }
    QRect area(10, 2, std::max(0, right - 14), kTitle);
    painter.setFont(font);
    painter.setPen(theme.color(Token::TextPrimary));
    const auto& lines = spec().lines;
    if (lines.size() > 1) {
        paintLineNames(&painter, &area);
    } else {
        const auto shown = metrics.elidedText(name, Qt::ElideMiddle, area.width());
        painter.drawText(area, Qt::AlignVCenter, shown);
        area.setLeft(area.left() + metrics.horizontalAdvance(shown) + 6);
    }
    painter.setFont(theme.font(TextRole::Caption));
    painter.setPen(theme.color(Token::TextTertiary));
    painter.drawText(area, Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(remark(), Qt::ElideRight, area.width()));
    if (m_keyboardFocus) {
        paintFocusRing(&painter, QRectF(rect()), theme.metric("radius.card"));
    }
}

// A chart of several lines: its title where it has one of its own, and each name behind the dash of its
// lines.
void ChartCard::paintLineNames(QPainter* painter, QRect* area) const {
    const auto metrics = painter->fontMetrics();
    QStringList names;
    for (const auto& line : spec().lines) {
        names << line.name;
    }
    const auto write = [&](const QString& words) {
        const auto shown = metrics.elidedText(words, Qt::ElideMiddle, area->width());
        painter->drawText(*area, Qt::AlignVCenter, shown);
        area->setLeft(area->left() + metrics.horizontalAdvance(shown) + kNameGap);
    };
    if (spec().title != names.join(QStringLiteral(", "))) {
        write(spec().title);
    }
    for (std::size_t i = 0; i < spec().lines.size() && area->width() > kSample; ++i) {
        const auto pen = painter->pen();
        painter->setPen(QPen(themeColor(Token::TextSecondary), 2, lineStyle(i), Qt::FlatCap));
        painter->drawLine(
            QLineF(area->left(), area->center().y() + 0.5, area->left() + kSample, area->center().y() + 0.5));
        painter->setPen(pen);
        area->setLeft(area->left() + kSample + kNameGap / 2);
        write(names[static_cast<qsizetype>(i)]);
    }
}

bool ChartCard::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_plot && (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)) {
        m_keyboardFocus =
            event->type() == QEvent::FocusIn && isKeyboardFocus(static_cast<QFocusEvent*>(event)->reason());
        update();
    }
    return QWidget::eventFilter(watched, event);
}

void ChartCard::enterEvent(QEnterEvent* event) {
    QWidget::enterEvent(event);
    showButtons(true);
    update();
}

void ChartCard::leaveEvent(QEvent* event) {
    QWidget::leaveEvent(event);
    showButtons(false);
    update();
}

void ChartCard::mousePressEvent(QMouseEvent* event) {
    m_plot->setFocus(Qt::MouseFocusReason);  // keys act on the chart that was clicked, wherever in it
    if (event->button() == Qt::LeftButton && event->pos().y() <= kTitle) {
        m_pressedAt = event->pos();
    }
}

void ChartCard::mouseMoveEvent(QMouseEvent* event) {
    if (!m_pressedAt || m_enlarged) {
        return;
    }
    if (!m_dragging) {
        m_dragging = (event->pos() - *m_pressedAt).manhattanLength() >= QApplication::startDragDistance();
        if (m_dragging) {
            setCursor(Qt::ClosedHandCursor);
        }
    }
    if (m_dragging) {
        Q_EMIT draggedOver(mapToGlobal(event->pos()));
    }
}

void ChartCard::mouseReleaseEvent(QMouseEvent* event) {
    m_pressedAt.reset();
    if (std::exchange(m_dragging, false)) {
        unsetCursor();
        Q_EMIT dropped(mapToGlobal(event->pos()));
    }
}

void ChartCard::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->pos().y() <= kTitle) {
        Q_EMIT enlargeRequested();
    }
}

void ChartCard::contextMenuEvent(QContextMenuEvent* event) {
    showMenu(event->globalPos());
}

void ChartCard::showMenu(const QPoint& globalPosition) {
    QMenu menu(this);
    menu.setObjectName(QStringLiteral("chartMenu"));
    Q_EMIT menuRequested(&menu);
    menu.exec(globalPosition);
}

}  // namespace runglass::ui
