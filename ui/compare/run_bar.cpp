// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_bar.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>

#include "compare_model.h"
#include "runglass/ui/theme/icons.h"
#include "runglass/ui/theme/paint.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/label.h"
#include "runglass/ui/widgets/run_status.h"

namespace runglass::ui {

namespace {

constexpr int kLeft = 8;
constexpr int kClose = 22;
constexpr int kWidest = 300;
constexpr std::size_t kMostChips = 4;

}  // namespace

RunChip::RunChip(const model::SharedRun& run, const QString& letter, const QColor& color, bool baseline,
                 QWidget* parent)
    : QWidget(parent)
    , m_letter(letter)
    , m_name(projectText(run->name.empty() ? run->id.shortHex() : run->name))
    , m_remark(baseline ? tr("baseline") : statusText(run->status))
    , m_color(color)
    , m_baseline(baseline)
    , m_close(new QToolButton(this)) {
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    setFixedHeight(26);
    setToolTip(m_name + QLatin1Char('\n') + QString::fromStdString(run->id.shortHex()) +
               QStringLiteral(", ") + statusText(run->status));
    setAccessibleName(tr("Run %1, %2, %3").arg(letter, m_name, m_remark));
    setAccessibleDescription(tr("Delete takes it out, the menu key makes it the baseline"));
    setFocusPolicy(Qt::TabFocus);
    m_close->setIcon(themedIcon(QStringLiteral("close")));
    m_close->setIconSize({12, 12});
    m_close->setAutoRaise(true);
    m_close->setToolTip(tr("Take this run out"));
    m_close->setAccessibleName(tr("Take run %1 out").arg(letter));
    connect(m_close, &QToolButton::clicked, this, &RunChip::removed);
}

QSize RunChip::sizeHint() const {
    const QFontMetrics body(Theme::current().font(TextRole::Body, 500));
    const QFontMetrics caption(Theme::current().font(TextRole::Caption));
    const int width = 6 + kLeft + 16 + 16 + body.horizontalAdvance(m_name) + 8 +
                      caption.horizontalAdvance(m_remark) + 4 + kClose;
    return {std::min(width, kWidest), 26};
}

void RunChip::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    paintBox(&painter, rect(), themeColor(Token::SurfaceRaised), themeColor(Token::BorderDefault), 4);
    paintBox(&painter, QRectF(kLeft, height() / 2 - 5, 10, 10), m_color, {}, 2);
    int x = kLeft + 16;
    painter.setPen(themeColor(Token::TextPrimary));
    painter.setFont(Theme::current().font(TextRole::Body, 600));
    painter.drawText(QRect(x, 0, 16, height()), Qt::AlignVCenter, m_letter);
    x += 16;
    const QFontMetrics caption(Theme::current().font(TextRole::Caption));
    const int remark = caption.horizontalAdvance(m_remark) + 8;
    const int room = width() - x - kClose - 4;
    const bool both = room - remark >= 60;
    painter.setFont(Theme::verbatim(Theme::current().font(TextRole::Body, 500), m_name));
    const QString name =
        painter.fontMetrics().elidedText(m_name, Qt::ElideMiddle, both ? room - remark : room);
    painter.drawText(QRect(x, 0, room, height()), Qt::AlignVCenter, name);
    if (both) {
        x += painter.fontMetrics().horizontalAdvance(name) + 8;
        painter.setFont(Theme::current().font(TextRole::Caption));
        painter.setPen(themeColor(Token::TextTertiary));
        painter.drawText(QRect(x, 0, remark, height()), Qt::AlignVCenter, m_remark);
    }
    if (hasFocus()) {
        paintFocusRing(&painter, rect(), 4);
    }
}

void RunChip::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace) {
        Q_EMIT removed();
    } else {
        QWidget::keyPressEvent(event);
    }
}

void RunChip::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    update();
}

void RunChip::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

void RunChip::resizeEvent(QResizeEvent* /*event*/) {
    m_close->setGeometry(width() - kClose - 2, 2, kClose, 22);
}

void RunChip::contextMenuEvent(QContextMenuEvent* event) {
    QMenu menu(this);
    if (!m_baseline) {
        menu.addAction(tr("Make it the baseline"), this, &RunChip::madeBaseline);
    }
    menu.addAction(tr("Take it out"), this, &RunChip::removed);
    menu.exec(event->globalPos());
}

RunBar::RunBar(QWidget* parent)
    : Bar(parent)
    , m_chips(new QHBoxLayout)
    , m_swap(makeIconButton(QStringLiteral("swap"), tr("Swap A and B")))
    , m_add(makeButton(tr("Add runs"), QStringLiteral("plus"), ButtonKind::Quiet))
    , m_copy(makeButton(tr("Copy as"), QStringLiteral("copy"))) {
    m_chips->setSpacing(6);
    row()->addLayout(m_chips);
    row()->addWidget(m_add);
    row()->addStretch();
    row()->addWidget(m_copy);
    m_swap->setParent(this);
    m_swap->hide();
}

void RunBar::setRuns(const std::vector<model::SharedRun>& runs, const QList<QColor>& colors,
                     std::size_t selected) {
    QStringList shown{QString::number(selected)};
    for (std::size_t i = 0; i < runs.size(); ++i) {
        shown << QString::fromStdString(runs[i]->id.hex() + runs[i]->name) + statusText(runs[i]->status) +
                     colors[static_cast<qsizetype>(i)].name();
    }
    if (shown == m_shown) {
        return;
    }
    m_shown = std::move(shown);
    m_chips->removeWidget(m_swap);
    while (auto* item = m_chips->takeAt(0)) {
        if (item->widget() != nullptr) {
            // Not at once: a chip may be what asked for the change.
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
    for (std::size_t i = 0; i < std::min(runs.size(), kMostChips); ++i) {
        auto* chip =
            new RunChip(runs[i], runLetter(static_cast<int>(i)), colors[static_cast<qsizetype>(i)], i == 0);
        const RunId id = runs[i]->id;
        connect(chip, &RunChip::removed, this, [this, id] { Q_EMIT removeRequested(id); });
        connect(chip, &RunChip::madeBaseline, this, [this, id] { Q_EMIT baselineRequested(id); });
        m_chips->addWidget(chip);
        if (i == 0 && runs.size() > 1) {
            m_chips->addWidget(m_swap);
        }
    }
    m_swap->setVisible(runs.size() > 1);
    if (selected > std::min(runs.size(), kMostChips)) {
        m_chips->addWidget(new Label(selected > runs.size()
                                         ? tr("the first %1 of %2 selected runs")
                                               .arg(runs.size())
                                               .arg(formatCount(static_cast<std::int64_t>(selected)))
                                         : tr("and %1 more").arg(runs.size() - kMostChips),
                                     TextRole::Caption, 400, Token::TextTertiary));
    }
    m_copy->setEnabled(runs.size() > 1);
}

}  // namespace runglass::ui
