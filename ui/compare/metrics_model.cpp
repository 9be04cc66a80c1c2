// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics_model.h"

#include <algorithm>
#include <cmath>

#include "compare_model.h"
#include "runglass/model/goal.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

QString signedMetric(double value, bool exact, int decimals) {
    const QString text = exact ? formatExact(value) : formatMetric(value, decimals);
    return value > 0 ? QLatin1Char('+') + text : text;
}

/// Whether the values that are shown differ. NaN is like NaN here.
bool differs(const compare::MetricRow& row, SeriesValue value) {
    return std::adjacent_find(row.values.begin(), row.values.end(), [value](const auto& a, const auto& b) {
               const auto x = valueOf(a, value);
               const auto y = valueOf(b, value);
               return x != y && !(x && y && std::isnan(*x) && std::isnan(*y));
           }) != row.values.end();
}

}  // namespace

std::optional<double> valueOf(const std::optional<model::MetricSummary>& summary, SeriesValue value) {
    if (!summary || summary->count == 0) {
        return std::nullopt;
    }
    switch (value) {
        case SeriesValue::Min:
            return summary->min;
        case SeriesValue::Max:
            return summary->max;
        case SeriesValue::Last:
            break;
    }
    return summary->last;
}

void MetricsModel::setComparison(SharedComparison comparison) {
    beginResetModel();
    m_comparison = std::move(comparison);
    rebuild();
    endResetModel();
}

void MetricsModel::setValue(SeriesValue value) {
    beginResetModel();  // other values, other rows that differ
    m_value = value;
    rebuild();
    endResetModel();
}

void MetricsModel::setOnlyDifferences(bool only) {
    beginResetModel();
    m_onlyDifferences = only;
    rebuild();
    endResetModel();
}

void MetricsModel::rebuild() {
    m_rows.clear();
    if (!m_comparison) {
        return;
    }
    for (const auto& row : m_comparison->comparison.metrics) {
        if (!m_onlyDifferences || differs(row, m_value)) {
            m_rows.push_back(&row);
        }
    }
    // What the script logged comes before what Runglass sampled of the machine.
    std::stable_partition(m_rows.begin(), m_rows.end(),
                          [](const compare::MetricRow* row) { return !row->key.starts_with("system/"); });
}

int MetricsModel::decimalsOf(int row) const {
    double largest = 0;
    for (int run = 0; run < runCount(); ++run) {
        const auto number = numberOf(row, run);
        largest = number && std::isfinite(*number) ? std::max(largest, std::abs(*number)) : largest;
    }
    return metricDecimals(largest);
}

int MetricsModel::runCount() const {
    return m_comparison ? static_cast<int>(m_comparison->comparison.runs.size()) : 0;
}

std::optional<double> MetricsModel::numberOf(int row, int run) const {
    const auto& values = m_rows[static_cast<std::size_t>(row)]->values;
    return static_cast<std::size_t>(run) < values.size()
               ? valueOf(values[static_cast<std::size_t>(run)], m_value)
               : std::nullopt;
}

std::optional<double> MetricsModel::differenceOf(int row) const {
    const auto a = numberOf(row, 0);
    const auto b = numberOf(row, 1);
    return a && b && std::isfinite(*b - *a) ? std::optional(*b - *a) : std::nullopt;
}

int MetricsModel::rowToState() const {
    int best = 0;
    int bestPoints = -1;
    for (int row = 0; row < rowCount(); ++row) {
        const std::string_view key = m_rows[static_cast<std::size_t>(row)]->key;
        int points = model::goalOf(key) == model::Goal::Maximize   ? 3
                     : model::goalOf(key) == model::Goal::Minimize ? 2
                                                                   : 0;
        points +=
            key.find("val") != std::string_view::npos || key.find("test") != std::string_view::npos ? 4 : 0;
        if (differenceOf(row) && points > bestPoints) {
            best = row;
            bestPoints = points;
        }
    }
    return rowCount() == 0 ? -1 : best;
}

QString MetricsModel::statement(int row) const {
    if (runCount() != 2 || row < 0 || row >= rowCount()) {
        return {};
    }
    const QString key = projectText(m_rows[static_cast<std::size_t>(row)]->key);
    const auto difference = differenceOf(row);
    if (!difference) {
        return tr("%1: no difference can be given, a value is missing or not finite.").arg(key);
    }
    if (*difference == 0) {
        return tr("%1: A and B are equal.").arg(key);
    }
    return (*difference > 0 ? tr("%1: B is %2 above A.") : tr("%1: B is %2 below A."))
        .arg(key, formatMetric(std::abs(*difference)));
}

int MetricsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int MetricsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : 1 + runCount() + (runCount() == 2 ? 1 : 0);
}

QString MetricsModel::textOf(const QModelIndex& index, bool exact) const {
    if (index.column() == 0) {
        return projectText(m_rows[static_cast<std::size_t>(index.row())]->key);
    }
    if (index.column() > runCount()) {
        const auto difference = differenceOf(index.row());
        return difference ? signedMetric(*difference, exact, decimalsOf(index.row())) : QString();
    }
    const auto number = numberOf(index.row(), index.column() - 1);
    return !number ? QString()
           : exact ? formatExact(*number)
                   : formatMetric(*number, decimalsOf(index.row()));
}

QVariant MetricsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) {
        return {};
    }
    switch (role) {
        case Qt::DisplayRole:
            return textOf(index, false);
        case Qt::ToolTipRole:
            return textOf(index, true);
        case Qt::TextAlignmentRole:
            return QVariant(Qt::AlignVCenter | (index.column() == 0 ? Qt::AlignLeft : Qt::AlignRight));
        default:
            return {};
    }
}

QVariant MetricsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return QVariant(Qt::AlignVCenter | (section == 0 ? Qt::AlignLeft : Qt::AlignRight));
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    if (section == 0) {
        return tr("Key");
    }
    return section <= runCount() ? runLetter(section - 1) : QStringLiteral("Δ");
}

}  // namespace runglass::ui
