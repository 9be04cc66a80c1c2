// SPDX-License-Identifier: GPL-3.0-or-later
#include "endpoint_item.h"

#include <QUrl>

#include "endpoint.h"
#include "runglass/ui/theme/icons.h"
#include "runglass/ui/theme/paint.h"

namespace runglass::ui {
namespace {

constexpr int kIcon = 12;
constexpr int kGap = 6;
constexpr int kPadding = 6;

QFontMetrics metrics() {
    return QFontMetrics(Theme::current().font(TextRole::Caption));
}

}  // namespace

EndpointItem::EndpointItem(const Endpoint* endpoint, QWidget* parent)
    : FlatButton(parent)
    , m_endpoint(endpoint) {
    setObjectName(QStringLiteral("endpointItem"));
    connect(endpoint, &Endpoint::changed, this, &EndpointItem::showEndpoint);
    showEndpoint();
}

void EndpointItem::showEndpoint() {
    const auto& standing = m_endpoint->standing();
    m_place = standing ? QUrl(QString::fromStdString(standing->uri)).authority() : QString();
    const auto calls = static_cast<int>(m_endpoint->unansweredCount());
    m_warning = calls > 0 ? tr("%n call(s) not answered", nullptr, calls) : QString();
    setVisible(!m_place.isEmpty() || !m_warning.isEmpty());
    const auto said = m_place.isEmpty() ? tr("Not served") : tr("Served at %1").arg(m_place);
    setText(m_warning.isEmpty() ? said : said + QStringLiteral(", ") + m_warning);
    setAccessibleName(text());
    setToolTip(tr("Tracking endpoint: %1").arg(text()));
    updateGeometry();
    update();
}

QSize EndpointItem::sizeHint() const {
    int width = 2 * kPadding - kGap;
    for (const QString& part : {m_place, m_warning}) {
        width += part.isEmpty() ? 0 : kIcon + 4 + metrics().horizontalAdvance(part) + kGap;
    }
    return {width, 20};
}

void EndpointItem::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    if (underMouse()) {
        paintBox(&painter, rect(), themeColor(Token::SurfaceHover), QColor(), 3);
    }
    painter.setFont(Theme::current().font(TextRole::Caption));
    int x = kPadding;
    const auto paintPart = [&](const QString& icon, const QString& text, Token color) {
        if (!text.isEmpty()) {
            paintIcon(&painter, QRectF(x, 0, kIcon, height()), icon, themeColor(color), kIcon);
            painter.setPen(themeColor(color));
            painter.drawText(QRect(x + kIcon + 4, 0, width(), height()), Qt::AlignLeft | Qt::AlignVCenter,
                             text);
            x += kIcon + 4 + metrics().horizontalAdvance(text) + kGap;
        }
    };
    paintPart(QStringLiteral("link"), m_place, Token::TextSecondary);
    paintPart(QStringLiteral("warn"), m_warning, Token::SemanticWarn);
    if (showsFocus()) {
        paintFocusRing(&painter, rect(), 3);
    }
}

}  // namespace runglass::ui
