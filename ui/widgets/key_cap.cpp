// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/key_cap.h"

#include <cmath>

#include "runglass/ui/theme/paint.h"

namespace runglass::ui {
namespace {

constexpr qreal kGap = 4;
constexpr qreal kHeight = 16;

QFont capFont() {
    return Theme::current().font(TextRole::Micro);
}

qreal capWidth(const QString& key) {
    return qMax(kHeight, std::ceil(QFontMetricsF(capFont()).horizontalAdvance(key)) + 10);
}

}  // namespace

QStringList keyNames(const QKeySequence& keys) {
    if (keys.isEmpty()) {
        return {};
    }
    QString text = keys.toString(QKeySequence::NativeText);
    const int comma = static_cast<int>(text.indexOf(QStringLiteral(", ")));
    if (comma > 0) {
        text.truncate(comma);
    }
    // "Ctrl++" ends in the plus key itself.
    QStringList names;
    if (text.endsWith(QStringLiteral("++"))) {
        names = text.chopped(2).split(QLatin1Char('+'));
        names.push_back(QStringLiteral("+"));
    } else {
        names = text.size() == 1 ? QStringList{text} : text.split(QLatin1Char('+'));
    }
    return names;
}

qreal keyCapsWidth(const QStringList& keys) {
    qreal width = 0;
    for (const QString& key : keys) {
        width += capWidth(key) + kGap;
    }
    return keys.isEmpty() ? 0 : width - kGap;
}

qreal paintKeyCaps(QPainter* painter, const QRectF& rect, const QStringList& keys) {
    const qreal total = keyCapsWidth(keys);
    qreal x = std::round(rect.right() - total);
    const qreal y = std::round(rect.center().y() - kHeight / 2);
    painter->save();
    painter->setFont(capFont());
    for (const QString& key : keys) {
        const QRectF cap(x, y, capWidth(key), kHeight);
        paintBox(painter, cap, themeColor(Token::SurfaceRaised), themeColor(Token::BorderDefault), 3);
        painter->setPen(themeColor(Token::TextSecondary));
        painter->drawText(cap, Qt::AlignCenter, key);
        x += cap.width() + kGap;
    }
    painter->restore();
    return total;
}

KeyCap::KeyCap(const QStringList& keys, QWidget* parent)
    : QWidget(parent)
    , m_keys(keys) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(keys.join(QLatin1Char('+')));
}

QSize KeyCap::sizeHint() const {
    return {static_cast<int>(std::ceil(keyCapsWidth(m_keys))), static_cast<int>(kHeight)};
}

void KeyCap::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    paintKeyCaps(&painter, rect(), m_keys);
}

}  // namespace runglass::ui
