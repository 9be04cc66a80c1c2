// SPDX-License-Identifier: GPL-3.0-or-later
#include "status_bar.h"

#include <QBoxLayout>
#include <QMouseEvent>
#include <QProgressBar>

#include "header_parts.h"
#include "runglass/ui/theme/paint.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/label.h"

namespace runglass::ui {
namespace {

/// Green dot of 7 px: the window follows the project.
class LiveDot final : public QWidget {
public:
    explicit LiveDot(QWidget* parent)
        : QWidget(parent) {
        setFixedSize(8, 16);
    }

protected:
    void paintEvent(QPaintEvent* /*event*/) override {
        QPainter painter(this);
        paintStatus(&painter, rect(), StatusGlyph::Finished, 7);
    }
};

}  // namespace

StatusBar::StatusBar(QWidget* parent)
    : QWidget(parent)
    , m_row(new QHBoxLayout(this))
    , m_text(new Label({}, TextRole::Caption, 400, Token::TextSecondary))
    , m_warning(new Label({}, TextRole::Caption, 400, Token::SemanticWarn))
    , m_warningIcon(new IconLabel(QStringLiteral("warn"), Token::SemanticWarn, 12, this))
    , m_job(new Label({}, TextRole::Caption, 400, Token::TextSecondary))
    , m_progress(new QProgressBar)
    , m_cancel(makeIconButton(QStringLiteral("close"), tr("Cancel")))
    , m_right(new Label({}, TextRole::Caption, 400, Token::TextSecondary))
    , m_dot(new LiveDot(this))
    , m_live(new Label(tr("Live"), TextRole::Caption, 400, Token::TextSecondary)) {
    setObjectName(QStringLiteral("statusBar"));
    setFixedHeight(qRound(Theme::current().metric("size.statusBar")));
    auto* row = m_row;
    row->setContentsMargins(10, 1, 10, 0);
    row->setSpacing(8);
    m_text->setElideMode(Qt::ElideRight);
    m_warning->setElideMode(Qt::ElideRight);
    m_warningIcon->setFixedSize(12, 12);
    row->addWidget(m_text);
    row->addWidget(m_warningIcon);
    row->addWidget(m_warning);
    row->addStretch(1);
    row->addWidget(m_job);
    m_progress->setTextVisible(false);
    m_progress->setFixedSize(72, 4);
    row->addWidget(m_progress);
    m_cancel->setFixedSize(20, 20);
    row->addWidget(m_cancel);
    row->addWidget(m_right);
    row->addWidget(m_dot);
    row->addWidget(m_live);
    setWarning({});
    setLive(false);
    hideJob();
    connect(m_cancel, &QToolButton::clicked, this, &StatusBar::cancelRequested);
}

void StatusBar::setText(const QString& text) {
    m_text->setText(text);
}

void StatusBar::setWarning(const QString& text) {
    m_warning->setText(text);
    m_warning->setVisible(!text.isEmpty());
    m_warningIcon->setVisible(!text.isEmpty());
}

void StatusBar::setRightText(const QString& text) {
    m_right->setText(text);
    m_right->setVisible(!text.isEmpty());
}

void StatusBar::setLive(bool live) {
    m_dot->setVisible(live);
    m_live->setVisible(live);
}

void StatusBar::showJob(const QString& what, int done, int total) {
    m_job->setText(what);
    m_progress->setRange(0, total);
    m_progress->setValue(done);
    for (QWidget* part :
         {static_cast<QWidget*>(m_job), static_cast<QWidget*>(m_progress), static_cast<QWidget*>(m_cancel)}) {
        part->show();
    }
}

void StatusBar::hideJob() {
    for (QWidget* part :
         {static_cast<QWidget*>(m_job), static_cast<QWidget*>(m_progress), static_cast<QWidget*>(m_cancel)}) {
        part->hide();
    }
}

void StatusBar::addItem(QWidget* item) {
    m_row->insertWidget(m_row->indexOf(m_right), item);
}

void StatusBar::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.fillRect(rect(), themeColor(Token::SurfaceWindow));
    painter.fillRect(QRect(0, 0, width(), 1), themeColor(Token::BorderDefault));
}

void StatusBar::mouseReleaseEvent(QMouseEvent* event) {
    if (m_warning->isVisible() && m_warning->geometry().contains(event->position().toPoint())) {
        Q_EMIT warningClicked();
    }
}

}  // namespace runglass::ui
