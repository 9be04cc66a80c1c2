// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QStringList>
#include <optional>

#include "chart_spec.h"
#include "runglass/ui/curves/chart_settings.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace runglass::ui {

class Remark;

/// Makes or changes a chart of several metrics or expressions, one a line. A mistake is shown with its place
/// while it is typed.
class ChartEditor final : public QDialog {
    Q_OBJECT
public:
    /// `keys`: the metrics that visible runs have, to tell a misspelt one.
    ChartEditor(const QString& title, const std::vector<std::string>& lines, QStringList keys,
                QWidget* parent);

    [[nodiscard]] QString title() const;
    [[nodiscard]] std::vector<std::string> lines() const;

private:
    void check();

    QStringList m_keys;
    QLineEdit* m_title;
    QPlainTextEdit* m_lines;
    Remark* m_message;
    QPushButton* m_accept;
};

/// What one chart has of its own; everything unset follows the settings of all charts.
class ChartOptions final : public QDialog {
    Q_OBJECT
public:
    ChartOptions(const QString& title, const ChartSettings& all, const ChartOverrides& own, QWidget* parent);
    [[nodiscard]] ChartOverrides overrides() const;

private:
    QComboBox* m_scale;
    QComboBox* m_robust;
    QCheckBox* m_ownSmoothing;
    QDoubleSpinBox* m_smoothing;
    QLineEdit* m_lower;
    QLineEdit* m_upper;
    Remark* m_message;
    QPushButton* m_accept;
};

}  // namespace runglass::ui
