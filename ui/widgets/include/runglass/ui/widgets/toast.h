// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPointer>
#include <QWidget>
#include <functional>

#include "runglass/ui/widgets/chip.h"

namespace runglass::ui {

/// Messages at the bottom right of a window, at most three. Errors stay until closed, others go after five
/// seconds (not while the mouse is over them). Each is also announced to assistive technology.
class ToastStack : public QObject {
    Q_OBJECT
public:
    explicit ToastStack(QWidget* window, int bottomMargin);

    /// `detail` can be copied from an error; `actionText` with `action` adds one button. Returns the message,
    /// which goes when it is deleted.
    QWidget* show(Tone tone, const QString& text, const QString& detail = {}, const QString& actionText = {},
                  std::function<void()> action = {});
    [[nodiscard]] int count() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();

    QWidget* m_window;
    int m_bottomMargin;
    QList<QPointer<QWidget>> m_toasts;
};

}  // namespace runglass::ui
