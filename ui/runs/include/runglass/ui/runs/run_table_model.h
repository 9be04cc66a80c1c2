// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QSet>
#include <functional>

#include "runglass/ui/runs/arrangement.h"

namespace runglass::ui {

/// The rows of an Arrangement: a row a run, and one before each group. A flat list: folding a group takes its
/// rows out. Delegates read records directly (run()); data() is for tooltips, accessibility and tests.
class RunTableModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    /// Of the header, for display: which value of a metric the column shows (`min`).
    static constexpr int StatisticRole = Qt::UserRole + 1;

    explicit RunTableModel(QObject* parent = nullptr);

    /// Replaces everything. What differs from before is signalled as narrowly as it is cheap: nothing but
    /// dataChanged when the rows are the same, insertions when some were added, else a reset.
    void setArrangement(SharedArrangement arrangement);
    /// Records that changed in place; `table` has the same runs at the same indices, and maybe more at the
    /// end, which wait for the next arrangement.
    void updateRecords(model::SharedRunTable table, const std::vector<RunId>& changed);

    [[nodiscard]] const Arrangement& arrangement() const { return *m_arrangement; }
    [[nodiscard]] const std::vector<RunColumn>& columns() const { return m_arrangement->columns; }
    /// For the cells of these rows.
    [[nodiscard]] CellContext context(std::int64_t nowMs) const { return {nowMs, m_table.get()}; }
    [[nodiscard]] int columnOf(RunColumn::Kind kind) const;  ///< −1 when it is not there

    /// The run of a row; null for the row of a group.
    [[nodiscard]] const model::RunRecord* run(int row) const;
    /// The group that a row belongs to.
    [[nodiscard]] const RunGroup& group(int row) const;
    [[nodiscard]] bool isGroupRow(int row) const;
    [[nodiscard]] bool isFolded(int row) const;
    [[nodiscard]] bool anyFolded() const;
    void setFolded(int row, bool folded);
    void setAllFolded(bool folded);
    /// The row of the group that `row` is in.
    [[nodiscard]] int groupRow(int row) const;
    /// Whether the run of this row has the best value of its group.
    [[nodiscard]] bool isBest(int row) const;
    /// The run with the best value of the group that `id` is in; nothing where no goal says which that is.
    [[nodiscard]] std::optional<RunId> bestBeside(const RunId& id) const;
    /// −1 when the run is not there, or folded away.
    [[nodiscard]] int rowOf(const RunId& id) const;

    /// Whether the curves of a run are drawn; asked by data().
    void setVisibility(std::function<bool(const RunId&)> isVisible);
    void setEditable(bool editable) { m_editable = editable; }
    void refreshColumn(RunColumn::Kind kind);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

Q_SIGNALS:
    void renameRequested(const runglass::RunId& run, const QString& name);

private:
    struct Row {
        std::int32_t group = 0;
        std::int32_t run = -1;  ///< index into the run table; −1 for the row of the group itself
        friend bool operator==(const Row&, const Row&) = default;
    };
    [[nodiscard]] std::vector<Row> makeRows(const Arrangement& arrangement) const;
    void replaceRows(std::vector<Row> rows);
    bool insertRows(const std::vector<Row>& rows, const SharedArrangement& arrangement);
    void mapRows();
    [[nodiscard]] QVariant runData(const model::RunRecord& record, int column, int role) const;
    [[nodiscard]] QVariant groupData(const RunGroup& group, int column, int role) const;
    [[nodiscard]] QString accessibleText(const model::RunRecord& record, int column) const;

    SharedArrangement m_arrangement;
    model::SharedRunTable m_table;  ///< as m_arrangement->table, with newer records
    std::vector<Row> m_rows;
    std::vector<std::int32_t> m_rowOfRun;
    QSet<QString> m_folded;  ///< keys of groups
    std::function<bool(const RunId&)> m_isVisible;
    bool m_editable = true;
};

/// "best 0.9917, mean 0.9862 ± 0.0031 (n 31)"; short: "best 0.9917".
QString groupStatisticsText(const GroupStatistics& statistics, bool brief);

}  // namespace runglass::ui
