// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QDialog>
#include <QTimer>
#include <optional>
#include <stop_token>
#include <vector>

#include "chart_data.h"
#include "curve_plottable.h"
#include "runglass/jobs/job.h"
#include "runglass/ui/session/project_session.h"

class QHBoxLayout;
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
    ChartValuesModel(ChartSettings settings, QObject* parent);
    /// Where there are only more rows behind those before, selection and place stay.
    void setContent(std::vector<DrawnCurve> curves, std::vector<double> xs);
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
    [[nodiscard]] bool onlyGrows(const std::vector<DrawnCurve>& curves, const std::vector<double>& xs) const;

    std::vector<DrawnCurve> m_curves;
    ChartSettings m_settings;
    std::vector<double> m_xs;
    bool m_raw = false;
};

/// What such a window shows.
struct ValuesOf {
    ChartSpec spec;
    ChartSettings settings;
    std::vector<DrawnCurve> curves;  ///< at first
    std::optional<QCPRange> x;       ///< nothing: all, and what comes
};

/// The values of one chart in a window of their own, which goes on when points arrive.
class ChartValues final : public QDialog {
    Q_OBJECT
public:
    ChartValues(ProjectSession* session, const ValuesOf& chart, QWidget* parent);
    /// Runs with other points, or other runs.
    void setRuns(const VisibleRuns::List& runs);

private:
    QHBoxLayout* makeFoot(bool smooths);
    void takeCurves(std::vector<DrawnCurve> curves);
    void collect();
    void showContent(std::vector<DrawnCurve> curves, std::vector<double> xs);
    void copy();

    ProjectSession* m_session;
    ChartData* m_data;
    std::optional<QCPRange> m_x;
    std::vector<DrawnCurve> m_curves;
    bool m_fresh = false;  ///< curves came since rows were asked for
    ChartValuesModel* m_model;
    QTableView* m_table;
    QLabel* m_note;
    QTimer m_timer;
    jobs::Job m_job;
};

}  // namespace runglass::ui
