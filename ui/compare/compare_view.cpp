// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/compare/compare_view.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QStackedWidget>
#include <algorithm>

#include "add_runs_popup.h"
#include "compare_sheet.h"
#include "compare_view_private.h"
#include "metrics_panel.h"
#include "run_bar.h"
#include "runglass/ui/widgets/banner.h"
#include "runglass/ui/widgets/empty_state.h"
#include "runglass/ui/widgets/search_field.h"
#include "runglass/ui/widgets/splitter.h"

namespace runglass::ui {

std::vector<model::SharedRun> CompareView::Private::selectedRuns() const {
    std::vector<model::SharedRun> runs;
    if (session) {
        for (const auto& id : session->selection()) {
            if (runs.size() == kMostCompared) {
                break;
            }
            if (auto run = session->run(id)) {
                runs.push_back(std::move(run));
            }
        }
    }
    return runs;
}

void CompareView::Private::updateBar() {
    const auto runs = selectedRuns();
    QList<QColor> colors;
    for (const auto& run : runs) {
        colors << session->runColor(*run);
    }
    bar->setRuns(runs, colors, session ? session->selection().size() : 0);
    sheet->setColors(colors);
    bar->setVisible(session != nullptr);
}

void CompareView::Private::updatePage() {
    const auto runs = selectedRuns();
    if (runs.size() < 2) {
        loader.cancel();
        model->setComparison(nullptr);
        metrics->setComparison(nullptr);
        asked.clear();
    }
    for (auto* action : {next, previous, swap, copyMarkdown, copyCsv}) {
        action->setEnabled(runs.size() > 1);
    }
    addRuns->setEnabled(session != nullptr && !session->runs()->runs.empty());
    if (runs.empty()) {
        empty->setText(
            CompareView::tr("No runs are selected"),
            CompareView::tr("Select two runs or more in the run table or on a commit, or add them here."));
    } else if (runs.size() == 1) {
        empty->setText(CompareView::tr("One run is selected"),
                       CompareView::tr("Add a second one to compare it with."));
    }
    pages->setCurrentWidget(runs.size() < 2 ? static_cast<QWidget*>(empty) : splitter);
    const bool nothing = model->comparison() && model->rowCount() == 0 && search->text().isEmpty();
    if (nothing) {
        equal->setText(CompareView::tr("These runs are equal"),
                       CompareView::tr("Params, config files, code, packages, environment, hardware, data, "
                                       "command line and tags do not differ."));
    }
    middle->setCurrentWidget(nothing ? static_cast<QWidget*>(equal) : sheet);
    Q_EMIT q->statusTextChanged();
}

void CompareView::Private::request() {
    again.stop();
    const auto runs = selectedRuns();
    if (!q->isVisible()) {
        stale = true;  // a comparison reads files; it waits until somebody looks
        return;
    }
    stale = false;
    updateBar();
    if (runs.size() < 2) {
        updatePage();
        return;
    }
    asked.clear();
    for (const auto& run : runs) {
        asked.push_back(run->id);
    }
    loader.start(session->pool(), session->guiExecutor(), session->project(), session->catalogue(), asked,
                 whitespace->isChecked(),
                 [this](Result<SharedComparison> result) { take(std::move(result)); });
    Q_EMIT q->statusTextChanged();
}

void CompareView::Private::take(Result<SharedComparison> result) {
    problem->setVisible(!result.ok());
    if (!result.ok()) {
        problem->setText(QString::fromStdString(result.error().message));
        updatePage();
        return;
    }
    show(*result);
}

QString CompareView::Private::codeProblem(const LoadedComparison& loaded) const {
    if (!loaded.comparison.codeProblem.empty()) {
        return QString::fromStdString(loaded.comparison.codeProblem);
    }
    return CompareView::tr("The code is equal.");
}

void CompareView::Private::show(const SharedComparison& result) {
    const auto& runs = result->comparison.runs;
    const auto version = [](const model::RunDetail& run) {
        const QString hash = QString::fromStdString(run.record.git.commit.substr(0, 7));
        return run.record.git.dirty ? CompareView::tr("%1 + uncommitted").arg(hash) : hash;
    };
    // A live run is compared again and again while its code stays what it is: leave it where it is being
    // read.
    QStringList key{whitespace->isChecked() ? QStringLiteral("w") : QString(), codeProblem(*result)};
    for (const auto* run : {&runs[0].record, &runs[1].record}) {
        key << QString::fromStdString(run->git.commit + run->git.snapshot);
    }
    if (key != shownCode) {
        shownCode = key;
        sheet->code()->setCode(result->code, codeProblem(*result),
                               CompareView::tr("A %1   B %2").arg(version(runs[0]), version(runs[1])));
    }
    model->setComparison(result);
    metrics->setComparison(result);
    updatePage();
}

void CompareView::Private::step(bool forward) {
    if (!sheet->goToDifference(forward)) {
        QApplication::beep();
    }
}

void CompareView::Private::copy(TextFormat format) {
    if (model->comparison()) {
        QApplication::clipboard()->setText(
            comparisonText(*model->comparison(), format, model->onlyDifferences()));
    }
}

void CompareView::Private::setSelection(std::vector<RunId> runs) {
    if (session) {
        session->select(std::move(runs));
    }
}

void CompareView::Private::add(const RunId& run) {
    auto runs = session->selection();
    runs.push_back(run);
    setSelection(std::move(runs));
}

void CompareView::Private::remove(const RunId& run) {
    auto runs = session->selection();
    std::erase(runs, run);
    setSelection(std::move(runs));
}

void CompareView::Private::makeBaseline(const RunId& run) {
    auto runs = session->selection();
    const auto it = std::find(runs.begin(), runs.end(), run);
    if (it != runs.end()) {
        std::rotate(runs.begin(), it, it + 1);
        setSelection(std::move(runs));
    }
}

void CompareView::Private::runsChanged(const RunsDelta& delta) {
    const auto isAsked = [this](const RunId& id) {
        return std::find(asked.begin(), asked.end(), id) != asked.end();
    };
    const bool concerned = delta.reset || std::any_of(delta.changed.begin(), delta.changed.end(), isAsked) ||
                           std::any_of(delta.removed.begin(), delta.removed.end(), isAsked);
    if (concerned && !again.isActive()) {
        again.start();  // not restarted: a run that logs all the time would keep it waiting for ever
    }
}

CompareView::CompareView(QWidget* parent)
    : View(parent)
    , d(std::make_unique<Private>(this)) {}

CompareView::~CompareView() = default;

void CompareView::setSession(ProjectSession* session) {
    if (d->session) {
        disconnect(d->session, nullptr, this, nullptr);
    }
    d->loader.cancel();
    d->again.stop();
    d->popup->hide();
    d->problem->hide();
    d->session = session;
    d->model->setComparison(nullptr);
    d->metrics->setComparison(nullptr);
    if (session != nullptr) {
        connect(session, &ProjectSession::selectionChanged, this, [this] {
            d->updateBar();
            d->request();
        });
        connect(session, &ProjectSession::runsChanged, this,
                [this](const RunsDelta& delta) { d->runsChanged(delta); });
        connect(session, &ProjectSession::runColorsChanged, this, [this] { d->updateBar(); });
        connect(session, &ProjectSession::loadedChanged, this, [this] { d->request(); });
    }
    d->updateBar();
    d->updatePage();
    d->request();
}

QList<QAction*> CompareView::viewActions() const {
    return {d->next, d->previous, d->only, d->whitespace, d->swap, d->addRuns, d->copyMarkdown, d->copyCsv};
}

void CompareView::startFind() {
    d->search->setFocus(Qt::ShortcutFocusReason);
    d->search->selectAll();
}

QString CompareView::statusText() const {
    if (!d->session) {
        return {};
    }
    const auto count = d->selectedRuns().size();
    if (count < 2) {
        return count == 1 ? tr("1 run") : tr("No runs");
    }
    QString text = tr("%1 runs").arg(count);
    if (d->loader.running()) {
        return text + tr(", comparing…");
    }
    if (const auto& loaded = d->model->comparison()) {
        text += tr("   %1 params, %2 packages, %3 metrics, %4 changed files compared in %5 ms")
                    .arg(d->model->total(ComparePart::Params))
                    .arg(d->model->total(ComparePart::Packages))
                    .arg(loaded->comparison.metrics.size())
                    .arg(d->model->differing(ComparePart::Code))
                    .arg(loaded->milliseconds);
    }
    return text;
}

bool CompareView::isSettled() const {
    return !d->loader.running() && !d->again.isActive() && !d->stale;
}

QString CompareView::helpPage() const {
    return QStringLiteral("compare");
}

void CompareView::showEvent(QShowEvent* event) {
    View::showEvent(event);
    if (d->stale) {
        d->request();
    }
}

void CompareView::resizeEvent(QResizeEvent* event) {
    View::resizeEvent(event);
    if (!d->sized && width() > 600) {
        d->sized = true;
        const int right = width() >= 1400 ? 372 : 330;
        d->splitter->setSizes({168, width() - 168 - right, right});
    }
}

}  // namespace runglass::ui
