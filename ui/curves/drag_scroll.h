// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>

class QScrollBar;

namespace runglass::ui {

/// Scrolls a page while something is dragged near its upper or lower edge, or beyond it: the further out, the
/// faster.
class DragScroll final : public QObject {
    Q_OBJECT
public:
    explicit DragScroll(QScrollBar* bar);

    /// Where the mouse is, from the top of a page `height` pixels high.
    void dragAt(int y, int height);
    void stop() { m_timer.stop(); }

    /// Pixels a second; positive is down.
    [[nodiscard]] static double speedAt(int y, int height);

Q_SIGNALS:
    /// The page has moved below the mouse.
    void scrolled();

private:
    void step();

    QScrollBar* m_bar;
    QTimer m_timer;
    double m_speed = 0;
    double m_rest = 0;  ///< of a pixel, not scrolled yet
};

}  // namespace runglass::ui
