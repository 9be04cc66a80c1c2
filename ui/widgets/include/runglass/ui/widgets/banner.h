// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "runglass/ui/widgets/chip.h"

class QLabel;
class QPushButton;
class QToolButton;

namespace runglass::ui {

/// A message at the top of what it is about, with at most one button.
class Banner : public QWidget {
    Q_OBJECT
public:
    explicit Banner(Tone tone, const QString& text, QWidget* parent = nullptr);
    void setTone(Tone tone);
    void setText(const QString& text);
    [[nodiscard]] QString text() const;
    void setButton(const QString& text);
    /// A cross at the right that hides the banner.
    void setClosable(bool closable);

Q_SIGNALS:
    void clicked();
    void closed();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Tone m_tone;
    QLabel* m_label;
    QPushButton* m_button;
    QToolButton* m_close;
};

}  // namespace runglass::ui
