// SPDX-License-Identifier: GPL-3.0-or-later
#include "fact_list.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QTextLayout>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <tuple>

#include "runglass/ui/theme/paint.h"
#include "runglass/ui/widgets/sparkline.h"

namespace runglass::ui {

namespace {

constexpr int kMargin = 12;
constexpr int kKeyWidth = 112;
constexpr int kNumber = 60;
constexpr int kSparklineGap = 8;
constexpr int kBoxPadding = 8;

QFont codeFont() {
    return Theme::current().font(TextRole::CodeSmall);
}

// In a narrow panel the names need the room more than the lines do.
int sparklineWidth(int lineWidth) {
    constexpr int kLeast = 36;
    constexpr int kMost = 64;
    constexpr int kNames = 80;
    return std::clamp(lineWidth - 2 * kNumber - kSparklineGap - kNames, kLeast, kMost);
}

// Breaks between words, and inside one only where it has no room on a line of its own.
qreal layOutCommand(QTextLayout& layout, qreal width) {
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(option);
    layout.beginLayout();
    qreal height = 0;
    for (auto line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        line.setPosition({0, height});
        height += line.height();
    }
    layout.endLayout();
    return height;
}

// All but the curve, which comes later.
bool sameText(const Fact& a, const Fact& b) {
    const auto text = [](const Fact& fact) {
        return std::tie(fact.key, fact.value, fact.remark, fact.ink, fact.mono, fact.sparklineColor,
                        fact.tooltip, fact.item, fact.mark, fact.chips);
    };
    return text(a) == text(b);
}

}  // namespace

FactList::FactList(const QString& title, Style style, QWidget* parent)
    : QWidget(parent)
    , m_title(title)
    , m_style(style) {
    announce();
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAccessibleName(title);
    connect(&Theme::current(), &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void FactList::setFacts(std::vector<Fact> facts) {
    if (std::equal(facts.begin(), facts.end(), m_facts.begin(), m_facts.end(), sameText) &&
        isHidden() == facts.empty()) {
        return;  // where the keyboard is and what is selected stays
    }
    const bool sameSize = facts.size() == m_facts.size() && m_style != Style::Box;
    // Curves that are there already stay until the new ones arrive.
    for (std::size_t i = 0; i < std::min(facts.size(), m_facts.size()); ++i) {
        if (facts[i].key == m_facts[i].key && facts[i].sparklineColor == m_facts[i].sparklineColor) {
            facts[i].sparkline = std::move(m_facts[i].sparkline);
        }
    }
    const auto at = static_cast<std::size_t>(std::max(0, m_current));
    const bool stays = at < facts.size() && at < m_facts.size() && facts[at].key == m_facts[at].key;
    m_facts = std::move(facts);
    ++m_revision;
    m_current = stays ? m_current : -1;
    const bool opens = std::any_of(m_facts.begin(), m_facts.end(), [](const Fact& f) { return f.item >= 0; });
    setFocusPolicy(opens ? Qt::TabFocus : Qt::NoFocus);
    setMouseTracking(opens);
    setVisible(!m_facts.empty());
    if (!sameSize) {
        updateGeometry();
    }
    update();
}

void FactList::setSparkline(int row, std::vector<double> values) {
    if (row >= 0 && row < static_cast<int>(m_facts.size())) {
        m_facts[static_cast<std::size_t>(row)].sparkline = std::move(values);
        update();
    }
}

void FactList::setTitle(const QString& title) {
    m_title = title;
    setAccessibleName(title);
    update();
}

void FactList::setRemark(const QString& remark) {
    m_remark = remark;
    update();
}

int FactList::headHeight() const {
    return m_title.isEmpty() ? 4 : 28;
}

int FactList::lineHeight() const {
    switch (Theme::current().density()) {
        case Density::Compact:
            return 18;
        case Density::Normal:
            return m_style == Style::Numbers || m_style == Style::Models ? 22 : 20;
        case Density::Comfortable:
            break;
    }
    return 24;
}

QSize FactList::sizeHint() const {
    const int lines = static_cast<int>(m_facts.size()) * lineHeight();
    return {200, m_style == Style::Box ? heightForWidth(width()) : headHeight() + lines + 8};
}

int FactList::heightForWidth(int width) const {
    if (m_style != Style::Box) {
        return sizeHint().height();
    }
    if (m_facts.empty()) {
        return 0;
    }
    QTextLayout layout(m_facts[0].value, codeFont());
    const auto text = layOutCommand(layout, std::max(60, width - 2 * kMargin - 2 * kBoxPadding));
    return headHeight() + static_cast<int>(std::ceil(text)) + 2 * kBoxPadding + 12;
}

QRect FactList::boxRect() const {
    return {kMargin, headHeight(), width() - 2 * kMargin, height() - headHeight() - 12};
}

int FactList::rowAt(int y) const {
    const int row = m_style == Style::Box ? 0 : (y - headHeight()) / lineHeight();
    return y >= headHeight() && row < static_cast<int>(m_facts.size()) ? row : -1;
}

void FactList::paintEvent(QPaintEvent* event) {
    QPainter painter(this);
    paintHead(&painter);
    if (m_style == Style::Box) {
        const auto box = boxRect();
        paintBox(&painter, QRectF(box), themeColor(Token::SurfacePanel), themeColor(Token::BorderDefault), 4);
        if (!m_facts.empty()) {
            QTextLayout layout(m_facts[0].value, codeFont());
            layOutCommand(layout, box.width() - 2 * kBoxPadding);
            painter.setPen(themeColor(Token::TextPrimary));
            layout.draw(&painter, box.topLeft() + QPoint(kBoxPadding, kBoxPadding));
        }
        return;
    }
    const int first = std::max(0, (event->rect().top() - headHeight()) / lineHeight());
    for (int row = first; row < static_cast<int>(m_facts.size()); ++row) {
        const QRect line(kMargin, headHeight() + row * lineHeight(), width() - 2 * kMargin, lineHeight());
        if (line.top() > event->rect().bottom()) {
            break;
        }
        const auto& fact = m_facts[static_cast<std::size_t>(row)];
        switch (m_style) {
            case Style::Numbers:
                paintNumbers(&painter, line, fact);
                break;
            case Style::Files:
                paintFile(&painter, line, fact);
                break;
            case Style::Models:
                paintModel(&painter, line, fact);
                break;
            case Style::Facts:
            case Style::Box:
                paintFact(&painter, line, fact);
        }
        if (row == m_current && hasFocus()) {
            paintFocusRing(&painter, QRectF(line.adjusted(-4, 0, 4, 0)), 3);
        }
    }
}

void FactList::paintHead(QPainter* painter) const {
    painter->setPen(hairPen(Token::BorderSubtle));
    painter->drawLine(0, height() - 1, width(), height() - 1);
    if (m_title.isEmpty()) {
        return;
    }
    QRect head(kMargin, 4, width() - 2 * kMargin, headHeight() - 6);
    const auto strong = Theme::current().font(TextRole::Body, 600);
    painter->setFont(strong);
    painter->setPen(themeColor(Token::TextPrimary));
    painter->drawText(head, Qt::AlignVCenter, m_title);
    painter->setFont(Theme::current().font(TextRole::Caption));
    painter->setPen(themeColor(Token::TextTertiary));
    if (m_style == Style::Numbers) {
        const int right = head.right() - sparklineWidth(head.width()) - kSparklineGap;
        painter->drawText(QRect(right - kNumber, head.top(), kNumber, head.height()),
                          Qt::AlignVCenter | Qt::AlignRight, tr("last"));
        painter->drawText(QRect(right - 2 * kNumber, head.top(), kNumber, head.height()),
                          Qt::AlignVCenter | Qt::AlignRight, tr("best"));
        return;
    }
    head.setLeft(head.left() + QFontMetrics(strong).horizontalAdvance(m_title) + 8);
    painter->drawText(head, Qt::AlignVCenter,
                      painter->fontMetrics().elidedText(m_remark, Qt::ElideRight, head.width()));
}

void FactList::paintFact(QPainter* painter, const QRect& line, const Fact& fact) const {
    const auto& theme = Theme::current();
    int left = line.left();
    if (!fact.key.isEmpty()) {
        painter->setFont(Theme::verbatim(theme.font(TextRole::Body), fact.key));
        painter->setPen(themeColor(Token::TextSecondary));
        const QRect key(line.left(), line.top(), kKeyWidth - 8, line.height());
        painter->drawText(key, Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(fact.key, Qt::ElideMiddle, key.width()));
        left += kKeyWidth;
    }
    QRect rest(left, line.top(), line.right() - left + 1, line.height());
    painter->setFont(fact.mono ? codeFont() : Theme::verbatim(theme.font(TextRole::Body), fact.value));
    painter->setPen(themeColor(fact.ink));
    const auto value = painter->fontMetrics().elidedText(fact.value, Qt::ElideMiddle, rest.width());
    painter->drawText(rest, Qt::AlignVCenter, value);
    rest.setLeft(rest.left() + painter->fontMetrics().horizontalAdvance(value) + 6);
    if (!fact.remark.isEmpty() && rest.width() > 20) {
        painter->setFont(Theme::verbatim(theme.font(TextRole::Body), fact.remark));
        painter->setPen(themeColor(Token::TextTertiary));
        painter->drawText(rest, Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(fact.remark, Qt::ElideRight, rest.width()));
    }
}

void FactList::paintNumbers(QPainter* painter, const QRect& line, const Fact& fact) const {
    const auto& theme = Theme::current();
    int right = line.right();
    const int sparkline = sparklineWidth(line.width());
    paintSparkline(painter, QRectF(right - sparkline, line.top() + 4, sparkline, line.height() - 8),
                   fact.sparkline, fact.sparklineColor);
    right -= sparkline + kSparklineGap;
    painter->setFont(theme.font(TextRole::Body));
    painter->setPen(themeColor(fact.ink == Token::TextPrimary ? Token::TextSecondary : fact.ink));
    drawTabular(painter, QRectF(right - kNumber, line.top(), kNumber, line.height()),
                Qt::AlignRight | Qt::AlignVCenter, fact.remark);
    right -= kNumber;
    painter->setFont(theme.font(TextRole::Body, 600));
    painter->setPen(themeColor(Token::TextPrimary));
    drawTabular(painter, QRectF(right - kNumber, line.top(), kNumber, line.height()),
                Qt::AlignRight | Qt::AlignVCenter, fact.value);
    constexpr int kFree = 12;  // of a number's room, beside any but the longest
    right -= fact.value.isEmpty() ? kFree : kNumber;
    painter->setFont(Theme::verbatim(theme.font(TextRole::Body), fact.key));
    const QRect key(line.left(), line.top(), right - line.left() + kFree, line.height());
    // The end of a key says more than its beginning, which is the same for many.
    painter->drawText(key, Qt::AlignVCenter,
                      painter->fontMetrics().elidedText(fact.key, Qt::ElideLeft, key.width()));
}

void FactList::paintFile(QPainter* painter, const QRect& line, const Fact& fact) const {
    const auto& theme = Theme::current();
    painter->setFont(Theme::verbatim(theme.font(TextRole::Body), fact.value));
    const int room = line.width() / 2;
    const auto value = painter->fontMetrics().elidedText(fact.value, Qt::ElideMiddle, room);
    painter->setPen(themeColor(fact.ink == Token::TextPrimary ? Token::TextTertiary : fact.ink));
    painter->drawText(line, Qt::AlignVCenter | Qt::AlignRight, value);
    const int width = line.width() - painter->fontMetrics().horizontalAdvance(value) - 12;
    painter->setFont(Theme::verbatim(theme.font(TextRole::Body), fact.key));
    painter->setPen(themeColor(fact.item >= 0 ? Token::TextLink : Token::TextPrimary));
    painter->drawText(QRect(line.left(), line.top(), width, line.height()), Qt::AlignVCenter,
                      painter->fontMetrics().elidedText(fact.key, Qt::ElideMiddle, width));
}

QString FactList::lineText(int line) const {
    const auto& fact = m_facts[static_cast<std::size_t>(line)];
    if (m_style == Style::Numbers) {
        return tr("%1: best %2, last %3").arg(fact.key, fact.value, fact.remark);
    }
    if (m_style == Style::Models) {
        return fact.remark.isEmpty() ? QStringLiteral("%1: %2").arg(fact.key, fact.value)
                                     : QStringLiteral("%1 (%2): %3").arg(fact.key, fact.remark, fact.value);
    }
    QString text = fact.key.isEmpty() ? fact.value : QStringLiteral("%1: %2").arg(fact.key, fact.value);
    return fact.remark.isEmpty() ? text : text + QLatin1Char(' ') + fact.remark;
}

QRect FactList::textLineRect(int line) const {
    return m_style == Style::Box ? boxRect()
                                 : QRect(0, headHeight() + line * lineHeight(), width(), lineHeight());
}

bool FactList::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int row = rowAt(help->pos().y());
        if (row >= 0) {
            const auto& fact = m_facts[static_cast<std::size_t>(row)];
            const auto text = fact.tooltip.isEmpty() ? fact.value : fact.tooltip;
            QToolTip::showText(
                help->globalPos(),
                Qt::convertFromPlainText(fact.key.isEmpty() ? text : fact.key + QLatin1Char('\n') + text),
                this);
        }
        return true;
    }
    return QWidget::event(event);
}

int FactList::itemAt(int row) const {
    return row >= 0 && row < static_cast<int>(m_facts.size()) ? m_facts[static_cast<std::size_t>(row)].item
                                                              : -1;
}

void FactList::contextMenuEvent(QContextMenuEvent* event) {
    if (event->reason() == QContextMenuEvent::Keyboard) {
        showMenu(m_current, mapToGlobal(textLineRect(std::max(0, m_current)).bottomLeft()));
    } else {
        showMenu(rowAt(event->pos().y()), event->globalPos());
    }
}

void FactList::showMenu(int row, const QPoint& globalPos) {
    if (row < 0) {
        return;
    }
    const auto& fact = m_facts[static_cast<std::size_t>(row)];
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (fact.item >= 0) {
        Q_EMIT menuRequested(fact.item, menu);
        menu->addSeparator();
    }
    const auto copy = [&](const QString& label, const QString& text) {
        connect(menu->addAction(label), &QAction::triggered, this,
                [text] { QGuiApplication::clipboard()->setText(text); });
    };
    copy(tr("Copy value"), fact.tooltip.isEmpty() ? fact.value : fact.tooltip);
    if (!fact.key.isEmpty()) {
        copy(tr("Copy name"), fact.key);
    }
    menu->popup(globalPos);
}

void FactList::mouseMoveEvent(QMouseEvent* event) {
    setCursor(itemAt(rowAt(event->position().toPoint().y())) >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    QWidget::mouseMoveEvent(event);
}

void FactList::mouseReleaseEvent(QMouseEvent* event) {
    const int item = itemAt(rowAt(event->position().toPoint().y()));
    if (event->button() == Qt::LeftButton && rect().contains(event->position().toPoint()) && item >= 0) {
        Q_EMIT activated(item);
    }
}

// To the next row after `from` that can be opened, in steps of `by`.
void FactList::moveTo(int from, int by) {
    for (int row = from; row >= 0 && row < static_cast<int>(m_facts.size()); row += by) {
        if (itemAt(row) >= 0) {
            m_current = row;
            Q_EMIT lineReached(textLineRect(row));
            break;
        }
    }
    update();
}

void FactList::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Down:
            moveTo(m_current + 1, 1);
            return;
        case Qt::Key_Up:
            moveTo(m_current - 1, -1);
            return;
        case Qt::Key_Home:
            moveTo(0, 1);
            return;
        case Qt::Key_End:
            moveTo(static_cast<int>(m_facts.size()) - 1, -1);
            return;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (itemAt(m_current) >= 0) {
                Q_EMIT activated(itemAt(m_current));
                return;
            }
            break;
        default:
            break;
    }
    QWidget::keyPressEvent(event);
}

void FactList::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    if (itemAt(m_current) < 0) {
        moveTo(0, 1);
    }
    update();
}

void FactList::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

}  // namespace runglass::ui
