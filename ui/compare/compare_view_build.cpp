// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of CompareView, its actions, and what is connected to what.
#include <QBoxLayout>
#include <QCheckBox>
#include <QMenu>
#include <QStackedWidget>

#include "add_runs_popup.h"
#include "compare_sheet.h"
#include "compare_view_private.h"
#include "metrics_panel.h"
#include "part_list.h"
#include "run_bar.h"
#include "runglass/ui/theme/icons.h"
#include "runglass/ui/widgets/banner.h"
#include "runglass/ui/widgets/empty_state.h"
#include "runglass/ui/widgets/search_field.h"
#include "runglass/ui/widgets/splitter.h"

namespace runglass::ui {

CompareView::Private::Private(CompareView* view)
    : q(view)
    , model(new CompareModel(view)) {
    again.setSingleShot(true);
    again.setInterval(400);
    makeActions();
    build();
    connectAll();
    updateBar();
    updatePage();
}

void CompareView::Private::makeActions() {
    const auto make = [this](const char* name, const QString& text, const QString& icon = {}) {
        auto* action = new QAction(text, q);
        action->setObjectName(QLatin1String(name));
        if (!icon.isEmpty()) {
            action->setIcon(themedIcon(icon));
        }
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        q->addAction(action);
        return action;
    };
    next = make("compare.next", CompareView::tr("Next difference"));
    next->setShortcut(Qt::Key_F7);
    previous = make("compare.previous", CompareView::tr("Previous difference"));
    previous->setShortcut(Qt::SHIFT | Qt::Key_F7);
    only = make("compare.onlyDifferences", CompareView::tr("Only differences"));
    only->setCheckable(true);
    only->setChecked(true);
    only->setShortcut(Qt::Key_D);
    whitespace = make("compare.ignoreWhitespace", CompareView::tr("Ignore whitespace"));
    whitespace->setCheckable(true);
    swap = make("compare.swap", CompareView::tr("Swap A and B"), QStringLiteral("swap"));
    addRuns = make("compare.addRuns", CompareView::tr("Add runs…"), QStringLiteral("plus"));
    copyMarkdown =
        make("compare.copyMarkdown", CompareView::tr("Copy comparison as Markdown"), QStringLiteral("copy"));
    copyCsv = make("compare.copyCsv", CompareView::tr("Copy comparison as CSV"), QStringLiteral("copy"));
    showAll = make("compare.showAll", CompareView::tr("Show equal rows"));
}

QWidget* CompareView::Private::buildLeft() {
    auto* left = new Surface(Token::SurfacePanel);
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    parts = new PartList(model);
    onlyDifferences = new QCheckBox(CompareView::tr("Only differences"));
    onlyDifferences->setChecked(true);
    ignoreWhitespace = new QCheckBox(CompareView::tr("Ignore whitespace"));
    search = new SearchField(CompareView::tr("Find"));
    search->setAccessibleName(CompareView::tr("Find in the comparison"));
    auto* options = new QVBoxLayout;
    options->setContentsMargins(12, 10, 12, 12);
    options->setSpacing(8);
    options->addWidget(onlyDifferences);
    options->addWidget(ignoreWhitespace);
    options->addWidget(search);
    column->addWidget(parts);
    column->addLayout(options);
    column->addStretch();
    left->setMinimumWidth(150);
    return left;
}

void CompareView::Private::build() {
    bar = new RunBar;
    problem = new Banner(Tone::Danger, {});
    problem->hide();
    sheet = new CompareSheet(model);
    metrics = new MetricsPanel;
    metrics->setMinimumWidth(240);
    equal = new EmptyState({}, {}, {showAll});
    middle = new QStackedWidget;
    middle->addWidget(sheet);
    middle->addWidget(equal);
    splitter = new Splitter(Qt::Horizontal);
    splitter->setObjectName(QStringLiteral("compare.splitter"));
    splitter->addWidget(buildLeft());
    splitter->addWidget(middle);
    splitter->addWidget(metrics);
    splitter->setStretchFactor(0, 0);
    splitter->setStretchFactor(1, 1);
    splitter->setStretchFactor(2, 0);
    empty = new EmptyState({}, {}, {addRuns});
    pages = new QStackedWidget;
    pages->addWidget(splitter);
    pages->addWidget(empty);
    popup = new AddRunsPopup(q);
    auto* column = new QVBoxLayout(q);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(bar);
    column->addWidget(problem);
    column->addWidget(pages, 1);
    q->setFocusProxy(sheet);
}

void CompareView::Private::connectAll() {
    connect(&again, &QTimer::timeout, q, [this] { request(); });
    connect(next, &QAction::triggered, q, [this] { step(true); });
    connect(previous, &QAction::triggered, q, [this] { step(false); });
    connect(only, &QAction::toggled, q, [this](bool on) {
        onlyDifferences->setChecked(on);
        model->setOnlyDifferences(on);
        metrics->setOnlyDifferences(on);
        updatePage();
    });
    connect(onlyDifferences, &QCheckBox::toggled, only, &QAction::setChecked);
    connect(whitespace, &QAction::toggled, q, [this](bool on) {
        ignoreWhitespace->setChecked(on);
        request();
    });
    connect(ignoreWhitespace, &QCheckBox::toggled, whitespace, &QAction::setChecked);
    connect(parts, &PartList::chosen, sheet, &CompareSheet::goToPart);
    connect(search, &QLineEdit::textChanged, q, [this](const QString& text) {
        model->setFilter(text);
        sheet->code()->diff()->setFindText(text);
    });
    connect(search, &QLineEdit::returnPressed, q, [this] { sheet->code()->diff()->findNext(true); });
    connect(swap, &QAction::triggered, q, [this] {
        auto runs = session ? session->selection() : std::vector<RunId>{};
        if (runs.size() > 1) {
            std::swap(runs[0], runs[1]);
            setSelection(std::move(runs));
        }
    });
    connect(bar->swapButton(), &QToolButton::clicked, swap, &QAction::trigger);
    connect(bar->addButton(), &QPushButton::clicked, addRuns, &QAction::trigger);
    connect(showAll, &QAction::triggered, only, [this] { only->setChecked(false); });
    connect(addRuns, &QAction::triggered, q, [this] {
        if (session) {
            popup->open(session, bar->addButton()->mapToGlobal(QPoint(0, bar->addButton()->height() + 2)));
        }
    });
    connect(popup, &AddRunsPopup::chosen, q, [this](const RunId& run) { add(run); });
    connect(bar, &RunBar::removeRequested, q, [this](const RunId& run) { remove(run); });
    connect(bar, &RunBar::baselineRequested, q, [this](const RunId& run) { makeBaseline(run); });
    auto* menu = new QMenu(q);
    menu->addAction(CompareView::tr("Markdown"), copyMarkdown, &QAction::trigger);
    menu->addAction(CompareView::tr("CSV"), copyCsv, &QAction::trigger);
    bar->copyButton()->setMenu(menu);
    connect(copyMarkdown, &QAction::triggered, q, [this] { copy(TextFormat::Markdown); });
    connect(copyCsv, &QAction::triggered, q, [this] { copy(TextFormat::Csv); });
    connect(&Theme::current(), &Theme::changed, q, [this] { updateBar(); });
}

}  // namespace runglass::ui
