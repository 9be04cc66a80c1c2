// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <optional>

#include "chart_data.h"
#include "chart_plot.h"

class QToolButton;

namespace runglass::ui {

/// A chart in its frame: title, what is drawn, pin and menu.
class ChartCard final : public QWidget {
    Q_OBJECT
public:
    ChartCard(ProjectSession* session, Symbol metric, QWidget* parent);

    [[nodiscard]] Symbol metric() const { return m_data->metric(); }
    [[nodiscard]] ChartPlot& plot() const { return *m_plot; }
    [[nodiscard]] ChartData& data() const { return *m_data; }
    void setSettings(const ChartSettings& settings);
    void setPinned(bool pinned);
    void setXRange(std::optional<QCPRange> range);

Q_SIGNALS:
    void pinRequested(bool pinned);
    void logYRequested(bool on);
    void exportRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void showMenu(const QPoint& globalPosition);
    void describe();
    [[nodiscard]] QString remark() const;

    ChartPlot* m_plot;
    ChartData* m_data;
    QToolButton* m_pin;
    QToolButton* m_more;
    bool m_pinned = false;
};

}  // namespace runglass::ui
