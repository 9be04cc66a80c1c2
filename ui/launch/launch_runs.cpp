// SPDX-License-Identifier: GPL-3.0-or-later
#include "launch_runs.h"

#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <algorithm>

#include "runglass/base/clock.h"
#include "runglass/ui/session/project_session.h"
#include "runglass/ui/theme/paint.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/run_status.h"

namespace runglass::ui {

namespace {

QString stateText(const model::RunRecord& run) {
    switch (run.status) {
        case model::RunStatus::Finished:
        case model::RunStatus::Failed:
            if (run.exitCode) {
                return LaunchRunsModel::tr("exit %1").arg(*run.exitCode);
            }
            break;
        default:
            break;
    }
    return statusText(run.status);
}

class RowDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        const auto& theme = Theme::current();
        const auto* run = static_cast<const LaunchRunsModel*>(index.model())->run(index.row());
        QRectF rect = option.rect;
        if (option.state & QStyle::State_Selected) {
            painter->fillRect(rect, theme.color(Token::SelectionBg));
            if (index.column() == LaunchRunsModel::Glyph) {
                painter->fillRect(QRectF(rect.left(), rect.top(), 2, rect.height()),
                                  theme.color(Token::AccentBase));
            }
        } else if (option.state & QStyle::State_MouseOver) {
            painter->fillRect(rect, theme.color(Token::SurfaceHover));
        }
        painter->fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1),
                          theme.color(Token::BorderSubtle));
        painter->setFont(theme.font(TextRole::Body));
        const bool waits = run && run->status == model::RunStatus::Scheduled;
        painter->setPen(theme.color(
            index.column() == LaunchRunsModel::Name && !waits ? Token::TextPrimary : Token::TextSecondary));
        if (index.column() == LaunchRunsModel::Glyph) {
            if (run) {
                paintStatus(painter, rect.adjusted(6, 0, 0, 0), statusGlyph(run->status));
            }
            return;
        }
        rect.adjust(6, 0, -8, 0);
        const auto text = index.data(Qt::DisplayRole).toString();
        if (index.column() == LaunchRunsModel::Duration) {
            drawTabular(painter, rect, Qt::AlignRight | Qt::AlignVCenter, text);
            return;
        }
        const auto shown =
            painter->fontMetrics().elidedText(text, Qt::ElideMiddle, static_cast<int>(rect.width()) - 4);
        painter->drawText(rect, Qt::AlignLeft | Qt::AlignVCenter, shown);
    }

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
        return {80, Theme::current().rowHeight()};
    }
};

}  // namespace

void LaunchRunsModel::setSession(ProjectSession* session) {
    m_session = session;
    reload();
}

void LaunchRunsModel::reload() {
    std::vector<model::SharedRun> runs;
    if (m_session) {
        const auto& all = m_session->runs()->runs;
        const auto wanted = [](const model::SharedRun& run) {
            return !run->archived && run->source.text() == "runglass";
        };
        for (std::size_t i = all.size(); i-- > 0 && runs.size() < kMaxRuns;) {
            if (wanted(all[i])) {
                runs.push_back(all[i]);
            }
        }
        std::stable_sort(runs.begin(), runs.end(), [](const auto& a, const auto& b) {
            return !model::isTerminal(a->status) && model::isTerminal(b->status);
        });
    }
    const bool sameRows = runs.size() == m_runs.size() &&
                          std::equal(runs.begin(), runs.end(), m_runs.begin(),
                                     [](const auto& a, const auto& b) { return a->id == b->id; });
    if (sameRows) {
        m_runs = std::move(runs);
        if (!m_runs.empty()) {
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        }
        return;
    }
    beginResetModel();
    m_runs = std::move(runs);
    endResetModel();
}

const model::RunRecord* LaunchRunsModel::run(int row) const {
    return row >= 0 && row < rowCount() ? m_runs[static_cast<std::size_t>(row)].get() : nullptr;
}

int LaunchRunsModel::rowOf(const RunId& id) const {
    const auto it =
        std::find_if(m_runs.begin(), m_runs.end(), [&](const auto& run) { return run->id == id; });
    return it == m_runs.end() ? -1 : static_cast<int>(it - m_runs.begin());
}

int LaunchRunsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_runs.size());
}

int LaunchRunsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LaunchRunsModel::data(const QModelIndex& index, int role) const {
    const auto* record = run(index.row());
    if (!record || (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != Qt::AccessibleTextRole)) {
        return {};
    }
    if (role == Qt::ToolTipRole || role == Qt::AccessibleTextRole) {
        return QStringLiteral("%1, %2").arg(projectText(record->name), stateText(*record));
    }
    switch (index.column()) {
        case Name:
            return projectText(record->name);
        case State:
            return stateText(*record);
        case Duration:
            if (const auto duration = record->durationMs(nowMs())) {
                return formatDuration(*duration);
            }
            break;
        default:
            break;
    }
    return {};
}

QVariant LaunchRunsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::TextAlignmentRole)) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return static_cast<int>((section == Duration ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    const QString titles[] = {QString(), tr("Run"), tr("State"), tr("Duration")};
    return titles[section];
}

LaunchRunsView::LaunchRunsView(LaunchRunsModel* model, QWidget* parent)
    : QTreeView(parent) {
    setObjectName(QStringLiteral("launchRuns"));
    setAccessibleName(tr("Recent runs"));
    setModel(model);
    setItemDelegate(new RowDelegate(this));
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setFrameShape(QFrame::NoFrame);
    setAllColumnsShowFocus(true);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    header()->setStretchLastSection(false);
    header()->setMinimumSectionSize(20);
    header()->setSectionResizeMode(LaunchRunsModel::Glyph, QHeaderView::Fixed);
    header()->resizeSection(LaunchRunsModel::Glyph, 30);
    header()->setSectionResizeMode(LaunchRunsModel::Name, QHeaderView::Stretch);
    header()->setSectionResizeMode(LaunchRunsModel::State, QHeaderView::Fixed);
    header()->setSectionResizeMode(LaunchRunsModel::Duration, QHeaderView::Fixed);
    header()->resizeSection(LaunchRunsModel::State, 120);
    header()->resizeSection(LaunchRunsModel::Duration, 80);
    header()->setSectionsClickable(false);
}

}  // namespace runglass::ui
