// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QWidget>

namespace runglass::ui {

/// One choice of few, in one border. Arrow keys move, a click chooses.
class SegmentedControl : public QWidget {
    Q_OBJECT
public:
    explicit SegmentedControl(QWidget* parent = nullptr);

    /// A part with text, an icon, or both; `tip` names parts that have no text.
    void addPart(const QString& text, const QString& icon = {}, const QString& tip = {});
    [[nodiscard]] int currentIndex() const { return m_current; }
    /// Emits currentChanged() only when a person chose.
    void setCurrentIndex(int index);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void currentChanged(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Part {
        QString text;
        QString icon;
        QString tip;
    };
    [[nodiscard]] int partWidth(const Part& part) const;
    [[nodiscard]] int partAt(const QPoint& position) const;
    [[nodiscard]] QRect partRect(int index) const;
    void choose(int index);

    QList<Part> m_parts;
    int m_current = 0;
    int m_hovered = -1;
    bool m_keyboardFocus = false;
};

}  // namespace runglass::ui
