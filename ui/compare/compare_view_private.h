// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QPointer>
#include <QTimer>
#include <vector>

#include "compare_loader.h"
#include "compare_model.h"
#include "comparison_text.h"
#include "runglass/ui/compare/compare_view.h"

class QCheckBox;
class QStackedWidget;

namespace runglass::ui {

class AddRunsPopup;
class Banner;
class CompareSheet;
class EmptyState;
class MetricsPanel;
class PartList;
class RunBar;
class SearchField;
class Splitter;

/// What CompareView is made of (compare_view_build.cpp), and how it follows the selection (compare_view.cpp).
class CompareView::Private {
public:
    explicit Private(CompareView* view);

    void build();
    QWidget* buildLeft();
    void makeActions();
    void connectAll();
    void request();
    void take(Result<SharedComparison> result);
    void show(const SharedComparison& result);
    void updateBar();
    void updatePage();
    void step(bool forward);
    void copy(TextFormat format);
    void setSelection(std::vector<RunId> runs);
    void add(const RunId& run);
    void remove(const RunId& run);
    void makeBaseline(const RunId& run);
    void runsChanged(const RunsDelta& delta);
    [[nodiscard]] std::vector<model::SharedRun> selectedRuns() const;
    [[nodiscard]] QString codeProblem(const LoadedComparison& loaded) const;

    CompareView* q;
    QPointer<ProjectSession> session;
    CompareLoader loader;
    QTimer again;
    CompareModel* model;
    RunBar* bar = nullptr;
    Banner* problem = nullptr;
    QStackedWidget* pages = nullptr;
    EmptyState* empty = nullptr;
    EmptyState* equal = nullptr;
    QStackedWidget* middle = nullptr;
    Splitter* splitter = nullptr;
    PartList* parts = nullptr;
    QCheckBox* onlyDifferences = nullptr;
    QCheckBox* ignoreWhitespace = nullptr;
    SearchField* search = nullptr;
    CompareSheet* sheet = nullptr;
    MetricsPanel* metrics = nullptr;
    AddRunsPopup* popup = nullptr;
    QAction* next = nullptr;
    QAction* previous = nullptr;
    QAction* only = nullptr;
    QAction* whitespace = nullptr;
    QAction* swap = nullptr;
    QAction* addRuns = nullptr;
    QAction* copyMarkdown = nullptr;
    QAction* copyCsv = nullptr;
    QAction* showAll = nullptr;
    std::vector<RunId> asked;
    QStringList shownCode;  ///< what the code on screen was made of
    bool stale = false;     ///< something changed while the view was hidden
    bool sized = false;
};

}  // namespace runglass::ui
