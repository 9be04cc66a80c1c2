// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QDialog>
#include <memory>
#include <stop_token>
#include <vector>

#include "curve_plottable.h"
#include "runglass/jobs/job.h"
#include "runglass/ui/session/project_session.h"

class QCheckBox;
class QLabel;
class QTableView;

namespace runglass::ui {

/// The x of all curves between two ends, each once, ascending; at most `most` of them.
std::vector<double> unionOfX(const std::vector<DrawnCurve>& curves, double lower, double upper,
                             std::size_t most, const std::stop_token& stop);

/// What a chart draws as numbers: a row an x, a column a curve. Cells are looked up when they are shown.
class ChartValuesModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    ChartValuesModel(std::vector<DrawnCurve> curves, ChartSettings settings, QObject* parent);
    void setRows(std::vector<double> xs);
    /// The values as logged instead of those that are drawn.
    void setRaw(bool raw);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// The rows as tab-separated text with a header.
    [[nodiscard]] QString text(int firstRow, int lastRow) const;

private:
    [[nodiscard]] std::optional<double> value(std::size_t curve, double x) const;

    std::vector<DrawnCurve> m_curves;
    ChartSettings m_settings;
    std::vector<double> m_xs;
    bool m_raw = false;
};

/// The values of one chart in a window of their own.
class ChartValues final : public QDialog {
    Q_OBJECT
public:
    ChartValues(ProjectSession* session, const QString& title, std::vector<DrawnCurve> curves,
                const ChartSettings& settings, const QCPRange& x, QWidget* parent);

private:
    void copy();

    ChartValuesModel* m_model;
    QTableView* m_table;
    QLabel* m_note;
    jobs::Job m_job;
};

}  // namespace runglass::ui
