// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <optional>

#include "chart_data.h"
#include "chart_plot.h"

class QMenu;
class QToolButton;

namespace runglass::ui {

/// A chart in its frame: title, what is drawn, pin and menu. Dragged by its title it changes places.
class ChartCard final : public QWidget {
    Q_OBJECT
public:
    ChartCard(ProjectSession* session, ChartSpec spec, QWidget* parent);

    [[nodiscard]] Symbol id() const { return m_data->spec().id; }
    [[nodiscard]] const ChartSpec& spec() const { return m_data->spec(); }
    [[nodiscard]] ChartPlot& plot() const { return *m_plot; }
    [[nodiscard]] ChartData& data() const { return *m_data; }
    void setSettings(const ChartSettings& settings);
    void setPinned(bool pinned);
    void togglePin() { Q_EMIT pinRequested(!m_pinned); }
    [[nodiscard]] bool isPinned() const { return m_pinned; }
    void setEnlarged(bool enlarged);
    void setXRange(std::optional<QCPRange> range);
    /// The picture in words: "val/loss, 7 runs, step 0 to 4000, log; best cnn s3 0.0312".
    [[nodiscard]] QString summary() const;

Q_SIGNALS:
    /// The owner fills the menu with what can be done to the chart.
    void menuRequested(QMenu* menu);
    void pinRequested(bool pinned);
    void enlargeRequested();
    void draggedOver(const QPoint& globalPosition);
    void dropped(const QPoint& globalPosition);

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void showMenu(const QPoint& globalPosition);
    void showButtons(bool near);
    [[nodiscard]] QString remark() const;
    void paintLineNames(QPainter* painter, QRect* area) const;

    ChartPlot* m_plot;
    ChartData* m_data;
    QToolButton* m_enlarge;
    QToolButton* m_pin;
    QToolButton* m_more;
    bool m_pinned = false;
    bool m_enlarged = false;
    bool m_keyboardFocus = false;
    std::optional<QPoint> m_pressedAt;
    bool m_dragging = false;
};

}  // namespace runglass::ui
