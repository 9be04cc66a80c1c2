// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

#include "compare_loader.h"

namespace runglass::ui {

/// Which number of a series stands for a run.
enum class SeriesValue { Last, Min, Max };

std::optional<double> valueOf(const std::optional<model::MetricSummary>& summary, SeriesValue value);

/// The metrics of the compared runs: key, one column a run, for two runs the difference B − A.
class MetricsModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;

    void setComparison(SharedComparison comparison);
    void setValue(SeriesValue value);
    [[nodiscard]] SeriesValue value() const { return m_value; }
    void setOnlyDifferences(bool only);
    [[nodiscard]] int runCount() const;
    /// `val/acc: B is 0.0087 above A.` for two runs; empty otherwise.
    [[nodiscard]] QString statement(int row) const;
    /// The row that a person most likely wants stated: an evaluation metric that differs.
    [[nodiscard]] int rowToState() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void rebuild();
    /// Decimals that the cells of a row share.
    [[nodiscard]] int decimalsOf(int row) const;
    [[nodiscard]] QString textOf(const QModelIndex& index, bool exact) const;
    [[nodiscard]] std::optional<double> numberOf(int row, int run) const;
    [[nodiscard]] std::optional<double> differenceOf(int row) const;

    SharedComparison m_comparison;
    SeriesValue m_value = SeriesValue::Last;
    bool m_onlyDifferences = true;
    std::vector<const compare::MetricRow*> m_rows;
};

}  // namespace runglass::ui
