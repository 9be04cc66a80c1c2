// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "compare_model.h"
#include "runglass/ui/widgets/line_text.h"

namespace runglass::ui {

/// The parts of the comparison with the number of differences in each; choosing one goes there.
class PartList final : public QWidget, public LineText {
    Q_OBJECT
public:
    explicit PartList(const CompareModel* model, QWidget* parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;

    [[nodiscard]] QAccessible::Role textRole() const override { return QAccessible::List; }
    [[nodiscard]] int textLines() const override;
    [[nodiscard]] QString lineText(int line) const override;
    [[nodiscard]] quint64 textRevision() const override { return m_revision; }
    [[nodiscard]] int currentTextLine() const override { return m_current; }
    [[nodiscard]] QRect textLineRect(int line) const override;

Q_SIGNALS:
    void chosen(runglass::ui::ComparePart part);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    static int rowHeight();
    [[nodiscard]] int rowAt(int y) const;
    void setCurrent(int row);
    /// How much differs in a part, as it stands beside its name.
    [[nodiscard]] QString countText(ComparePart part) const;

    const CompareModel* m_model;
    int m_current = 0;
    int m_hovered = -1;
    quint64 m_revision = 0;
};

}  // namespace runglass::ui
