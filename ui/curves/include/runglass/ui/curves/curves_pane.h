// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QJsonObject>
#include <QTimer>
#include <QWidget>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "runglass/ui/curves/chart_settings.h"
#include "runglass/ui/session/project_session.h"

class QMenu;
class QStackedLayout;

namespace runglass::ui {

class Banner;
class ChartCard;
class ChartGrid;
class ChartTooltip;
class CurveLegend;
class CurveLooks;
class CurvesToolbar;
class EmptyState;
class VisibleRuns;
struct ChartSpec;
struct CurvesState;
struct LooksChoice;
struct TooltipQuestion;
struct Zoom;

/// The charts of all metrics of the visible runs, with their toolbar, one crosshair over all of them, and
/// zoom that goes back and forth.
class CurvesPane final : public QWidget {
    Q_OBJECT
public:
    explicit CurvesPane(QWidget* parent = nullptr);
    ~CurvesPane() override;

    /// Null: no project.
    void setSession(ProjectSession* session);

    [[nodiscard]] const ChartSettings& settings() const;
    void setSettings(const ChartSettings& settings);
    void setPinned(const std::vector<Symbol>& keys);
    void setLogY(Symbol chart, bool on);
    /// Arrangement and settings as a saved view has them.
    [[nodiscard]] QJsonObject viewState() const;
    void setViewState(const QJsonObject& state);
    /// With texts, keys and object names (`curves.fit`), for menus and the command palette.
    [[nodiscard]] QList<QAction*> viewActions() const { return m_actions; }
    void startFind();
    /// Charts on the page, in sight or not.
    [[nodiscard]] int chartCount() const;

Q_SIGNALS:
    void viewStateChanged() const;

private:
    struct ZoomState;
    void connectToolbar();
    void buildActions();
    void buildMoveActions();
    void buildChartActions();
    void buildViewActions();
    QAction* addAction(const char* name, const char* text, const QKeySequence& keys,
                       std::function<void()> run);
    void setState(CurvesState state);
    void saveState() const;
    void showSettings();
    void applySettings();
    ChartCard* makeCard(Symbol id, QWidget* parent);
    [[nodiscard]] ChartSpec specOf(Symbol id) const;
    [[nodiscard]] ChartSettings settingsOf(Symbol id) const;
    [[nodiscard]] Symbol definedX(Symbol id) const;
    [[nodiscard]] ChartCard* currentCard() const;
    void withCard(const std::function<void(ChartCard*)>& run);
    void focusChart(Symbol id);

    void updateCharts();
    void refreshCards();
    void refreshLooks();
    void showLegend();
    void showNote();
    void showSelection();
    void showHighlight();
    void paintHighlight();
    void setOwn(Symbol id, const ChartOverrides& own);
    void enlarge(Symbol id);
    void setLooks(const LooksChoice& looks);
    void setGrouping(const Grouping& grouping);

    void moveCrosshair(ChartCard* card, std::optional<double> x, const QPoint& position);
    void showTooltip(ChartCard* card);
    void stepCrosshair(int steps);
    void hideCrosshair();
    void pinTooltip(bool pinned);
    void nextTooltipOrder();
    void zoom(ChartCard* card, double lower, double upper, std::optional<std::pair<double, double>> y);
    void zoomY(ChartCard* card, double lower, double upper);
    void goToZoom(Zoom next);
    void zoomBy(double factor);
    void zoomYBy(double factor);
    void pan(double share);
    void panY(double share);
    void fit();
    void goBack();
    void goForward();
    void applyZoom();
    void showZoom(ChartCard* card);
    void selectRuns(const std::vector<RunId>& runs, Qt::KeyboardModifiers modifiers);

    void fillChartMenu(ChartCard* card, QMenu* menu);
    void fillXMenu(QMenu* menu);
    void fillGroupMenu(QMenu* menu);
    void fillMoreMenu(QMenu* menu);
    void editChart(Symbol id);
    void removeChart(Symbol id);
    void editOptions(Symbol id);
    void showValues(ChartCard* card);
    void exportChart(ChartCard* card);
    void copyImage(ChartCard* card);
    void copyPoints(ChartCard* card);
    void copyValues();
    void pickColor(const std::vector<RunId>& runs);

    ProjectSession* m_session = nullptr;
    std::unique_ptr<CurvesState> m_state;
    VisibleRuns* m_visible;
    std::shared_ptr<const CurveLooks> m_looks;
    CurvesToolbar* m_toolbar;
    Banner* m_note;
    CurveLegend* m_legend;
    ChartGrid* m_grid;
    EmptyState* m_empty;
    QStackedLayout* m_stack;
    ChartTooltip* m_tooltip;
    QList<QAction*> m_actions;
    QTimer m_refreshTimer;
    std::optional<Qt::WindowStates> m_windowBefore;  ///< while a chart is shown in full screen
    QTimer m_highlightTimer;                         ///< until the mouse rests
    std::optional<double> m_crosshair;
    std::optional<double> m_crosshairY;
    QPoint m_crosshairAt;
    Symbol m_current;  ///< chart that the mouse or keyboard was in last
    bool m_noteClosed = false;
    std::unique_ptr<ZoomState> m_zoom;
    mutable QJsonObject m_savedState;  ///< what saveState() has kept last
    jobs::Job m_copyJob;
};

}  // namespace runglass::ui
