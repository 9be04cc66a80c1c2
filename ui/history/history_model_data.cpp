// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "history_model.h"
#include "runglass/base/clock.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/run_status.h"

namespace runglass::ui {

namespace {

const std::vector<model::SharedRun> kNoRuns;

/// `4 finished, 1 running`.
QString runsByState(const std::vector<model::SharedRun>& runs) {
    std::array<int, 6> counts{};
    for (const auto& run : runs) {
        ++counts[static_cast<std::size_t>(run->status)];
    }
    QStringList parts;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] > 0) {
            parts << QStringLiteral("%1 %2").arg(counts[i]).arg(statusText(static_cast<model::RunStatus>(i)));
        }
    }
    return parts.join(QStringLiteral(", "));
}

}  // namespace

const git::HistoryRow* HistoryModel::historyRow(int row) const {
    const int i = row - (m_uncommitted ? 1 : 0);
    return i >= 0 && i < static_cast<int>(m_shown.size()) ? m_shown[static_cast<std::size_t>(i)].get()
                                                          : nullptr;
}

const std::vector<model::SharedRun>& HistoryModel::runsOf(int row) const {
    const auto* history = historyRow(row);
    const auto* runs = history == nullptr ? nullptr : m_joined->runs.find(history->commit.id);
    return runs == nullptr ? kNoRuns : *runs;
}

const CommitMetric* HistoryModel::metricOf(int row) const {
    const auto* history = historyRow(row);
    if (history == nullptr) {
        return nullptr;
    }
    const auto it = m_joined->metrics.find(history->commit.id);
    return it == m_joined->metrics.end() ? nullptr : &it->second;
}

std::optional<HistoryModel::EarlierRuns> HistoryModel::runsBefore(const git::ObjectId& id) const {
    constexpr int kMostSteps = 10'000;
    const auto* at = commit(id);
    for (int step = 0; at != nullptr && !at->parents.empty() && step < kMostSteps; ++step) {
        const auto& parent = at->parents.front();
        if (const auto* runs = m_joined->runs.find(parent)) {
            return EarlierRuns{parent, runs};
        }
        at = commit(parent);
    }
    return std::nullopt;
}

int HistoryModel::rowOf(const git::ObjectId& commit) const {
    const auto it = m_shownIndex.find(commit);
    return it == m_shownIndex.end() ? -1 : it->second + (m_uncommitted ? 1 : 0);
}

bool HistoryModel::isBestOfAll(int row) const {
    const auto* metric = metricOf(row);
    return metric != nullptr && metric->best == m_joined->best;
}

const std::vector<git::Reference>* HistoryModel::refsOf(const git::ObjectId& commit) const {
    const auto it = m_refs.byCommit.find(commit);
    return it == m_refs.byCommit.end() ? nullptr : &it->second;
}

const git::Commit* HistoryModel::commit(const git::ObjectId& id) const {
    const auto it = m_allIndex.find(id);
    return it == m_allIndex.end() ? nullptr : it->second;
}

int HistoryModel::commitsWithRuns() const {
    int count = 0;
    for (const auto& [id, runs] : m_joined->runs.all()) {
        count += m_shownIndex.contains(id) ? 1 : 0;
    }
    return count;
}

QString HistoryModel::uncommittedSummary() const {
    if (!m_session) {
        return {};
    }
    const auto& changes = m_session->git().changes;
    int added = 0;
    int removed = 0;
    for (const auto& entry : changes) {
        added += std::max(0, entry.addedLines);
        removed += std::max(0, entry.removedLines);
    }
    QString text = changes.size() == 1 ? tr("1 file") : tr("%1 files").arg(changes.size());
    if (added + removed > 0) {
        text += QStringLiteral(", +%1 −%2").arg(added).arg(removed);
    }
    return text;
}

int HistoryModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size()) + (m_uncommitted ? 1 : 0);
}

int HistoryModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QString HistoryModel::textOf(int row, int column) const {
    const auto* history = historyRow(row);
    if (history == nullptr) {
        switch (column) {
            case Message:
                return tr("Uncommitted changes");
            case Date:
                return tr("now");
            default:
                return {};
        }
    }
    const auto& commit = history->commit;
    const auto* metric = metricOf(row);
    switch (column) {
        case Message:
            return projectText(commit.summary);
        case Hash:
            return QString::fromStdString(commit.id.shortHex());
        case Runs:
            return runsByState(runsOf(row));
        case Best:
            return metric == nullptr ? QString() : formatMetric(*metric->best, m_joined->decimals);
        case Author:
            return projectText(commit.authorName);
        case Date:
            return formatTime(commit.authorTime * 1000, nowMs());
        default:
            return {};
    }
}

QString HistoryModel::describe(int row) const {
    const auto* history = historyRow(row);
    QStringList parts{textOf(row, Message)};
    if (history == nullptr) {
        parts << uncommittedSummary();
        return parts.join(QStringLiteral(", "));
    }
    if (const auto* references = refsOf(history->commit.id)) {
        for (const auto& reference : *references) {
            parts << projectText(reference.name);
        }
    }
    for (const int column : {Hash, Runs, Best, Author, Date}) {
        if (const QString text = textOf(row, column); !text.isEmpty()) {
            parts << (column == Best ? tr("best %1").arg(text) : text);
        }
    }
    if (const auto* point = m_strip.at(row); point != nullptr && point->regression) {
        parts << tr("fell by %1").arg(formatMetric(std::abs(point->regression->change)));
    }
    return parts.join(QStringLiteral(", "));
}

QVariant HistoryModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) {
        return {};
    }
    switch (role) {
        case Qt::DisplayRole:
            return textOf(index.row(), index.column());
        case Qt::AccessibleTextRole:
            // The row as a whole where its graph and message are, so that it is read once while moving.
            return index.column() <= Message ? describe(index.row()) : textOf(index.row(), index.column());
        case Qt::ToolTipRole: {
            const auto* history = historyRow(index.row());
            if (history == nullptr) {
                return {};
            }
            if (index.column() == Date) {
                return formatFullTime(history->commit.authorTime * 1000);
            }
            if (index.column() == Author) {
                return projectText(history->commit.authorName + " <" + history->commit.authorEmail + ">");
            }
            if (index.column() == Best || index.column() == Strip) {
                const auto* metric = metricOf(index.row());
                if (metric == nullptr) {
                    return {};
                }
                const QString best = tr("best %1").arg(formatExact(*metric->best));
                return metric->n < 2
                           ? best
                           : best + QLatin1Char('\n') +
                                 tr("mean %1 of finished runs")
                                     .arg(formatUncertain(metric->mean, metric->deviation, metric->n));
            }
            return textOf(index.row(), index.column());
        }
        case Qt::TextAlignmentRole:
            return QVariant(Qt::AlignVCenter | (index.column() == Best ? Qt::AlignRight : Qt::AlignLeft));
        default:
            return {};
    }
}

QVariant HistoryModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole) {
        return QVariant(Qt::AlignVCenter | (section == Best ? Qt::AlignRight : Qt::AlignLeft));
    }
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
        case Hash:
            return tr("Hash");
        case Graph:
            return tr("Graph");
        case Message:
            return tr("Commit");
        case Runs:
            return tr("Runs");
        case Best:
            return tr("Best");
        case Author:
            return tr("Author");
        case Date:
            return tr("Date");
        default:
            return QString();
    }
}

}  // namespace runglass::ui
