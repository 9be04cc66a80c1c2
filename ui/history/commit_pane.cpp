// SPDX-License-Identifier: GPL-3.0-or-later
#include "commit_pane.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <algorithm>

#include "commit_runs_delegate.h"
#include "runglass/base/clock.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/bar.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

constexpr int kMostRunRows = 8;
constexpr qsizetype kMostMessage = 4000;

QString link(const git::ObjectId& id) {
    return QStringLiteral("<a href=\"%1\" style=\"text-decoration:none;color:%3\">%2</a>")
        .arg(QString::fromStdString(id.hex()), QString::fromStdString(id.shortHex()),
             themeColor(Token::TextLink).name());
}

}  // namespace

CommitPane::CommitPane(HistoryModel* model, QWidget* parent)
    : QWidget(parent)
    , m_model(model)
    , m_runs(new CommitRunsModel(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);

    m_head = new Surface(Token::SurfacePanel, Qt::BottomEdge);
    auto* head = new QVBoxLayout(m_head);
    head->setContentsMargins(12, 10, 12, 10);
    head->setSpacing(6);
    m_title = new Label({}, TextRole::Strong, 600);
    m_title->setElideMode(Qt::ElideRight);
    m_title->setVerbatim(true);
    m_meta = new QLabel;
    m_meta->setTextFormat(Qt::RichText);
    m_meta->setWordWrap(true);
    m_meta->setTextInteractionFlags(Qt::TextBrowserInteraction);
    m_message = new QLabel;
    m_message->setTextFormat(Qt::PlainText);
    m_message->setWordWrap(true);
    m_message->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(6);
    m_compare = makeButton(tr("Compare runs"), QStringLiteral("compare"));
    m_copy = makeButton(tr("Copy hash"), QStringLiteral("copy"));
    buttons->addWidget(m_compare);
    buttons->addWidget(m_copy);
    buttons->addStretch();
    m_regression = new Banner(Tone::Danger, {});
    for (QWidget* widget : std::initializer_list<QWidget*>{m_title, m_meta, m_message}) {
        head->addWidget(widget);
    }
    head->addLayout(buttons);
    head->addWidget(m_regression);
    column->addWidget(m_head);

    buildRuns();
    column->addWidget(m_runsHeader);
    column->addWidget(m_runsTable);
    m_changesHeader = new SectionHeader(tr("Changes"), false);
    m_changesNote = new Label({}, TextRole::Body, 400, Token::TextSecondary);
    m_changesNote->setContentsMargins(12, 8, 12, 8);
    m_diff = new DiffView;
    m_diff->setMode(DiffMode::Unified);
    column->addWidget(m_changesHeader);
    column->addWidget(m_changesNote);
    column->addWidget(m_diff, 1);
    m_environment = new CommitEnvironment;
    column->addWidget(m_environment);
    column->addStretch();

    connect(m_meta, &QLabel::linkActivated, this, [this](const QString& hash) {
        if (const auto id = git::ObjectId::fromHex(hash.toStdString())) {
            Q_EMIT parentRequested(*id);
        }
    });
    connect(m_copy, &QPushButton::clicked, this, &CommitPane::copyHash);
    connect(m_compare, &QPushButton::clicked, this, &CommitPane::compareRuns);
    connect(model, &HistoryModel::numbersChanged, this, &CommitPane::updateNumbers);
    connect(&Theme::current(), &Theme::changed, this, &CommitPane::updateNumbers);
    showRow(-1);
}

void CommitPane::buildRuns() {
    m_runsHeader = new SectionHeader(tr("Runs"), false);
    m_runsTable = new QTableView;
    m_runsTable->setModel(m_runs);
    m_runsTable->setItemDelegate(new CommitRunsDelegate(m_runs, m_runsTable));
    m_runsTable->setFrameShape(QFrame::NoFrame);
    m_runsTable->setShowGrid(false);
    m_runsTable->setWordWrap(false);
    m_runsTable->setTabKeyNavigation(false);
    m_runsTable->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_runsTable->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_runsTable->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_runsTable->setAccessibleName(tr("Runs of this commit"));
    m_runsTable->verticalHeader()->hide();
    m_runsTable->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_runsTable->verticalHeader()->setMinimumSectionSize(12);
    auto* header = m_runsTable->horizontalHeader();
    header->setProperty("runglassKind", QStringList(QStringLiteral("panel")));
    header->setHighlightSections(false);
    header->setMinimumSectionSize(40);
    header->setSectionResizeMode(CommitRunsModel::Name, QHeaderView::Stretch);
    header->setSectionResizeMode(CommitRunsModel::Value, QHeaderView::Fixed);
    header->setSectionResizeMode(CommitRunsModel::Snapshot, QHeaderView::Fixed);
    header->resizeSection(CommitRunsModel::Value, 90);
    header->resizeSection(CommitRunsModel::Snapshot, 92);
    connect(m_runsTable->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &CommitPane::selectRuns);
}

void CommitPane::showRow(int row) {
    const auto* history = m_model->historyRow(row);
    const bool uncommitted = row >= 0 && m_model->isUncommitted(row);
    if (history != nullptr && history->commit.id == m_commit) {
        updateNumbers();
        return;  // the same commit in another place: keep what is loaded
    }
    m_commit = history == nullptr ? git::ObjectId{} : history->commit.id;
    m_uncommitted = uncommitted;
    m_job = {};
    m_diff->setDocument(nullptr);
    m_head->setVisible(history != nullptr || uncommitted);
    m_changesHeader->setVisible(history != nullptr || uncommitted);
    m_changesNote->setVisible(history != nullptr || uncommitted);
    m_diff->setVisible(false);
    m_message->hide();
    if (uncommitted) {
        showUncommitted();
    } else if (history != nullptr) {
        showCommit(*history);
    }
    updateNumbers();
    Q_EMIT commitChanged();
}

void CommitPane::showUncommitted() {
    m_title->setText(tr("Uncommitted changes"));
    m_meta->setText(m_model->uncommittedSummary().toHtmlEscaped());
    m_changesHeader->setRemark(m_model->uncommittedSummary());
    m_changesNote->setText(tr("Reading the changes…"));
    m_job = jobs::start(
        m_model->session()->pool(), m_model->session()->guiExecutor(),
        [project = m_model->session()->project()](jobs::JobContext& context) {
            return readUncommittedChanges(project, context.stop);
        },
        [this](Result<CommitChanges> changes) { showChanges(std::move(changes)); });
}

void CommitPane::showCommit(const git::HistoryRow& row) {
    // The row may be one of a filtered graph; parents come from the commit as git has it.
    const auto* known = m_model->commit(row.commit.id);
    const git::Commit commit = known == nullptr ? row.commit : *known;
    m_title->setText(projectText(commit.summary));
    m_meta->setText(metaText(commit));
    m_changesHeader->setRemark({});
    m_changesNote->setText(tr("Reading the changes…"));
    m_job = jobs::start(
        m_model->session()->pool(), m_model->session()->guiExecutor(),
        [project = m_model->session()->project(), commit](jobs::JobContext& context) {
            return readCommitChanges(project, commit, context.stop);
        },
        [this](Result<CommitChanges> changes) { showChanges(std::move(changes)); });
}

QString CommitPane::metaText(const git::Commit& commit) const {
    const QFont mono = Theme::current().font(TextRole::CodeSmall);
    const auto code = [&mono](const QString& html) {
        return QStringLiteral("<span style=\"font-family:'%1';font-size:11px\">%2</span>")
            .arg(mono.family(), html);
    };
    QString text = tr("%1 %2, %3")
                       .arg(code(QString::fromStdString(commit.id.shortHex())),
                            projectText(commit.authorName).toHtmlEscaped(),
                            formatFullTime(commit.authorTime * 1000).left(16).toHtmlEscaped());
    QStringList parents;
    for (const auto& parent : commit.parents) {
        parents << code(link(parent));
    }
    if (!parents.isEmpty()) {
        text += (parents.size() == 1 ? tr(", parent %1") : tr(", parents %1"))
                    .arg(parents.join(QStringLiteral(", ")));
    } else {
        text += tr(", no parent");
    }
    return QStringLiteral("<span style=\"color:%1\">%2</span>")
        .arg(themeColor(Token::TextTertiary).name(), text);
}

void CommitPane::showChanges(Result<CommitChanges> changes) {
    if (!changes.ok()) {
        m_changesNote->setText(QString::fromStdString(changes.error().message));
        return;
    }
    const QString message = QString::fromStdString(changes->message);
    const auto lineEnd = message.indexOf(QLatin1Char('\n'));
    QString body = lineEnd < 0 ? QString() : message.mid(lineEnd).trimmed();
    if (body.size() > kMostMessage) {
        body = body.left(kMostMessage) + QStringLiteral(" …");
    }
    m_message->setText(body);
    m_message->setVisible(!body.isEmpty());
    const auto& difference = *changes->difference;
    const auto files = difference.files().size();
    m_changesHeader->setRemark((files == 1 ? tr("1 file, +%2 −%3") : tr("%1 files, +%2 −%3").arg(files))
                                   .arg(difference.added())
                                   .arg(difference.removed()));
    m_changesNote->setText(files == 0 ? tr("This commit changes no file.") : QString());
    m_changesNote->setVisible(files == 0);
    m_diff->setVisible(files > 0);
    m_diff->setDocument(changes->difference);
}

void CommitPane::updateNumbers() {
    const int row = m_uncommitted ? 0 : m_model->rowOf(m_commit);
    updateRuns();
    updateEnvironment();
    if (!m_commit.isNull()) {
        if (const auto* commit = m_model->commit(m_commit)) {
            m_meta->setText(metaText(*commit));
        }
    }
    const auto* point = row < 0 || m_uncommitted ? nullptr : m_model->strip().at(row);
    m_regression->setVisible(point != nullptr && point->regression);
    if (point != nullptr && point->regression) {
        const auto& fall = *point->regression;
        const QString key = projectText(m_model->metric().key.text());
        m_regression->setText((fall.change < 0 ? tr("%1 fell by %2 against the commit before.")
                                               : tr("%1 rose by %2 against the commit before."))
                                  .arg(key, formatMetric(std::abs(fall.change), m_model->decimals())) +
                              QLatin1Char('\n') +
                              tr("%1 runs before, %2 here, Welch p %3, not corrected for several commits.")
                                  .arg(fall.nBefore)
                                  .arg(fall.nHere)
                                  .arg(QString::number(fall.p, 'g', 2)));
    }
}

void CommitPane::updateRuns() {
    const int row = m_commit.isNull() ? -1 : m_model->rowOf(m_commit);
    m_updating = true;
    m_runs->setRuns(m_model->runsOf(row), m_model->metric());
    m_updating = false;
    const int count = m_runs->rowCount();
    m_runsTable->setColumnHidden(CommitRunsModel::Value, m_model->metric().key.empty());
    m_runsTable->verticalHeader()->setDefaultSectionSize(Theme::current().rowHeight());
    const int header = std::max(24, Theme::current().lineHeight(TextRole::Caption) + 10);
    m_runsTable->horizontalHeader()->setFixedHeight(header);
    m_runsTable->setFixedHeight(header + std::min(count, kMostRunRows) * Theme::current().rowHeight());
    m_runsTable->setVisible(count > 0);
    m_runsHeader->setVisible(!m_commit.isNull());
    m_runsHeader->setRemark(count == 0 ? tr("none on this commit") : QString::number(count));
    m_compare->setVisible(!m_uncommitted);
    m_copy->setVisible(!m_uncommitted);
    m_compare->setEnabled(count > 1);
    m_compare->setToolTip(count > 1 ? QString() : tr("Two runs or more are needed."));
}

void CommitPane::updateEnvironment() {
    const auto& here = m_runs->runs();
    const auto before = here.empty() ? std::nullopt : m_model->runsBefore(m_commit);
    if (before) {
        m_environment->show(m_model->session(), before->runs->back(), here.back(),
                            QString::fromStdString(before->commit.shortHex()));
    } else {
        m_environment->show(nullptr, nullptr, nullptr, {});
    }
}

void CommitPane::selectRuns() {
    if (m_updating || m_model->session() == nullptr) {
        return;
    }
    std::vector<RunId> ids;
    for (const auto& index : m_runsTable->selectionModel()->selectedRows()) {
        ids.push_back(m_runs->run(index.row()).id);
    }
    if (!ids.empty()) {
        m_model->session()->select(std::move(ids));
    }
}

void CommitPane::focusRuns() {
    if (m_runs->rowCount() == 0) {
        return;
    }
    m_runsTable->setFocus(Qt::ShortcutFocusReason);
    if (!m_runsTable->selectionModel()->hasSelection()) {
        m_runsTable->selectRow(0);
    }
}

void CommitPane::copyHash() {
    if (!m_commit.isNull()) {
        QGuiApplication::clipboard()->setText(QString::fromStdString(m_commit.hex()));
    }
}

void CommitPane::compareRuns() {
    std::vector<RunId> ids;
    const auto selected = m_runsTable->selectionModel()->selectedRows();
    if (selected.size() > 1) {
        for (const auto& index : selected) {
            ids.push_back(m_runs->run(index.row()).id);
        }
    } else {
        for (const auto& run : m_runs->runs()) {
            ids.push_back(run->id);
        }
    }
    if (ids.size() > 1) {
        Q_EMIT compareRequested(ids);
    }
}

}  // namespace runglass::ui
