// SPDX-License-Identifier: GPL-3.0-or-later
#include "navigation_rail.h"

#include <QBoxLayout>
#include <QKeyEvent>

#include "place.h"
#include "runglass/ui/theme/icons.h"
#include "runglass/ui/theme/paint.h"

namespace runglass::ui {

RailButton::RailButton(const QString& icon, const QString& text, QWidget* parent)
    : FlatButton(parent)
    , m_icon(icon) {
    setText(text);
    setCheckable(true);
    setAccessibleName(text);
}

void RailButton::setBadge(int count) {
    if (count != m_badge) {
        m_badge = count;
        setAccessibleDescription(count > 0 ? tr("%n running", nullptr, count) : QString());
        update();
    }
}

QSize RailButton::sizeHint() const {
    return {qRound(Theme::current().metric("size.rail")), qRound(Theme::current().metric("size.railItem"))};
}

void RailButton::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    const bool current = isChecked();
    const bool hover = underMouse() && isEnabled();
    if (current) {
        painter.fillRect(QRect(0, 8, 2, height() - 16), themeColor(Token::AccentBase));
    }
    const QColor icon = themeColor(!isEnabled() ? Token::TextDisabled
                                   : current    ? Token::AccentBase
                                   : hover      ? Token::TextPrimary
                                                : Token::TextSecondary);
    paintIcon(&painter, QRectF(0, 8, width(), 20), m_icon, icon, 20);
    painter.setFont(Theme::current().font(TextRole::Micro, current ? 500 : 400));
    painter.setPen(themeColor(!isEnabled()       ? Token::TextDisabled
                              : current || hover ? Token::TextPrimary
                                                 : Token::TextSecondary));
    painter.drawText(QRect(0, 31, width(), 14), Qt::AlignCenter, text());
    if (m_badge > 0) {
        paintBadge(&painter, QPointF(width() / 2.0 + 11, 11), QString::number(m_badge), Token::StatusRunning);
    }
    if (showsFocus()) {
        paintFocusRing(&painter, QRectF(rect()).adjusted(3, 2, -3, -2), 4);
    }
}

NavigationRail::NavigationRail(QWidget* parent)
    : QWidget(parent) {
    setObjectName(QStringLiteral("rail"));
    setAccessibleName(tr("Places"));
    setFixedWidth(qRound(Theme::current().metric("size.rail")));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 4);
    column->setSpacing(0);
    for (const Place& place : places()) {
        const QString name = QLatin1String(place.name);
        auto* button = new RailButton(QLatin1String(place.icon), placeTitle(place), this);
        button->setObjectName(QStringLiteral("rail.") + name);
        connect(button, &QAbstractButton::clicked, this, [this, name, button] {
            button->setChecked(true);
            Q_EMIT placeRequested(name);
        });
        m_buttons.insert(name, button);
        column->addWidget(button);
    }
    column->addStretch(1);
    auto* settings = new RailButton(QStringLiteral("settings"), tr("Settings"), this);
    settings->setObjectName(QStringLiteral("rail.settings"));
    settings->setCheckable(false);
    connect(settings, &QAbstractButton::clicked, this, &NavigationRail::settingsRequested);
    column->addWidget(settings);
}

void NavigationRail::setCurrent(const QString& place) {
    for (auto it = m_buttons.begin(); it != m_buttons.end(); ++it) {
        it.value()->setChecked(it.key() == place);
    }
}

void NavigationRail::setPlacesEnabled(bool enabled) {
    for (RailButton* button : m_buttons) {
        button->setEnabled(enabled);
    }
}

void NavigationRail::setBadge(const QString& place, int count) {
    if (RailButton* button = m_buttons.value(place)) {
        button->setBadge(count);
    }
}

void NavigationRail::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.fillRect(rect(), themeColor(Token::SurfaceWindow));
    painter.fillRect(QRect(width() - 1, 0, 1, height()), themeColor(Token::BorderDefault));
}

void NavigationRail::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Down || event->key() == Qt::Key_Up) {
        focusNextPrevChild(event->key() == Qt::Key_Down);
        return;
    }
    QWidget::keyPressEvent(event);
}

}  // namespace runglass::ui
