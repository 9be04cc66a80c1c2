// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QTableView>
#include <QWidget>

#include "metrics_model.h"
#include "runglass/ui/widgets/label.h"
#include "runglass/ui/widgets/segmented_control.h"

namespace runglass::ui {

/// The metrics of the compared runs at the right, and their difference said plainly.
class MetricsPanel final : public QWidget {
    Q_OBJECT
public:
    explicit MetricsPanel(QWidget* parent = nullptr);
    void setComparison(const SharedComparison& comparison);
    void setOnlyDifferences(bool only);
    [[nodiscard]] MetricsModel* model() const { return m_model; }
    [[nodiscard]] QTableView* table() const { return m_table; }

private:
    void fitColumns();
    void updateStatement();

    MetricsModel* m_model;
    Label* m_title;
    SegmentedControl* m_value;
    QLabel* m_statement;
    QTableView* m_table;
    Label* m_none;
};

}  // namespace runglass::ui
