// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QString>
#include <optional>

#include "runglass/ui/runs/run_column.h"

namespace runglass::ui {

class RunTableView;

/// How wide the columns of the run table are, and which of those that nobody chose are shown: as many as
/// there is room for, the more telling first. What is left over goes to the names.
class ColumnLayout {
public:
    explicit ColumnLayout(RunTableView* view)
        : m_view(view) {}

    /// Widths chosen by hand, by RunColumn::toText().
    void setWidths(const QHash<QString, int>& widths) { m_widths = widths; }
    [[nodiscard]] const QHash<QString, int>& widths() const { return m_widths; }
    void remember(int column, int width);

    /// For new columns; `proposed` when they are a proposal rather than a person's choice.
    void apply(bool proposed, const std::optional<RunColumn>& sortedBy);
    /// For another width of the table.
    void fit();

private:
    [[nodiscard]] int widthFor(int column, bool sorted) const;
    [[nodiscard]] int pinnedColumns() const;
    void leaveOut();
    void stretchName();

    RunTableView* m_view;
    QHash<QString, int> m_widths;
    bool m_proposed = false;
};

}  // namespace runglass::ui
