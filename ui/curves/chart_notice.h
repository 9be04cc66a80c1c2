// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QPushButton;

namespace runglass::ui {

class ChartPlot;
class Label;

/// Lies over the middle of a chart whose curves are all beside what is visible, and says so.
class ChartNotice final : public QWidget {
    Q_OBJECT
public:
    explicit ChartNotice(ChartPlot* plot);

Q_SIGNALS:
    void resetRequested();

private:
    void update();

    ChartPlot* m_plot;
    Label* m_text;
    QPushButton* m_reset;
};

}  // namespace runglass::ui
