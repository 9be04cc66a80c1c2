// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/chip.h"

#include "runglass/ui/theme/paint.h"

namespace runglass::ui {

Token toneInk(Tone tone) {
    switch (tone) {
        case Tone::Plain:
            return Token::TextPrimary;
        case Tone::Accent:
            return Token::TextLink;
        case Tone::Ok:
            return Token::SemanticOk;
        case Tone::Warn:
            return Token::SemanticWarn;
        case Tone::Danger:
            return Token::SemanticDanger;
        case Tone::Info:
            return Token::SemanticInfo;
    }
    return Token::TextPrimary;
}

Token toneGround(Tone tone) {
    switch (tone) {
        case Tone::Plain:
            return Token::SurfaceBase;
        case Tone::Accent:
            return Token::AccentTint;
        case Tone::Ok:
            return Token::SemanticOkBg;
        case Tone::Warn:
            return Token::SemanticWarnBg;
        case Tone::Danger:
            return Token::SemanticDangerBg;
        case Tone::Info:
            return Token::SemanticInfoBg;
    }
    return Token::SurfaceBase;
}

QString toneIcon(Tone tone) {
    switch (tone) {
        case Tone::Ok:
            return QStringLiteral("check");
        case Tone::Warn:
            return QStringLiteral("warn");
        case Tone::Danger:
            return QStringLiteral("error");
        default:
            return QStringLiteral("info");
    }
}

Chip::Chip(const QString& text, Tone tone, QWidget* parent)
    : QWidget(parent)
    , m_text(text)
    , m_tone(tone) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(text);
}

void Chip::setText(const QString& text) {
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    update();
}

void Chip::setTone(Tone tone) {
    m_tone = tone;
    update();
}

QSize Chip::sizeHint() const {
    const QFontMetrics metrics(Theme::verbatim(Theme::current().font(TextRole::Caption), m_text));
    return {metrics.horizontalAdvance(m_text) + 12, qMax(18, metrics.height() + 4)};
}

QSize Chip::minimumSizeHint() const {
    return {qMin(sizeHint().width(), 32), sizeHint().height()};
}

void Chip::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    const QFontMetrics metrics(Theme::verbatim(Theme::current().font(TextRole::Caption), m_text));
    paintChip(&painter, rect(), metrics.elidedText(m_text, Qt::ElideMiddle, width() - 10), toneInk(m_tone),
              toneGround(m_tone));
}

Badge::Badge(QWidget* parent)
    : QWidget(parent) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void Badge::setCount(int count) {
    m_count = count;
    setVisible(count > 0);
    setAccessibleName(QString::number(count));
    resize(sizeHint());
    update();
}

QSize Badge::sizeHint() const {
    const QFontMetrics metrics(Theme::current().font(TextRole::Micro, 600));
    return {qMax(14, metrics.horizontalAdvance(QString::number(m_count)) + 8), 14};
}

void Badge::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    paintBadge(&painter, QRectF(rect()).center(), QString::number(m_count), Token::StatusRunning);
}

}  // namespace runglass::ui
