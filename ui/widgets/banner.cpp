// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/banner.h"

#include <QBoxLayout>
#include <QLabel>

#include "runglass/ui/theme/icons.h"
#include "runglass/ui/theme/paint.h"
#include "runglass/ui/widgets/buttons.h"

namespace runglass::ui {

Banner::Banner(Tone tone, const QString& text, QWidget* parent)
    : QWidget(parent)
    , m_tone(tone)
    , m_label(new QLabel(text))
    , m_button(makeButton({}))
    , m_close(makeIconButton(QStringLiteral("close"), tr("Close"))) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(36, 6, 8, 6);
    row->setSpacing(8);
    m_label->setTextFormat(Qt::PlainText);
    m_label->setWordWrap(true);
    m_label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    row->addWidget(m_label, 1);
    row->addWidget(m_button);
    row->addWidget(m_close);
    m_button->hide();
    m_close->hide();
    setMinimumHeight(38);
    setAccessibleName(text);
    connect(m_button, &QPushButton::clicked, this, &Banner::clicked);
    connect(m_close, &QToolButton::clicked, this, [this] {
        hide();
        Q_EMIT closed();
    });
}

void Banner::setTone(Tone tone) {
    m_tone = tone;
    update();
}

void Banner::setText(const QString& text) {
    m_label->setText(text);
    setAccessibleName(text);
}

QString Banner::text() const {
    return m_label->text();
}

void Banner::setButton(const QString& text) {
    m_button->setText(text);
    m_button->setVisible(!text.isEmpty());
}

void Banner::setClosable(bool closable) {
    m_close->setVisible(closable);
}

void Banner::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    paintBox(&painter, rect(), themeColor(toneGround(m_tone)), QColor(), 4);
    paintIcon(&painter, QRectF(10, 0, 16, qMin(height(), 38)), toneIcon(m_tone), themeColor(toneInk(m_tone)));
}

}  // namespace runglass::ui
