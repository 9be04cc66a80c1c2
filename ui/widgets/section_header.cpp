// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/section_header.h"

#include <QMouseEvent>

#include "runglass/ui/theme/icons.h"
#include "runglass/ui/theme/paint.h"
#include "runglass/ui/widgets/focus.h"

namespace runglass::ui {

SectionHeader::SectionHeader(const QString& title, bool foldable, QWidget* parent)
    : QWidget(parent)
    , m_title(title)
    , m_foldable(foldable) {
    setFocusPolicy(foldable ? Qt::TabFocus : Qt::NoFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(title);
}

void SectionHeader::setTitle(const QString& title) {
    m_title = title;
    setAccessibleName(title);
    update();
}

void SectionHeader::setRemark(const QString& remark) {
    m_remark = remark;
    setAccessibleDescription(remark);
    update();
}

void SectionHeader::setFolded(bool folded) {
    if (m_foldable && folded != m_folded) {
        m_folded = folded;
        if (m_content != nullptr) {
            m_content->setVisible(!folded);
        }
        update();
        Q_EMIT foldedChanged(folded);
    }
}

void SectionHeader::setContent(QWidget* content) {
    m_content = content;
    content->setVisible(!m_folded);
}

QSize SectionHeader::sizeHint() const {
    return {120, qRound(Theme::current().metric("size.sectionHeader"))};
}

void SectionHeader::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    int x = 12;
    if (m_foldable) {
        x = 8;
        paintIcon(&painter, QRectF(x, 0, 14, height()),
                  m_folded ? QStringLiteral("chev-r") : QStringLiteral("chev-d"),
                  themeColor(Token::TextSecondary), 12);
        x += 20;
    }
    const QFont titleFont = Theme::current().font(TextRole::Body, 600);
    painter.setFont(titleFont);
    painter.setPen(themeColor(Token::TextPrimary));
    const QFontMetrics metrics(titleFont);
    const QString title = metrics.elidedText(m_title, Qt::ElideMiddle, width() - x - 8);
    painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignLeft | Qt::AlignVCenter, title);
    x += metrics.horizontalAdvance(title) + 8;
    if (!m_remark.isEmpty() && x < width() - 24) {
        const QFont font = Theme::current().font(TextRole::Caption);
        painter.setFont(font);
        painter.setPen(themeColor(Token::TextTertiary));
        painter.drawText(QRect(x, 0, width() - x - 8, height()), Qt::AlignLeft | Qt::AlignVCenter,
                         QFontMetrics(font).elidedText(m_remark, Qt::ElideRight, width() - x - 8));
    }
    if (m_keyboardFocus) {
        paintFocusRing(&painter, rect(), 3);
    }
}

void SectionHeader::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && rect().contains(event->position().toPoint())) {
        setFolded(!m_folded);
    }
}

void SectionHeader::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Space:
        case Qt::Key_Return:
        case Qt::Key_Enter:
            setFolded(!m_folded);
            break;
        case Qt::Key_Left:
            setFolded(true);
            break;
        case Qt::Key_Right:
            setFolded(false);
            break;
        default:
            QWidget::keyPressEvent(event);
    }
}

void SectionHeader::focusInEvent(QFocusEvent* event) {
    m_keyboardFocus = isKeyboardFocus(event->reason());
    update();
}

void SectionHeader::focusOutEvent(QFocusEvent* /*event*/) {
    m_keyboardFocus = false;
    update();
}

}  // namespace runglass::ui
