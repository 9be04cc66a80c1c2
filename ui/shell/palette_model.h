// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <QList>
#include <QStringList>
#include <functional>
#include <optional>

#include "runglass/ui/theme/paint.h"

namespace runglass::ui {

/// A line of the command palette.
struct PaletteItem {
    QString text;
    QString hint;
    QString icon;
    std::optional<StatusGlyph> status;  ///< in place of the icon
    QStringList keys;
    QString group;    ///< title of the section that it stands in
    QList<int> hits;  ///< characters of `text` to point out
    int score = 0;
    std::function<void()> run;
};

/// The lines in sections, each section with a title line that cannot be chosen.
class PaletteModel final : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { ItemRole = Qt::UserRole, IsTitleRole };
    using QAbstractListModel::QAbstractListModel;

    /// Items in the order shown; those of a group stand together.
    void setItems(QList<PaletteItem> items);
    /// Null for a title.
    [[nodiscard]] const PaletteItem* item(const QModelIndex& index) const;
    [[nodiscard]] int itemCount() const { return m_itemCount; }
    /// The next row that can be chosen from `row` on in steps of `step`, going round.
    [[nodiscard]] int nextRow(int row, int step) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    QList<PaletteItem> m_rows;  ///< a title has no `run`
    int m_itemCount = 0;
};

}  // namespace runglass::ui
