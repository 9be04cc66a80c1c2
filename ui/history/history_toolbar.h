// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QPushButton>
#include <algorithm>

#include "commit_runs.h"
#include "history_loader.h"
#include "runglass/ui/widgets/bar.h"
#include "runglass/ui/widgets/search_field.h"

namespace runglass::ui {

/// Search, branch, metric, "With runs" and the legend of run states.
class HistoryToolbar final : public Bar {
    Q_OBJECT
public:
    explicit HistoryToolbar(QWidget* parent = nullptr);

    void setReferences(const HistoryRefs& refs);
    void setMetrics(const std::vector<Symbol>& keys, const MetricChoice& choice);
    [[nodiscard]] SearchField* search() const { return m_search; }
    [[nodiscard]] QPushButton* withRuns() const { return m_withRuns; }
    void clear();

Q_SIGNALS:
    void filterChanged(const QString& text, bool withRuns);
    void branchChanged(const QString& branch);
    void metricChanged(const runglass::ui::MetricChoice& choice);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void emitMetric();

    SearchField* m_search;
    QComboBox* m_branch;
    QComboBox* m_metric;
    QComboBox* m_value;
    QPushButton* m_withRuns;
    QWidget* m_legend;
    std::vector<Symbol> m_shownKeys;
};

}  // namespace runglass::ui
