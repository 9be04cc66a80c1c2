// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHeaderView>

namespace runglass::ui {

/// Header of the run table. The first sections can be pinned: they are painted, and take the mouse, at the
/// left edge however far the rest is scrolled.
class RunHeader final : public QHeaderView {
    Q_OBJECT
public:
    explicit RunHeader(QWidget* parent = nullptr);

    void setPinnedCount(int count);
    [[nodiscard]] int pinnedCount() const { return m_pinned; }
    /// Right edge of the pinned sections.
    [[nodiscard]] int pinnedWidth() const;
    /// Left edge of a section in the viewport, pinned or not.
    [[nodiscard]] int sectionLeft(int logicalIndex) const;
    /// Section under `x` of the viewport; −1 beyond the last.
    [[nodiscard]] int sectionAt(int x) const;

    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void paintSection(QPainter* painter, const QRect& rect, int logicalIndex) const override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;

private:
    /// A mouse event over the pinned part, moved to where the base class believes those sections to be.
    [[nodiscard]] QMouseEvent translated(QMouseEvent* event) const;

    int m_pinned = 0;
};

}  // namespace runglass::ui
