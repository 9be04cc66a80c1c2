// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_preview.h"

#include <QPainter>

#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

namespace {

constexpr int kPadding = 10;
constexpr int kLine = 18;
constexpr int kNameWidth = 40;

}  // namespace

RunPreview::RunPreview(QWidget* parent)
    : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&Theme::current(), &Theme::changed, this, [this] { update(); });
}

void RunPreview::setLines(QList<QPair<QString, QString>> lines) {
    m_lines = std::move(lines);
    QStringList whole;
    for (const auto& [name, value] : m_lines) {
        whole << name + QStringLiteral(": ") + value;
    }
    setAccessibleName(whole.join(QLatin1String("; ")));
    setToolTip(QString());
    updateGeometry();
    update();
}

QSize RunPreview::sizeHint() const {
    return {400, 2 * kPadding - 4 + kLine * (1 + static_cast<int>(m_lines.size()))};
}

void RunPreview::paintEvent(QPaintEvent*) {
    const auto& theme = Theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.color(Token::BorderDefault), 1));
    painter.setBrush(theme.color(Token::SurfacePanel));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    QRectF line(kPadding, kPadding - 2, width() - 2 * kPadding, kLine);
    const QFont title = theme.font(TextRole::Caption, 600);
    painter.setFont(title);
    painter.setPen(theme.color(Token::TextSecondary));
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, tr("What will run"));
    painter.setFont(theme.font(TextRole::Caption));
    painter.setPen(theme.color(Token::TextTertiary));
    painter.drawText(line.adjusted(QFontMetricsF(title).horizontalAdvance(tr("What will run")) + 10, 0, 0, 0),
                     Qt::AlignLeft | Qt::AlignVCenter, tr("without a shell, in the work tree as it is"));
    for (const auto& [name, value] : m_lines) {
        line.translate(0, kLine);
        painter.setFont(theme.font(TextRole::Caption));
        painter.setPen(theme.color(Token::TextTertiary));
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, name);
        const QFont code = Theme::verbatim(theme.font(TextRole::CodeSmall), value);
        painter.setFont(code);
        painter.setPen(theme.color(Token::TextPrimary));
        painter.drawText(line.adjusted(kNameWidth, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                         QFontMetricsF(code).elidedText(value, Qt::ElideMiddle, line.width() - kNameWidth));
    }
}

}  // namespace runglass::ui
