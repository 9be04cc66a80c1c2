// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/runs/run_table_model.h"

#include <algorithm>

#include "runglass/base/clock.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

// Beyond this many inserted stretches a reset is cheaper than telling the view about each.
constexpr std::size_t kMostInsertions = 16;
// Beyond this many changed rows one signal about all is cheaper than one about each.
constexpr std::size_t kMostRowsTold = 64;

SharedArrangement emptyArrangement() {
    static const auto empty = [] {
        auto arrangement = std::make_shared<Arrangement>();
        arrangement->table = std::make_shared<model::RunTable>();
        return arrangement;
    }();
    return empty;
}

}  // namespace

RunTableModel::RunTableModel(QObject* parent)
    : QAbstractTableModel(parent)
    , m_arrangement(emptyArrangement())
    , m_table(m_arrangement->table) {}

void RunTableModel::setArrangement(SharedArrangement arrangement) {
    auto rows = makeRows(*arrangement);
    const bool sameColumns = arrangement->columns == m_arrangement->columns;
    // Rows hold indices into the table, which stay comparable while runs are only added at its end.
    const auto& before = m_arrangement->table->runs;
    const auto& after = arrangement->table->runs;
    const bool sameRuns = before.size() <= after.size() &&
                          arrangement->groups.size() == m_arrangement->groups.size() &&
                          (before.empty() || before.back()->id == after[before.size() - 1]->id) &&
                          (before.empty() || before.front()->id == after.front()->id);
    if (sameColumns && sameRuns && !m_rows.empty() && insertRows(rows, arrangement)) {
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
        return;
    }
    beginResetModel();
    m_arrangement = std::move(arrangement);
    m_table = m_arrangement->table;
    m_rows = std::move(rows);
    mapRows();
    endResetModel();
}

// Whether `rows` are the present ones with at most a few stretches more, which are then inserted.
bool RunTableModel::insertRows(const std::vector<Row>& rows, const SharedArrangement& arrangement) {
    std::vector<std::pair<std::size_t, std::size_t>> stretches;  // in coordinates of `rows`
    std::size_t old = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (old < m_rows.size() && rows[i] == m_rows[old]) {
            ++old;
        } else if (!stretches.empty() && stretches.back().second == i) {
            ++stretches.back().second;
        } else {
            stretches.emplace_back(i, i + 1);
        }
    }
    if (old != m_rows.size() || stretches.size() > kMostInsertions) {
        return false;
    }
    m_arrangement = arrangement;
    m_table = arrangement->table;
    for (const auto& [begin, end] : stretches) {
        beginInsertRows({}, static_cast<int>(begin), static_cast<int>(end) - 1);
        m_rows.insert(m_rows.begin() + static_cast<std::ptrdiff_t>(begin),
                      rows.begin() + static_cast<std::ptrdiff_t>(begin),
                      rows.begin() + static_cast<std::ptrdiff_t>(end));
        mapRows();
        endInsertRows();
    }
    mapRows();
    return true;
}

void RunTableModel::updateRecords(model::SharedRunTable table, const std::vector<RunId>& changed) {
    if (table->runs.size() < m_arrangement->table->runs.size()) {
        return;
    }
    m_table = std::move(table);
    if (changed.size() > kMostRowsTold && !m_rows.empty()) {
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
        return;
    }
    for (const auto& id : changed) {
        if (const int row = rowOf(id); row >= 0) {
            Q_EMIT dataChanged(index(row, 0), index(row, columnCount() - 1));
        }
    }
}

std::vector<RunTableModel::Row> RunTableModel::makeRows(const Arrangement& arrangement) const {
    std::vector<Row> rows;
    rows.reserve(arrangement.matching + arrangement.groups.size());
    for (std::size_t g = 0; g < arrangement.groups.size(); ++g) {
        const auto& group = arrangement.groups[g];
        const auto number = static_cast<std::int32_t>(g);
        if (arrangement.grouped) {
            rows.push_back({number, -1});
            if (m_folded.contains(group.key)) {
                continue;
            }
        }
        for (const auto run : group.members) {
            rows.push_back({number, run});
        }
    }
    return rows;
}

void RunTableModel::mapRows() {
    m_rowOfRun.assign(m_arrangement->table->runs.size(), -1);
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        if (m_rows[row].run >= 0) {
            m_rowOfRun[static_cast<std::size_t>(m_rows[row].run)] = static_cast<std::int32_t>(row);
        }
    }
}

int RunTableModel::columnOf(RunColumn::Kind kind) const {
    const auto& all = columns();
    const auto found =
        std::find_if(all.begin(), all.end(), [kind](const RunColumn& column) { return column.kind == kind; });
    return found == all.end() ? -1 : static_cast<int>(found - all.begin());
}

const model::RunRecord* RunTableModel::run(int row) const {
    const auto index = m_rows.at(static_cast<std::size_t>(row)).run;
    return index < 0 ? nullptr : m_table->runs[static_cast<std::size_t>(index)].get();
}

const RunGroup& RunTableModel::group(int row) const {
    return m_arrangement->groups.at(static_cast<std::size_t>(m_rows.at(static_cast<std::size_t>(row)).group));
}

bool RunTableModel::isGroupRow(int row) const {
    return m_rows.at(static_cast<std::size_t>(row)).run < 0;
}

bool RunTableModel::isFolded(int row) const {
    return m_arrangement->grouped && m_folded.contains(group(row).key);
}

bool RunTableModel::anyFolded() const {
    const auto& groups = m_arrangement->groups;
    return m_rows.size() < m_arrangement->shown.size() + (m_arrangement->grouped ? groups.size() : 0);
}

int RunTableModel::groupRow(int row) const {
    while (row > 0 && !isGroupRow(row)) {
        --row;
    }
    return row;
}

void RunTableModel::setFolded(int row, bool folded) {
    if (!m_arrangement->grouped || isFolded(row) == folded) {
        return;
    }
    row = groupRow(row);
    const auto& members = group(row).members;
    const auto number = m_rows[static_cast<std::size_t>(row)].group;
    const auto at = m_rows.begin() + row + 1;
    const auto count = static_cast<int>(members.size());
    if (folded) {
        m_folded.insert(group(row).key);
        beginRemoveRows({}, row + 1, row + count);
        m_rows.erase(at, at + count);
        mapRows();
        endRemoveRows();
    } else {
        m_folded.remove(group(row).key);
        std::vector<Row> rows;
        rows.reserve(members.size());
        for (const auto run : members) {
            rows.push_back({number, run});
        }
        beginInsertRows({}, row + 1, row + count);
        m_rows.insert(at, rows.begin(), rows.end());
        mapRows();
        endInsertRows();
    }
    Q_EMIT dataChanged(index(row, 0), index(row, columnCount() - 1));
}

void RunTableModel::setAllFolded(bool folded) {
    m_folded.clear();
    if (folded) {
        for (const auto& group : m_arrangement->groups) {
            m_folded.insert(group.key);
        }
    }
    beginResetModel();
    m_rows = makeRows(*m_arrangement);
    mapRows();
    endResetModel();
}

bool RunTableModel::isBest(int row) const {
    const auto& entry = m_rows.at(static_cast<std::size_t>(row));
    return entry.run >= 0 && group(row).bestMember == entry.run;
}

std::optional<RunId> RunTableModel::bestBeside(const RunId& id) const {
    const int row = rowOf(id);
    const int best = row < 0 ? -1 : group(row).bestMember;
    return best < 0 ? std::nullopt : std::optional(m_table->runs[static_cast<std::size_t>(best)]->id);
}

int RunTableModel::rowOf(const RunId& id) const {
    const auto found = m_arrangement->table->runs.find(id);
    return found ? m_rowOfRun[*found] : -1;
}

void RunTableModel::setVisibility(std::function<bool(const RunId&)> isVisible) {
    m_isVisible = std::move(isVisible);
}

void RunTableModel::refreshColumn(RunColumn::Kind kind) {
    const int column = columnOf(kind);
    if (column >= 0 && !m_rows.empty()) {
        Q_EMIT dataChanged(index(0, column), index(rowCount() - 1, column));
    }
}

int RunTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int RunTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(columns().size());
}

QVariant RunTableModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) {
        return {};
    }
    const auto* record = run(index.row());
    return record ? runData(*record, index.column(), role)
                  : groupData(group(index.row()), index.column(), role);
}

QVariant RunTableModel::runData(const model::RunRecord& record, int column, int role) const {
    const auto& what = columns()[static_cast<std::size_t>(column)];
    const auto& format = m_arrangement->formats[static_cast<std::size_t>(column)];
    switch (role) {
        case Qt::DisplayRole:
            return cellText(record, what, format.decimals, context(nowMs()));
        case Qt::EditRole:
            return what.kind == RunColumn::Kind::Name
                       ? QString::fromStdString(record.name)
                       : cellText(record, what, format.decimals, context(nowMs()));
        case Qt::ToolTipRole:
            // Qt guesses at markup; text of a project must stay text.
            return Qt::convertFromPlainText(cellTooltip(record, what, context(nowMs())));
        case Qt::TextAlignmentRole:
            return QVariant::fromValue(Qt::AlignVCenter |
                                       (format.alignRight ? Qt::AlignRight : Qt::AlignLeft));
        case Qt::AccessibleTextRole:
            return accessibleText(record, column);
        default:
            return {};
    }
}

QString RunTableModel::accessibleText(const model::RunRecord& record, int column) const {
    const auto& what = columns()[static_cast<std::size_t>(column)];
    switch (what.kind) {
        case RunColumn::Kind::Visibility:
            return m_isVisible && m_isVisible(record.id) ? tr("Shown in charts") : tr("Hidden in charts");
        case RunColumn::Kind::Starred:
            return record.starred ? tr("Starred") : QString();
        case RunColumn::Kind::Name: {
            const auto name = cellText(record, what, 0, context(nowMs()));
            return record.leftOut > 0 ? name + QStringLiteral(", ") + leftOutText(record) : name;
        }
        default:
            return cellText(record, what, m_arrangement->formats[static_cast<std::size_t>(column)].decimals,
                            context(nowMs()));
    }
}

QVariant RunTableModel::groupData(const RunGroup& group, int column, int role) const {
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole) {
        return {};
    }
    const int name = std::max(0, columnOf(RunColumn::Kind::Name));
    if (column != name) {
        return {};
    }
    const auto title = group.title.isEmpty() ? tr("Not set") : group.title;
    return QStringLiteral("%1 (%2)").arg(title, formatCount(static_cast<std::int64_t>(group.members.size())));
}

QVariant RunTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) {
        return {};
    }
    const auto& column = columns()[static_cast<std::size_t>(section)];
    switch (role) {
        case Qt::DisplayRole:
            return column.title();
        case Qt::ToolTipRole:
            return Qt::convertFromPlainText(column.description());
        case Qt::AccessibleTextRole:
            return column.description();
        case Qt::UserRole:  // icon instead of a title
            return column.kind == RunColumn::Kind::Visibility ? QStringLiteral("eye")
                   : column.kind == RunColumn::Kind::Starred  ? QStringLiteral("star")
                                                              : QString();
        case StatisticRole:
            return column.statistic();
        case Qt::TextAlignmentRole:
            return QVariant::fromValue(Qt::AlignVCenter |
                                       (m_arrangement->formats[static_cast<std::size_t>(section)].alignRight
                                            ? Qt::AlignRight
                                            : Qt::AlignLeft));
        default:
            return {};
    }
}

Qt::ItemFlags RunTableModel::flags(const QModelIndex& index) const {
    if (!index.isValid()) {
        return Qt::NoItemFlags;
    }
    if (isGroupRow(index.row())) {
        return Qt::ItemIsEnabled | Qt::ItemNeverHasChildren;
    }
    const auto base = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    const bool isName = columns()[static_cast<std::size_t>(index.column())].kind == RunColumn::Kind::Name;
    return isName && m_editable ? base | Qt::ItemIsEditable : base;
}

bool RunTableModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    const auto* record = index.isValid() ? run(index.row()) : nullptr;
    const auto name = value.toString().trimmed();
    if (!record || role != Qt::EditRole || !(flags(index) & Qt::ItemIsEditable) || name.isEmpty()) {
        return false;
    }
    if (name != QString::fromStdString(record->name)) {
        Q_EMIT renameRequested(record->id, name);
    }
    return true;
}

QString groupStatisticsText(const GroupStatistics& statistics, bool brief) {
    if (statistics.n == 0) {
        return {};
    }
    const auto best =
        statistics.best ? RunTableModel::tr("best %1").arg(formatMetric(*statistics.best)) : QString();
    // One value has no spread, and is its own mean.
    if (brief || (statistics.n == 1 && statistics.best)) {
        return best;
    }
    const auto mean = RunTableModel::tr("mean %1").arg(
        formatUncertain(statistics.mean, statistics.deviation, statistics.n));
    return best.isEmpty() ? mean : QStringLiteral("%1, %2").arg(best, mean);
}

}  // namespace runglass::ui
