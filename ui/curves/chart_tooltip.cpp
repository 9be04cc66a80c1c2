// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_tooltip.h"

#include <QMouseEvent>
#include <QPainter>
#include <QToolButton>
#include <algorithm>
#include <cmath>

#include "runglass/ui/theme/paint.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

constexpr std::size_t kMostRows = 12;
constexpr int kPadding = 8;
constexpr int kLine = 18;
constexpr int kHead = 24;
constexpr int kRank = 16;
constexpr int kSwatch = 14;
constexpr int kNumber = 62;
constexpr int kLineSwatch = 18;
constexpr int kGap = 8;
constexpr int kMostName = 220;
constexpr int kOffset = 12;
constexpr int kButton = 22;

}  // namespace

ChartTooltip::ChartTooltip(QWidget* parent)
    : QWidget(parent)
    , m_copy(makeIconButton(QStringLiteral("copy"), tr("Copy values"), this))
    , m_close(makeIconButton(QStringLiteral("close"), tr("Close"), this)) {
    setObjectName(QStringLiteral("chartTooltip"));
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    for (auto* button : {m_copy, m_close}) {
        button->setFixedSize(kButton, kButton);
        button->setFocusPolicy(Qt::NoFocus);  // the chart keeps its keys
        button->hide();
    }
    m_copy->setObjectName(QStringLiteral("tooltipCopy"));
    m_close->setObjectName(QStringLiteral("tooltipClose"));
    connect(m_copy, &QToolButton::clicked, this, &ChartTooltip::copyRequested);
    connect(m_close, &QToolButton::clicked, this, &ChartTooltip::closed);
    hide();
}

void ChartTooltip::setContent(const QString& title, std::vector<TooltipRow> rows, bool smoothing) {
    m_title = title;
    m_rows = std::move(rows);
    m_smoothing = smoothing;
    setAccessibleName(title);
    setAccessibleDescription(tooltipText(m_rows, smoothing).left(4000));
    resize(sizeHint());
    update();
}

void ChartTooltip::setPinned(bool pinned) {
    m_pinned = pinned;
    setAttribute(Qt::WA_TransparentForMouseEvents, !pinned);
    m_copy->setVisible(pinned);
    m_close->setVisible(pinned);
    resize(sizeHint());
    update();
}

void ChartTooltip::setOrder(TooltipOrder order) {
    m_order = order;
    update();
}

std::size_t ChartTooltip::shownRows() const {
    return std::min(m_rows.size(), kMostRows);
}

int ChartTooltip::numberWidth() const {
    int width = kNumber;
    const QFontMetrics metrics(Theme::current().font(TextRole::Caption, 600));
    for (std::size_t i = 0; i < shownRows(); ++i) {
        if (m_rows[i].group) {  // with its band and n
            width = std::max(width, metrics.horizontalAdvance(valueOf(m_rows[i])) + kGap);
        }
    }
    return width;
}

// As wide as a dash can be told by, where dashes say something.
int ChartTooltip::swatchWidth() const {
    const bool dashes =
        std::any_of(m_rows.begin(), m_rows.end(), [](const auto& row) { return row.style != Qt::SolidLine; });
    return dashes ? kLineSwatch + 6 : kSwatch;
}

int ChartTooltip::nameWidth() const {
    const QFontMetrics metrics(Theme::current().font(TextRole::Caption, 600));
    int width = metrics.horizontalAdvance(m_title) - kRank - swatchWidth() + 6;
    for (std::size_t i = 0; i < shownRows(); ++i) {
        const auto& row = m_rows[i];
        const QFontMetrics verbatim(Theme::verbatim(Theme::current().font(TextRole::Caption, 600), row.name));
        width = std::max(width, verbatim.horizontalAdvance(row.name) + 6);
    }
    return std::clamp(width, 60, kMostName);
}

QSize ChartTooltip::sizeHint() const {
    const int numbers = m_smoothing ? numberWidth() + kNumber : numberWidth();
    const auto lines = static_cast<int>(shownRows()) + (m_rows.size() > kMostRows ? 1 : 0);
    const int buttons = m_pinned ? 2 * kButton + 4 : 0;
    return {2 * kPadding + kRank + swatchWidth() + nameWidth() + numbers + buttons,
            kHead + lines * kLine + 6};
}

void ChartTooltip::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    m_close->move(width() - kButton - 3, 2);
    m_copy->move(width() - 2 * kButton - 3, 2);
}

void ChartTooltip::place(const QPoint& anchor, const QRect& within) {
    int x = anchor.x() + kOffset;
    if (x + width() > within.right()) {
        x = anchor.x() - kOffset - width();
    }
    x = std::max(within.left() + 2, x);
    const int y = std::clamp(anchor.y() - height() / 3, within.top() + 2,
                             std::max(within.top() + 2, within.bottom() - height() - 2));
    move(x, y);
    show();
    raise();
}

// The heading over the values that the rows are sorted by.
QRect ChartTooltip::valueHead() const {
    const int right = width() - kPadding - (m_pinned ? 2 * kButton + 4 : 0);
    const int raw = m_smoothing ? kNumber : 0;
    return {right - raw - numberWidth(), 2, numberWidth(), kHead - 4};
}

void ChartTooltip::mousePressEvent(QMouseEvent* event) {
    m_grabbedAt = event->pos();
}

void ChartTooltip::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons() & Qt::LeftButton) {  // out of the way of what it hides
        move(pos() + event->pos() - m_grabbedAt);
    }
}

void ChartTooltip::mouseReleaseEvent(QMouseEvent* event) {
    if (event->pos() != m_grabbedAt || event->pos().y() > kHead) {
        return;
    }
    if (valueHead().contains(event->pos())) {
        Q_EMIT orderRequested(m_order == TooltipOrder::Best       ? TooltipOrder::Largest
                              : m_order == TooltipOrder::Largest  ? TooltipOrder::Smallest
                              : m_order == TooltipOrder::Smallest ? TooltipOrder::Nearest
                                                                  : TooltipOrder::Best);
    } else if (event->pos().x() < valueHead().left()) {
        Q_EMIT orderRequested(TooltipOrder::Name);
    }
}

void ChartTooltip::paintHead(QPainter* painter) const {
    auto& theme = Theme::current();
    const auto head = valueHead();
    painter->setFont(theme.font(TextRole::Caption, 600));
    painter->setPen(theme.color(Token::ChartTooltipText));
    painter->drawText(QRect(kPadding, 2, width() - 2 * kPadding, kHead - 4), Qt::AlignVCenter, m_title);
    painter->setFont(theme.font(TextRole::Caption));
    painter->setPen(theme.color(Token::TextTertiary));
    QString mark;
    switch (m_order) {
        case TooltipOrder::Best:
        case TooltipOrder::Name:
            break;
        case TooltipOrder::Largest:
            mark = QStringLiteral(" ↓");
            break;
        case TooltipOrder::Smallest:
            mark = QStringLiteral(" ↑");
            break;
        case TooltipOrder::Nearest:
            mark = tr(", nearest first");
            break;
    }
    painter->drawText(head.adjusted(-60, 0, 0, 0), Qt::AlignVCenter | Qt::AlignRight,
                      (m_smoothing ? tr("smoothed") : tr("value")) + mark);
    if (m_smoothing) {
        painter->drawText(QRect(head.right() + 1, 2, kNumber, kHead - 4), Qt::AlignVCenter | Qt::AlignRight,
                          tr("raw"));
    }
}

// A group says what stands behind its value.
QString ChartTooltip::valueOf(const TooltipRow& row) const {
    auto text = formatMetric(row.smoothed);
    if (!row.group) {
        return text;
    }
    if (row.n > 1 && std::isfinite(row.lower) && std::isfinite(row.upper)) {
        text =
            row.even
                ? QStringLiteral("%1 ± %2").arg(text, formatMetric(row.upper - row.smoothed))
                : QStringLiteral("%1 (%2 … %3)").arg(text, formatMetric(row.lower), formatMetric(row.upper));
    }
    return tr("%1, n %2").arg(text).arg(row.n);
}

void ChartTooltip::paintRow(QPainter* painter, const TooltipRow& row, int y) const {
    auto& theme = Theme::current();
    const auto plain = theme.font(TextRole::Caption);
    const auto strong = theme.font(TextRole::Caption, 600);
    painter->setFont(plain);
    painter->setPen(theme.color(Token::TextTertiary));
    painter->drawText(QRect(kPadding - 4, y, kRank - 2, kLine), Qt::AlignVCenter | Qt::AlignRight,
                      row.rank > 0 ? QString::number(row.rank) : QString());
    if (swatchWidth() == kSwatch) {
        paintBox(painter, QRectF(kPadding + kRank, y + 5, 8, 8), row.color, QColor(), 2);
    } else {
        painter->setPen(QPen(row.color, 2, row.style, Qt::FlatCap));
        painter->drawLine(QLineF(kPadding + kRank, y + 9, kPadding + kRank + kLineSwatch, y + 9));
    }
    painter->setFont(Theme::verbatim(row.strong ? strong : plain, row.name));
    painter->setPen(theme.color(Token::ChartTooltipText));
    const QRect name(kPadding + kRank + swatchWidth(), y, nameWidth(), kLine);
    painter->drawText(name, Qt::AlignVCenter,
                      painter->fontMetrics().elidedText(row.name, Qt::ElideMiddle, name.width()));
    painter->setFont(row.strong ? strong : plain);
    const QRectF value(valueHead().left(), y, numberWidth(), kLine);
    if (std::isnan(row.smoothed)) {
        painter->setPen(theme.color(Token::SemanticDanger));
    }
    if (row.group) {
        painter->drawText(value, Qt::AlignRight | Qt::AlignVCenter, valueOf(row));
    } else {
        drawTabular(painter, value, Qt::AlignRight | Qt::AlignVCenter, valueOf(row));
    }
    if (m_smoothing) {
        painter->setFont(plain);
        painter->setPen(theme.color(std::isnan(row.raw) ? Token::SemanticDanger : Token::TextTertiary));
        drawTabular(painter, QRectF(value.right(), y, kNumber, kLine), Qt::AlignRight | Qt::AlignVCenter,
                    formatMetric(row.raw));
    }
}

void ChartTooltip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    auto& theme = Theme::current();
    paintBox(&painter, QRectF(rect()), theme.color(Token::ChartTooltipBg),
             theme.color(m_pinned ? Token::AccentBase : Token::ChartTooltipBorder), 4);
    paintHead(&painter);
    int y = kHead;
    for (std::size_t i = 0; i < shownRows(); ++i, y += kLine) {
        paintRow(&painter, m_rows[i], y);
    }
    if (m_rows.size() > kMostRows) {
        painter.setFont(theme.font(TextRole::Caption));
        painter.setPen(theme.color(Token::TextTertiary));
        painter.drawText(
            QRect(kPadding + kRank + swatchWidth(), y, width(), kLine), Qt::AlignVCenter,
            tr("and %1 more").arg(formatCount(static_cast<std::int64_t>(m_rows.size() - kMostRows))));
    }
}

}  // namespace runglass::ui
