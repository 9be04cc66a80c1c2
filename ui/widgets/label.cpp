// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/label.h"

#include <QHelpEvent>
#include <QToolTip>
#include <cmath>

#include "runglass/ui/theme/paint.h"

namespace runglass::ui {

Label::Label(const QString& text, TextRole role, int weight, Token color, QWidget* parent)
    : QWidget(parent)
    , m_text(text)
    , m_role(role)
    , m_weight(weight)
    , m_color(color) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAccessibleName(text);
}

void Label::setText(const QString& text) {
    if (text != m_text) {
        m_text = text;
        setAccessibleName(text);
        updateGeometry();
        update();
    }
}

void Label::setColor(Token color) {
    m_color = color;
    update();
}

void Label::setElideMode(Qt::TextElideMode mode) {
    m_elide = mode;
    update();
}

void Label::setAlignment(Qt::Alignment alignment) {
    m_alignment = alignment;
    update();
}

void Label::setVerbatim(bool verbatim) {
    m_verbatim = verbatim;
    updateGeometry();
}

void Label::setTabular(bool tabular) {
    m_tabular = tabular;
    updateGeometry();
}

QFont Label::currentFont() const {
    const QFont font = Theme::current().font(m_role, m_weight);
    return m_verbatim ? Theme::verbatim(font, m_text) : font;
}

QSize Label::sizeHint() const {
    const QFont font = currentFont();
    const QFontMetricsF metrics(font);
    const qreal width = m_tabular ? tabularWidth(font, m_text) : metrics.horizontalAdvance(m_text);
    const QMargins margins = contentsMargins();
    return {static_cast<int>(std::ceil(width)) + 1 + margins.left() + margins.right(),
            qMax(Theme::current().lineHeight(m_role), static_cast<int>(std::ceil(metrics.height()))) +
                margins.top() + margins.bottom()};
}

QSize Label::minimumSizeHint() const {
    const QSize hint = sizeHint();
    return {qMin(hint.width(), 24), hint.height()};
}

void Label::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    const QFont font = currentFont();
    painter.setFont(font);
    painter.setPen(themeColor(isEnabled() ? m_color : Token::TextDisabled));
    if (m_tabular) {
        drawTabular(&painter, contentsRect(), m_alignment, m_text);
        return;
    }
    const QString shown = QFontMetrics(font).elidedText(m_text, m_elide, contentsRect().width());
    painter.drawText(contentsRect(), static_cast<int>(m_alignment) | Qt::TextSingleLine, shown);
}

bool Label::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip && toolTip().isEmpty() && sizeHint().width() > width() + 1) {
        // Text of a project is plain text: without this, a name that looks like HTML would be rendered.
        QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(),
                           QStringLiteral("<qt>") + m_text.toHtmlEscaped() + QStringLiteral("</qt>"), this);
        return true;
    }
    return QWidget::event(event);
}

}  // namespace runglass::ui
