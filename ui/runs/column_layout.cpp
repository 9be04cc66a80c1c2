// SPDX-License-Identifier: GPL-3.0-or-later
#include "column_layout.h"

#include <QFontMetrics>
#include <QSignalBlocker>
#include <algorithm>
#include <cmath>

#include "run_header.h"
#include "run_table_view.h"
#include "runglass/ui/theme/paint.h"
#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

namespace {

using Kind = RunColumn::Kind;

constexpr int kSampledRows = 200;
constexpr int kLeastName = 140;
constexpr int kMostName = 420;
constexpr int kCellPadding = 12;
constexpr int kChevron = 12;  // beside the label of the sorted column

bool leads(const RunColumn& column) {
    return column.kind == Kind::Visibility || column.kind == Kind::Status || column.kind == Kind::Name ||
           column.kind == Kind::Starred;
}

/// In which order proposed columns claim room: what a run is, how good it is, how long it took; then metrics
/// and params in turn, and last where it came from. Smaller goes first; `number` counts within the kind.
int claim(Kind kind, int number) {
    switch (kind) {
        case Kind::Metric:
            return number == 0 ? 1 : number == 1 ? 3 : 10 * number + 1;
        case Kind::Duration:
        case Kind::Source:
            return 2;
        case Kind::Param:
            return number == 0 ? 4 : 10 * number;
        case Kind::Started:
            return 5;
        case Kind::Parent:
            return 6;
        case Kind::Commit:
        case Kind::Branch:
            return 1000;
        default:
            return 0;
    }
}

}  // namespace

void ColumnLayout::remember(int column, int width) {
    m_widths[m_view->runs().columns()[static_cast<std::size_t>(column)].toText()] = width;
}

void ColumnLayout::apply(bool proposed, const std::optional<RunColumn>& sortedBy) {
    m_proposed = proposed;
    const auto& columns = m_view->runs().columns();
    auto& header = m_view->columns();
    const QSignalBlocker blocker(&header);
    for (int column = 0; column < static_cast<int>(columns.size()); ++column) {
        header.moveSection(header.visualIndex(column), column);  // the order is that of the model again
        header.setSectionHidden(column, false);
        const auto& what = columns[static_cast<std::size_t>(column)];
        header.resizeSection(column, m_widths.value(what.toText(), widthFor(column, sortedBy == what)));
    }
    header.setPinnedCount(pinnedColumns());
    m_view->doItemsLayout();
    fit();
}

int ColumnLayout::pinnedColumns() const {
    const auto& columns = m_view->runs().columns();
    return static_cast<int>(std::find_if_not(columns.begin(), columns.end(), leads) - columns.begin());
}

int ColumnLayout::widthFor(int column, bool sorted) const {
    const auto& model = m_view->runs();
    const auto& what = model.columns()[static_cast<std::size_t>(column)];
    switch (what.kind) {
        case Kind::Visibility:
            return 28;
        case Kind::Status:
        case Kind::Starred:
            return 26;
        default:
            break;
    }
    // The best of a group is bold, and figures are set on the widest.
    const auto font = Theme::current().font(TextRole::Body, what.kind == Kind::Metric ? 600 : 400);
    const bool figures = model.arrangement().formats[static_cast<std::size_t>(column)].alignRight;
    qreal width = QFontMetrics(m_view->columns().font()).horizontalAdvance(what.title());
    if (const auto statistic = what.statistic(); !statistic.isEmpty()) {
        width += QFontMetrics(m_view->columns().font()).horizontalAdvance(statistic) + kCellPadding / 2;
    }
    width += sorted ? kChevron : 0;
    const QFontMetricsF metrics(font);
    for (int row = 0; row < std::min(kSampledRows, model.rowCount()); ++row) {
        if (model.run(row)) {
            const auto text = model.index(row, column).data().toString();
            width = std::max(width, figures ? tabularWidth(font, text) : metrics.horizontalAdvance(text));
        }
    }
    const bool isName = what.kind == Kind::Name;
    const int whole = static_cast<int>(std::ceil(width)) + kCellPadding + 2;
    return std::clamp(whole, isName ? 120 : 44, isName ? 280 : 140);
}

void ColumnLayout::fit() {
    auto& header = m_view->columns();
    const QSignalBlocker blocker(&header);
    leaveOut();
    stretchName();
    m_view->columnsResized();
}

void ColumnLayout::leaveOut() {
    const auto& columns = m_view->runs().columns();
    auto& header = m_view->columns();
    if (!m_proposed) {
        return;
    }
    std::vector<std::pair<int, int>> claims;  // with the column
    QHash<Kind, int> seen;
    for (int column = 0; column < static_cast<int>(columns.size()); ++column) {
        const auto kind = columns[static_cast<std::size_t>(column)].kind;
        claims.emplace_back(claim(kind, seen[kind]++), column);
    }
    std::stable_sort(claims.begin(), claims.end());
    int taken = 0;
    bool room = true;
    for (const auto& [order, column] : claims) {
        const bool hidden = header.isSectionHidden(column);
        header.setSectionHidden(column, false);  // a hidden one says that it has no width
        const bool isName = columns[static_cast<std::size_t>(column)].kind == Kind::Name;
        taken += isName ? kLeastName : header.sectionSize(column);
        room = room && (order == 0 || taken <= m_view->viewport()->width());
        if (hidden || !room) {
            header.setSectionHidden(column, !room);
        }
    }
}

// Room that is left over goes to the names, which need it most.
void ColumnLayout::stretchName() {
    const auto& model = m_view->runs();
    const int name = model.columnOf(Kind::Name);
    if (name < 0 || m_widths.contains(model.columns()[static_cast<std::size_t>(name)].toText())) {
        return;
    }
    auto& header = m_view->columns();
    int others = 0;
    for (int column = 0; column < header.count(); ++column) {
        others += column == name ? 0 : header.sectionSize(column);
    }
    header.resizeSection(name, std::clamp(m_view->viewport()->width() - others, kLeastName, kMostName));
}

}  // namespace runglass::ui
