// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractItemModel>
#include <vector>

#include "compare_loader.h"

namespace runglass::ui {

/// Parts of the comparison in the order of the page.
enum class ComparePart {
    Params,
    Config,
    Code,
    Packages,
    Environment,
    Hardware,
    Data,
    CommandLine,
    Tags,
    Count
};

QString partTitle(ComparePart part);
/// `A`, `B` … for the i-th run.
QString runLetter(int index);

/// A comparison as a tree: parts, under each its rows. Columns: key, one a run, for two runs the change in
/// words. The part Code has one child, which the view covers with the code.
class CompareModel final : public QAbstractItemModel {
    Q_OBJECT
public:
    using QAbstractItemModel::QAbstractItemModel;

    void setComparison(SharedComparison comparison);
    [[nodiscard]] const SharedComparison& comparison() const { return m_comparison; }
    void setOnlyDifferences(bool only);
    [[nodiscard]] bool onlyDifferences() const { return m_onlyDifferences; }
    /// Shows rows whose key or value contains `text`.
    void setFilter(const QString& text);

    [[nodiscard]] int runCount() const;
    [[nodiscard]] bool hasChangeColumn() const { return runCount() == 2; }
    /// How many rows differ; for Code how many files.
    [[nodiscard]] int differing(ComparePart part) const;
    [[nodiscard]] int total(ComparePart part) const;
    /// Whether nothing differs at all.
    [[nodiscard]] bool allEqual() const;
    /// `3 of 21 differ`
    [[nodiscard]] QString remark(ComparePart part) const;

    [[nodiscard]] bool isPart(const QModelIndex& index) const {
        return index.isValid() && index.internalId() == 0;
    }
    [[nodiscard]] ComparePart partOf(const QModelIndex& index) const;
    [[nodiscard]] bool isCode(const QModelIndex& index) const;
    /// Null for parts and code.
    [[nodiscard]] const compare::Row* rowOf(const QModelIndex& index) const;
    [[nodiscard]] QModelIndex partIndex(ComparePart part) const;  ///< invalid when not shown
    [[nodiscard]] QModelIndex codeIndex() const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Part {
        ComparePart part = ComparePart::Params;
        std::vector<const compare::Row*> rows;  ///< shown; into m_comparison
    };
    void rebuild();
    [[nodiscard]] const compare::Section* section(ComparePart part) const;
    [[nodiscard]] bool shows(const compare::Row& row) const;

    SharedComparison m_comparison;
    bool m_onlyDifferences = true;
    QString m_filter;
    std::vector<Part> m_parts;
};

}  // namespace runglass::ui
