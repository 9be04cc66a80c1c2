// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/history/history_view.h"

#include <QBoxLayout>
#include <QStackedWidget>

#include "commit_pane.h"
#include "history_model.h"
#include "history_table.h"
#include "history_toolbar.h"
#include "runglass/ui/theme/icons.h"
#include "runglass/ui/widgets/banner.h"
#include "runglass/ui/widgets/empty_state.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/splitter.h"

namespace runglass::ui {

class HistoryView::Private {
public:
    explicit Private(HistoryView* view);

    void makeActions();
    void connectAll();
    void updatePage();
    void updateMetrics();
    void updateActions();

    HistoryView* q;
    HistoryModel* model;
    HistoryToolbar* toolbar;
    Banner* noRuns;
    QStackedWidget* pages;
    EmptyState* empty;
    EmptyState* noMatch;
    Splitter* splitter;
    HistoryTable* table;
    CommitPane* pane;
    QAction* copyHash = nullptr;
    QAction* compareRuns = nullptr;
    QAction* withRuns = nullptr;
    QAction* goToHead = nullptr;
    QAction* clearFilter = nullptr;
    bool sized = false;
};

HistoryView::Private::Private(HistoryView* view)
    : q(view)
    , model(new HistoryModel(view)) {
    makeActions();
    toolbar = new HistoryToolbar;
    noRuns = new Banner(
        Tone::Info,
        HistoryView::tr("No run has been recorded yet. Launch one, and it appears on its commit."));
    noRuns->setClosable(true);
    pages = new QStackedWidget;
    splitter = new Splitter(Qt::Horizontal);
    splitter->setObjectName(QStringLiteral("history.splitter"));
    table = new HistoryTable(model);
    pane = new CommitPane(model);
    pane->setMinimumWidth(264);
    splitter->addWidget(table);
    splitter->addWidget(pane);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 0);
    empty = new EmptyState({}, {});
    noMatch = new EmptyState(HistoryView::tr("No commit matches"),
                             HistoryView::tr("Change the search, or show all commits again."), {clearFilter});
    pages->addWidget(splitter);
    pages->addWidget(empty);
    pages->addWidget(noMatch);
    auto* column = new QVBoxLayout(q);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(toolbar);
    column->addWidget(noRuns);
    column->addWidget(pages, 1);
    q->setFocusProxy(table);
    connectAll();
    updatePage();
}

void HistoryView::Private::makeActions() {
    const auto make = [this](const char* name, const QString& text, const QString& icon) {
        auto* action = new QAction(text, q);
        action->setObjectName(QLatin1String(name));
        if (!icon.isEmpty()) {
            action->setIcon(themedIcon(icon));
        }
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        q->addAction(action);
        return action;
    };
    copyHash = make("history.copyHash", HistoryView::tr("Copy hash of the commit"), QStringLiteral("copy"));
    compareRuns = make("history.compareRuns", HistoryView::tr("Compare the runs of the commit"),
                       QStringLiteral("compare"));
    withRuns =
        make("history.withRuns", HistoryView::tr("Show only commits with runs"), QStringLiteral("filter"));
    withRuns->setCheckable(true);
    goToHead = make("history.head", HistoryView::tr("Go to the current commit"), QStringLiteral("commit"));
    clearFilter = make("history.showAll", HistoryView::tr("Show all commits"), {});
}

void HistoryView::Private::connectAll() {
    connect(toolbar, &HistoryToolbar::filterChanged, model, &HistoryModel::setFilter);
    connect(toolbar, &HistoryToolbar::branchChanged, model, &HistoryModel::setBranch);
    connect(toolbar, &HistoryToolbar::metricChanged, model, &HistoryModel::setMetric);
    connect(model, &HistoryModel::refsChanged, q, [this] { toolbar->setReferences(model->refs()); });
    connect(model, &HistoryModel::stateChanged, q, [this] { updatePage(); });
    connect(model, &HistoryModel::numbersChanged, q, [this] { updateMetrics(); });
    connect(model, &HistoryModel::countsChanged, q, [this] {
        updatePage();
        Q_EMIT q->statusTextChanged();
    });
    connect(table, &HistoryTable::rowChosen, pane, &CommitPane::showRow);
    connect(table, &HistoryTable::rowActivated, pane, [this] { pane->focusRuns(); });
    connect(table, &HistoryTable::copyRequested, pane, &CommitPane::copyHash);
    connect(pane, &CommitPane::parentRequested, table, &HistoryTable::goToCommit);
    connect(pane, &CommitPane::commitChanged, q, [this] { updateActions(); });
    connect(pane, &CommitPane::compareRequested, q, [this](const std::vector<RunId>& runs) {
        model->session()->select(runs);
        Q_EMIT q->viewRequested(QStringLiteral("compare"));
    });
    connect(copyHash, &QAction::triggered, pane, &CommitPane::copyHash);
    connect(compareRuns, &QAction::triggered, pane, &CommitPane::compareRuns);
    connect(withRuns, &QAction::toggled, toolbar->withRuns(), &QPushButton::setChecked);
    connect(toolbar->withRuns(), &QPushButton::toggled, withRuns, &QAction::setChecked);
    connect(clearFilter, &QAction::triggered, toolbar, &HistoryToolbar::clear);
    connect(goToHead, &QAction::triggered, q, [this] {
        if (const auto& head = model->refs().head.commit) {
            table->goToCommit(*head);
        }
    });
}

void HistoryView::Private::updateMetrics() {
    auto* session = model->session();
    toolbar->setMetrics(session == nullptr ? std::vector<Symbol>{} : session->runs()->metricKeys,
                        model->metric());
    updateActions();
}

void HistoryView::Private::updateActions() {
    copyHash->setEnabled(!table->currentCommit().isNull());
    compareRuns->setEnabled(pane->canCompare());
    goToHead->setEnabled(model->refs().head.commit.has_value());
}

void HistoryView::Private::updatePage() {
    const auto state = model->state();
    const bool ready = state == HistoryModel::State::Ready || state == HistoryModel::State::Loading;
    toolbar->setEnabled(ready);
    auto* session = model->session();
    noRuns->setVisible(ready && session != nullptr && session->loaded() && session->runs()->runs.empty());
    switch (state) {
        case HistoryModel::State::NoProject:
            empty->setText(HistoryView::tr("No project is open"),
                           HistoryView::tr("Open a folder to see its history."));
            break;
        case HistoryModel::State::NotGit:
            empty->setText(HistoryView::tr("This folder is not a git work tree"),
                           HistoryView::tr("Runs are recorded without a snapshot."));
            break;
        case HistoryModel::State::NoCommits:
            empty->setText(HistoryView::tr("There is no commit yet"),
                           HistoryView::tr("After the first `git commit`, the history stands here."));
            break;
        case HistoryModel::State::Failed:
            empty->setText(HistoryView::tr("The history cannot be read"), model->problem());
            break;
        case HistoryModel::State::Loading:
        case HistoryModel::State::Ready:
            break;
    }
    const bool nothingMatches =
        ready && model->filtered() && model->rowCount() == 0 && model->loadedCommits() > 0;
    QWidget* page = splitter;
    if (!ready || nothingMatches) {
        page = ready ? noMatch : empty;
    }
    pages->setCurrentWidget(page);
    if (ready && model->rowCount() > 0 && !table->currentIndex().isValid()) {
        const auto& head = model->refs().head.commit;
        const int row = head ? model->rowOf(*head) : -1;
        if (row >= 0 || !model->loading()) {  // the current commit may be in a later batch
            table->setCurrentIndex(model->index(std::max(0, row), HistoryModel::Message));
        }
    }
    updateActions();
}

HistoryView::HistoryView(QWidget* parent)
    : View(parent)
    , d(std::make_unique<Private>(this)) {}

HistoryView::~HistoryView() = default;

void HistoryView::setSession(ProjectSession* session) {
    d->pane->showRow(-1);
    if (d->model->session() != nullptr) {
        disconnect(d->model->session(), nullptr, this, nullptr);
    }
    d->toolbar->clear();
    d->model->setSession(session);
    if (session != nullptr) {
        connect(session, &ProjectSession::loadedChanged, this, [this] { d->updatePage(); });
    }
    d->updateMetrics();
    d->updatePage();
    Q_EMIT statusTextChanged();
}

QList<QAction*> HistoryView::viewActions() const {
    return {d->goToHead, d->withRuns, d->compareRuns, d->copyHash};
}

void HistoryView::startFind() {
    d->toolbar->search()->setFocus(Qt::ShortcutFocusReason);
    d->toolbar->search()->selectAll();
}

QString HistoryView::statusText() const {
    const auto& model = *d->model;
    if (model.state() != HistoryModel::State::Ready) {
        return model.state() == HistoryModel::State::Loading ? tr("Reading the history…") : QString();
    }
    QString text = model.loadedCommits() == 1 ? tr("1 commit")
                                              : tr("%1 commits").arg(formatCount(model.loadedCommits()));
    if (model.loading()) {
        text += tr(", reading on");
    }
    if (model.filtered()) {
        text += tr(", %1 shown").arg(formatCount(model.shownCommits()));
    }
    text += tr(", %1 with runs").arg(formatCount(model.commitsWithRuns()));
    if (!model.strip().empty()) {
        text +=
            tr("   Points: mean of the finished runs of a commit. Band: ± 1 standard deviation. Hollow: "
               "other branches. "
               "Red: worse than the commit before, Welch p < 0.01");
    }
    return text;
}

bool HistoryView::isSettled() const {
    return d->model->isSettled() && d->pane->isSettled();
}

QString HistoryView::helpPage() const {
    return QStringLiteral("history");
}

void HistoryView::showEvent(QShowEvent* event) {
    View::showEvent(event);
    d->model->checkForChanges();
}

void HistoryView::resizeEvent(QResizeEvent* event) {
    View::resizeEvent(event);
    if (!d->sized && width() > 600) {
        d->sized = true;
        const int detail = width() >= 1400 ? 410 : 344;
        d->splitter->setSizes({width() - detail, detail});
    }
}

}  // namespace runglass::ui
