// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/toast.h"

#include <QAccessible>
#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QEvent>
#include <QLabel>
#include <QTimer>

#include "runglass/ui/theme/paint.h"
#include "runglass/ui/widgets/buttons.h"

namespace runglass::ui {
namespace {

class Toast final : public QWidget {
public:
    Toast(QWidget* parent, Tone tone, const QString& text)
        : QWidget(parent)
        , m_tone(tone) {
        setObjectName(QStringLiteral("toast"));
        setFixedWidth(qRound(Theme::current().metric("size.toastW")));
        auto* column = new QVBoxLayout(this);
        column->setContentsMargins(14, 8, 8, 8);
        column->setSpacing(6);
        auto* top = new QHBoxLayout;
        auto* label = new QLabel(text);
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        top->addWidget(label, 1);
        auto* close = makeIconButton(QStringLiteral("close"), QCoreApplication::translate("Toast", "Close"));
        connect(close, &QToolButton::clicked, this, &QWidget::deleteLater);
        top->addWidget(close, 0, Qt::AlignTop);
        column->addLayout(top);
        setAccessibleName(text);
        if (tone != Tone::Danger) {
            m_timer.setSingleShot(true);
            connect(&m_timer, &QTimer::timeout, this, &QWidget::deleteLater);
            m_timer.start(kLife);
        }
    }

    void addButton(const QString& text, std::function<void()> action) {
        auto* button = makeButton(text, {}, ButtonKind::Small);
        connect(button, &QPushButton::clicked, this, [this, action = std::move(action)] {
            action();
            deleteLater();
        });
        if (m_buttons == nullptr) {
            m_buttons = new QHBoxLayout;
            m_buttons->addStretch(1);
            static_cast<QVBoxLayout*>(layout())->addLayout(m_buttons);
        }
        m_buttons->addWidget(button);
    }

protected:
    void paintEvent(QPaintEvent* /*event*/) override {
        QPainter painter(this);
        painter.fillRect(rect(), themeColor(Token::SurfaceRaised));
        paintBox(&painter, rect(), QColor(), themeColor(Token::BorderStrong), 0);
        painter.fillRect(QRect(0, 0, 3, height()),
                         themeColor(m_tone == Tone::Plain ? Token::BorderStrong : toneInk(m_tone)));
    }
    void enterEvent(QEnterEvent* /*event*/) override { m_timer.stop(); }
    void leaveEvent(QEvent* /*event*/) override {
        if (m_tone != Tone::Danger) {
            m_timer.start(kLife);
        }
    }

private:
    static constexpr int kLife = 5000;
    Tone m_tone;
    QTimer m_timer;
    QHBoxLayout* m_buttons = nullptr;
};

}  // namespace

ToastStack::ToastStack(QWidget* window, int bottomMargin)
    : QObject(window)
    , m_window(window)
    , m_bottomMargin(bottomMargin) {
    window->installEventFilter(this);
}

QWidget* ToastStack::show(Tone tone, const QString& text, const QString& detail, const QString& actionText,
                          std::function<void()> action) {
    constexpr int kMost = 3;
    if (count() >= kMost) {
        delete m_toasts.takeFirst();
    }
    auto* toast = new Toast(m_window, tone, text);
    if (!detail.isEmpty()) {
        toast->addButton(tr("Copy details"), [text, detail] {
            QApplication::clipboard()->setText(text + QLatin1Char('\n') + detail);
        });
    }
    if (action) {
        toast->addButton(actionText, std::move(action));
    }
    connect(toast, &QObject::destroyed, this, &ToastStack::place);
    m_toasts.push_back(toast);
    toast->adjustSize();
    toast->show();
    toast->raise();
    place();
    QAccessibleEvent event(toast, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
    return toast;
}

int ToastStack::count() const {
    return static_cast<int>(
        std::count_if(m_toasts.begin(), m_toasts.end(), [](const auto& t) { return !t.isNull(); }));
}

bool ToastStack::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_window && event->type() == QEvent::Resize) {
        place();
    }
    return false;
}

void ToastStack::place() {
    m_toasts.removeIf([](const QPointer<QWidget>& toast) { return toast.isNull(); });
    int bottom = m_window->height() - m_bottomMargin - 12;
    for (auto it = m_toasts.rbegin(); it != m_toasts.rend(); ++it) {
        QWidget* toast = *it;
        toast->move(m_window->width() - toast->width() - 12, bottom - toast->height());
        bottom -= toast->height() + 8;
    }
}

}  // namespace runglass::ui
