// SPDX-License-Identifier: GPL-3.0-or-later
#include "part_list.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>

#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

namespace {

constexpr int kParts = static_cast<int>(ComparePart::Count);
constexpr int kTop = 6;

}  // namespace

PartList::PartList(const CompareModel* model, QWidget* parent)
    : QWidget(parent)
    , m_model(model) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Parts of the comparison"));
    connect(model, &QAbstractItemModel::modelReset, this, [this] {
        ++m_revision;
        update();
    });
    announce();
    connect(&Theme::current(), &Theme::changed, this, &QWidget::updateGeometry);
}

int PartList::rowHeight() {
    return std::max(26, Theme::current().lineHeight(TextRole::Body) + 10);
}

QSize PartList::sizeHint() const {
    return {168, 2 * kTop + kParts * rowHeight()};
}

int PartList::rowAt(int y) const {
    const int row = (y - kTop) / rowHeight();
    return y >= kTop && row < kParts ? row : -1;
}

QString PartList::countText(ComparePart part) const {
    const auto& comparison = m_model->comparison();
    if (!comparison) {
        return {};
    }
    if (const int count = m_model->differing(part); count > 0) {
        return QString::number(count);
    }
    if (part == ComparePart::Code) {
        return comparison->code ? tr("equal") : tr("unknown");
    }
    return m_model->total(part) == 0 ? tr("none") : tr("equal");
}

int PartList::textLines() const {
    return kParts;
}

QString PartList::lineText(int line) const {
    const auto part = static_cast<ComparePart>(line);
    const auto count = countText(part);
    if (count.isEmpty()) {
        return partTitle(part);
    }
    return m_model->differing(part) > 0 ? tr("%1, %2 different").arg(partTitle(part), count)
                                        : QStringLiteral("%1, %2").arg(partTitle(part), count);
}

QRect PartList::textLineRect(int line) const {
    return {0, kTop + line * rowHeight(), width(), rowHeight()};
}

void PartList::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    for (int i = 0; i < kParts; ++i) {
        const auto part = static_cast<ComparePart>(i);
        const QRect row = textLineRect(i);
        const bool current = i == m_current;
        if (current || i == m_hovered) {
            painter.fillRect(row, themeColor(!current     ? Token::SurfaceHover
                                             : hasFocus() ? Token::SelectionBg
                                                          : Token::SelectionInactive));
        }
        if (current) {
            painter.fillRect(QRect(0, row.top(), 2, row.height()), themeColor(Token::AccentBase));
        }
        const int count = m_model->differing(part);
        const QRect text = row.adjusted(12, 0, -12, 0);
        painter.setFont(Theme::current().font(TextRole::Body, current ? 500 : 400));
        painter.setPen(themeColor(count > 0 ? Token::TextPrimary : Token::TextTertiary));
        painter.drawText(text, Qt::AlignVCenter | Qt::AlignLeft, partTitle(part));
        painter.setFont(Theme::current().font(TextRole::Caption));
        painter.setPen(themeColor(Token::TextTertiary));
        painter.drawText(text, Qt::AlignVCenter | Qt::AlignRight, countText(part));
    }
}

void PartList::setCurrent(int row) {
    m_current = std::clamp(row, 0, kParts - 1);
    update();
    announcePlace(this);
    Q_EMIT chosen(static_cast<ComparePart>(m_current));
}

void PartList::mousePressEvent(QMouseEvent* event) {
    event->accept();
    if (const int row = rowAt(event->position().toPoint().y()); row >= 0) {
        setCurrent(row);
    }
}

void PartList::mouseMoveEvent(QMouseEvent* event) {
    m_hovered = rowAt(event->position().toPoint().y());
    update();
}

void PartList::leaveEvent(QEvent* /*event*/) {
    m_hovered = -1;
    update();
}

void PartList::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Up:
            setCurrent(m_current - 1);
            break;
        case Qt::Key_Down:
            setCurrent(m_current + 1);
            break;
        case Qt::Key_Home:
            setCurrent(0);
            break;
        case Qt::Key_End:
            setCurrent(kParts - 1);
            break;
        default:
            QWidget::keyPressEvent(event);
    }
}

void PartList::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    update();
}

void PartList::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

}  // namespace runglass::ui
