// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/runs/run_table_pane.h"

#include <QHeaderView>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QStackedLayout>
#include <QVBoxLayout>
#include <algorithm>
#include <map>
#include <utility>

#include "column_layout.h"
#include "run_actions.h"
#include "run_header.h"
#include "run_table_settings.h"
#include "run_table_view.h"
#include "runglass/base/clock.h"
#include "runglass/ui/runs/filter_field.h"
#include "runglass/ui/theme/paint.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/bar.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/empty_state.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/remark.h"

namespace runglass::ui {

namespace {

// Live metrics change the order of rows; re-sorting more often than this would make them dance.
constexpr int kLiveArrangeMs = 1000;
constexpr int kFewRows = 200;
constexpr int kSecondMs = 1000;

}  // namespace

RunTablePane::RunTablePane(QWidget* parent)
    : QWidget(parent)
    , m_model(new RunTableModel(this)) {
    buildToolbar();
    buildBody();
    m_layout = std::make_unique<ColumnLayout>(m_view);
    m_actions = new RunActions(m_view, this);
    connectView();
    m_arrangeTimer.setSingleShot(true);
    connect(&m_arrangeTimer, &QTimer::timeout, this, &RunTablePane::arrangeNow);
    m_clock.setInterval(kSecondMs);
    connect(&m_clock, &QTimer::timeout, m_view, &RunTableView::tick);
    m_emptyTimer.setSingleShot(true);
    connect(&m_emptyTimer, &QTimer::timeout, this, &RunTablePane::chooseEmptyState);
    m_request.groupBy = RunColumn{RunColumn::Kind::Experiment, {}, {}};
    chooseEmptyState();
}

RunTablePane::~RunTablePane() = default;

void RunTablePane::buildToolbar() {
    m_toolbar = new Bar(this);
    m_filterField = new FilterField(this);
    m_groupButton = makeButton(tr("Group"), QStringLiteral("group"), ButtonKind::Quiet, this);
    m_groupButton->setObjectName(QStringLiteral("groupButton"));
    m_columnsButton = makeButton(tr("Columns"), QStringLiteral("columns"), ButtonKind::Quiet, this);
    m_columnsButton->setObjectName(QStringLiteral("columnsButton"));
    m_toolbar->row()->addWidget(m_filterField, 1);
    m_toolbar->row()->addWidget(m_groupButton);
    m_toolbar->row()->addWidget(m_columnsButton);
    connect(m_groupButton, &QPushButton::clicked, this, &RunTablePane::showGroupMenu);
    connect(m_columnsButton, &QPushButton::clicked, this, &RunTablePane::showColumnChooser);
    connect(m_filterField, &FilterField::filterChanged, this, [this](const query::Filter& filter) {
        m_request.filter = filter;
        Q_EMIT viewStateChanged();
        arrangeNow();
    });
    connect(m_filterField, &FilterField::mistakeChanged, this, [this](const QString& message) {
        m_mistake->setText(message);
        m_mistake->setVisible(!message.isEmpty());
    });
    connect(m_filterField, &FilterField::leaveRequested, this,
            [this] { m_view->setFocus(Qt::ShortcutFocusReason); });
}

void RunTablePane::buildBody() {
    m_view = new RunTableView(m_model, this);
    m_noMatch = new EmptyState(tr("No run passes the filter"), tr("Change the filter, or clear it with Esc."),
                               {}, this);
    m_nothing = new EmptyState({}, {}, {}, this);
    m_mistake = new Remark({}, Token::SemanticDanger, this);
    m_mistake->setContentsMargins(12, 4, 12, 4);
    m_mistake->setObjectName(QStringLiteral("filterMistake"));
    m_mistake->hide();

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_toolbar);
    layout->addWidget(m_mistake);
    m_stack = new QStackedLayout;
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_noMatch);
    m_stack->addWidget(m_nothing);
    layout->addLayout(m_stack, 1);
    setEmptyActions({});
    setFocusProxy(m_view);
}

void RunTablePane::connectView() {
    auto& header = m_view->columns();
    connect(&header, &QHeaderView::sectionMoved, this, &RunTablePane::onSectionMoved);
    connect(&header, &QHeaderView::sortIndicatorChanged, this, &RunTablePane::onSortChanged);
    connect(&header, &QHeaderView::sectionResized, this, [this](int section, int, int size) {
        if (!m_syncing) {
            m_layout->remember(section, size);
            saveSettings();
        }
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &RunTablePane::onSelectionChanged);
    connect(m_view, &RunTableView::visibilityRequested, this,
            [this](const std::vector<RunId>& runs, bool visible) { m_session->setVisible(runs, visible); });
    connect(m_view, &RunTableView::runHovered, this, [this](const std::optional<RunId>& run) {
        if (m_session && m_session->highlighted() != run) {
            m_session->setHighlighted(run);
        }
    });
    connect(m_view, &RunTableView::widthChanged, this, [this] {
        if (m_arranged) {
            m_layout->fit();
        }
    });
    connect(m_view, &RunTableView::openRequested, this, &RunTablePane::openRequested);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    header.setContextMenuPolicy(Qt::CustomContextMenu);
    connect(&header, &QWidget::customContextMenuRequested, this, &RunTablePane::showHeaderMenu);
    connect(m_view, &QWidget::customContextMenuRequested, this, &RunTablePane::showContextMenu);
    connect(m_model, &RunTableModel::renameRequested, this,
            [this](const RunId& run, const QString& name) { m_session->rename(run, name); });
    connect(m_actions, &RunActions::compareRequested, this, &RunTablePane::compareRequested);
    connect(m_actions, &RunActions::stopRequested, this, &RunTablePane::stopRequested);
    connect(m_actions->filterAction(), &QAction::triggered, this, &RunTablePane::startFind);
    connect(m_actions->groupAction(), &QAction::triggered, this, &RunTablePane::showGroupMenu);
    connect(m_actions->columnsAction(), &QAction::triggered, this, &RunTablePane::showColumnChooser);
}

void RunTablePane::setSession(ProjectSession* session) {
    if (m_session) {
        m_session->disconnect(this);
    }
    m_arrangeJob.cancel();
    m_session = session;
    m_arranged = false;
    m_view->setSession(session);
    m_actions->setSession(session);
    keepTime();
    m_model->setVisibility(session ? [session](const RunId& id) { return session->isVisible(id); }
                                   : std::function<bool(const RunId&)>());
    m_filterField->setTable(session ? [session] { return session->runs(); }
                                    : std::function<model::SharedRunTable()>());
    if (session) {
        m_model->setEditable(session->writable());
        restoreSettings();
        connectSession();
        countSources();
        arrangeNow();
    } else {
        present(arrange(std::make_shared<model::RunTable>(), {}));
    }
}

void RunTablePane::connectSession() {
    connect(m_session, &ProjectSession::runsChanged, this, &RunTablePane::onRunsChanged);
    connect(m_session, &ProjectSession::loadedChanged, this, [this] {
        m_model->setEditable(m_session->writable());
        chooseEmptyState();
        m_actions->update();
    });
    connect(m_session, &ProjectSession::runColorsChanged, m_view->viewport(), qOverload<>(&QWidget::update));
    connect(m_session, &ProjectSession::highlightChanged, m_view->viewport(), qOverload<>(&QWidget::update));
    connect(m_session, &ProjectSession::visibilityChanged, this, [this] {
        m_view->viewport()->update();
        Q_EMIT statusTextChanged();
    });
    connect(m_session, &ProjectSession::selectionChanged, this, [this] {
        if (!m_syncing) {
            m_syncing = true;
            m_view->selectRuns(m_session->selection());
            m_syncing = false;
        }
        m_actions->update();
        Q_EMIT statusTextChanged();
    });
}

void RunTablePane::keepTime() {
    const bool any = m_session && m_session->runningCount() > 0;
    if (any != m_clock.isActive()) {
        any ? m_clock.start() : m_clock.stop();
    }
}

void RunTablePane::onRunsChanged(const RunsDelta& delta) {
    keepTime();
    if (delta.reset || !delta.added.empty() || !delta.removed.empty()) {
        countSources();
    }
    if (delta.reset || !m_arranged) {
        arrangeNow();
        return;
    }
    if (!delta.changed.empty() && delta.removed.empty()) {
        m_model->updateRecords(m_session->runs(), delta.changed);
    }
    if (!delta.added.empty() || !delta.removed.empty()) {
        arrangeNow();
    } else {
        arrangeSoon();
    }
}

void RunTablePane::arrangeSoon() {
    if (!m_arrangeTimer.isActive()) {
        m_arrangeTimer.start(kLiveArrangeMs);
    }
}

void RunTablePane::arrangeNow() {
    m_arrangeTimer.stop();
    if (!m_session) {
        return;
    }
    auto request = m_request;
    request.nowMs = nowMs();
    m_arrangeJob = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [table = m_session->runs(), request](jobs::JobContext& context) {
            return arrange(table, request, context.stop);
        },
        [this](const SharedArrangement& arrangement) {
            if (arrangement) {
                present(arrangement);
            }
        });
}

void RunTablePane::present(SharedArrangement arrangement) {
    m_syncing = true;
    const auto selection = m_session ? m_session->selection() : std::vector<RunId>{};
    const int scroll = m_view->verticalScrollBar()->value();
    const auto* current = m_view->currentRun();
    const auto currentId = current ? std::optional(current->id) : std::nullopt;
    // Of few rows the next may have wider values; of many they are likely to be among those measured.
    const int rowsBefore = m_model->rowCount();
    bool newWidths = arrangement->columns != m_model->columns() || !m_arranged;
    bool wasReset = false;
    const auto connection =
        connect(m_model, &QAbstractItemModel::modelReset, this, [&wasReset] { wasReset = true; });
    m_model->setArrangement(std::move(arrangement));
    disconnect(connection);
    newWidths = newWidths || (rowsBefore < kFewRows && rowsBefore != m_model->rowCount());
    if (newWidths) {
        m_layout->apply(m_request.columns.empty(), m_request.sortBy);
    }
    showHeaderState();
    if (wasReset) {
        m_view->selectRuns(selection);
        if (const int row = currentId ? m_model->rowOf(*currentId) : -1; row >= 0) {
            m_view->selectionModel()->setCurrentIndex(m_model->index(row, 0), QItemSelectionModel::NoUpdate);
        }
        m_view->verticalScrollBar()->setValue(scroll);
    }
    m_syncing = false;
    m_arranged = true;
    const auto& shown = m_model->arrangement();
    m_filterField->setCount(shown.matching, shown.candidates);
    chooseEmptyState();
    m_actions->update();
    if (m_session) {
        m_session->setShown(shown.shown);
    }
    Q_EMIT statusTextChanged();
}

void RunTablePane::showHeaderState() {
    auto& header = m_view->columns();
    const QSignalBlocker blocker(&header);
    const auto& columns = m_model->columns();
    const auto at =
        m_request.sortBy ? std::find(columns.begin(), columns.end(), *m_request.sortBy) : columns.end();
    header.setSortIndicator(at == columns.end() ? -1 : static_cast<int>(at - columns.begin()),
                            m_request.descending ? Qt::DescendingOrder : Qt::AscendingOrder);
    const auto group = m_request.groupBy ? m_request.groupBy->title() : QString();
    m_groupButton->setText(m_request.groupBy ? tr("Group: %1").arg(group.toLower()) : tr("Group"));
}

void RunTablePane::onSectionMoved() {
    if (m_syncing) {
        return;
    }
    setColumns(m_view->shownColumns());
}

// The first click shows the better end first: the largest accuracy, the smallest loss, the newest time.
void RunTablePane::onSortChanged(int section, Qt::SortOrder order) {
    if (m_syncing) {
        return;
    }
    if (section < 0 || section >= m_model->columnCount()) {
        setSort(std::nullopt, false);
        return;
    }
    const auto& column = m_model->columns()[static_cast<std::size_t>(section)];
    const bool again = m_request.sortBy == column;
    const bool metric = column.kind == RunColumn::Kind::Metric;
    const bool bestIsLow = metric && model::goalOf(column.key.text()) == model::Goal::Minimize;
    const bool firstDescending = (metric && !bestIsLow) || column.kind == RunColumn::Kind::Started ||
                                 column.kind == RunColumn::Kind::Ended;
    Q_UNUSED(order);
    if (!again) {
        setSort(column, firstDescending);
    } else if (m_request.descending == firstDescending) {
        setSort(column, !firstDescending);
    } else {
        setSort(std::nullopt, false);
    }
}

void RunTablePane::onSelectionChanged() {
    if (m_syncing || !m_session) {
        return;
    }
    m_syncing = true;
    auto runs = m_view->selectedRuns();
    // The run under the keyboard comes first: it is the one that the inspector shows.
    if (const auto* current = m_view->currentRun()) {
        const auto at = std::find(runs.begin(), runs.end(), current->id);
        if (at != runs.end()) {
            std::rotate(runs.begin(), at, at + 1);
        }
    }
    m_session->select(std::move(runs));
    m_syncing = false;
    m_actions->update();
    Q_EMIT statusTextChanged();
}

QList<QAction*> RunTablePane::viewActions() const {
    return m_actions->ofPage();
}

QString RunTablePane::statusText() const {
    if (!m_session) {
        return {};
    }
    const auto count = [](std::size_t n) { return formatCount(static_cast<std::int64_t>(n)); };
    const auto& shown = m_model->arrangement();
    const auto runs = shown.candidates == 1 ? tr("1 run") : tr("%1 runs").arg(count(shown.candidates));
    const auto text = tr("%1, %2 shown, %3 plotted, %4 selected")
                          .arg(runs, count(shown.matching), count(m_session->plotted().size()),
                               count(m_session->selection().size()));
    return m_sources.isEmpty() ? text : text + QStringLiteral("   ") + m_sources;
}

void RunTablePane::countSources() {
    constexpr std::size_t kMost = 4;
    std::map<Symbol, std::int64_t> counts;
    for (const auto& run : m_session->runs()->runs) {
        ++counts[run->source];
    }
    std::vector<std::pair<std::int64_t, QString>> sources;
    for (const auto& [source, count] : counts) {
        sources.emplace_back(-count, projectText(source.text()));
    }
    std::sort(sources.begin(), sources.end());
    QStringList parts;
    for (const auto& [count, source] : sources) {
        parts << QStringLiteral("%1 %2").arg(source, formatCount(-count));
    }
    if (sources.size() > kMost) {
        parts = parts.mid(0, kMost) << tr("%1 more").arg(sources.size() - kMost);
    }
    m_sources = sources.size() > 1 ? parts.join(QStringLiteral(", ")) : QString();
}

void RunTablePane::startFind() {
    m_filterField->setFocus(Qt::ShortcutFocusReason);
    m_filterField->selectAll();
}

void RunTablePane::setFilter(const QString& expression) {
    m_filterField->setText(expression);
}

void RunTablePane::setGroupBy(std::optional<RunColumn> column) {
    m_request.groupBy = column;
    noteChange();
    arrangeNow();
}

void RunTablePane::setColumns(std::vector<RunColumn> columns) {
    m_request.columns = std::move(columns);
    noteChange();
    arrangeNow();
}

void RunTablePane::setSort(std::optional<RunColumn> column, bool descending) {
    m_request.sortBy = column;
    m_request.descending = descending;
    noteChange();
    arrangeNow();
}

const std::vector<RunColumn>& RunTablePane::columns() const {
    return m_model->columns();
}

void RunTablePane::setDecimals(const RunColumn& column, std::optional<int> decimals) {
    if (decimals) {
        m_request.decimals[column.toText()] = *decimals;
    } else {
        m_request.decimals.remove(column.toText());
    }
    noteChange();
    m_arranged = false;  // the column needs another width
    arrangeNow();
}

}  // namespace runglass::ui
