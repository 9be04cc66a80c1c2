// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QHash>
#include <QSet>
#include <QTimer>
#include <QWidget>
#include <memory>
#include <optional>
#include <vector>

#include "runglass/ui/curves/chart_settings.h"
#include "runglass/ui/session/project_session.h"

class QLabel;
class QPushButton;
class QSlider;
class QStackedLayout;

namespace runglass::ui {

class Bar;
class ChartCard;
class ChartGrid;
class ChartTooltip;
class EmptyState;
class SearchField;

/// The charts of all metrics of the visible runs, with their toolbar, one crosshair over all of them, and
/// zoom that goes back and forth.
class CurvesPane final : public QWidget {
    Q_OBJECT
public:
    explicit CurvesPane(QWidget* parent = nullptr);
    ~CurvesPane() override;

    /// Null: no project.
    void setSession(ProjectSession* session);

    [[nodiscard]] const ChartSettings& settings() const { return m_settings; }
    void setSettings(const ChartSettings& settings);
    void setPinned(const std::vector<Symbol>& keys);
    void setLogY(Symbol key, bool on);
    /// With texts, keys and object names (`curves.fit`), for menus and the command palette.
    [[nodiscard]] QList<QAction*> viewActions() const { return m_actions; }
    void startFind();
    /// Charts on the page, in sight or not.
    [[nodiscard]] int chartCount() const;

private:
    struct ZoomState;
    void buildToolbar();
    void buildActions();
    QAction* addAction(const char* name, const char* text, const QKeySequence& keys,
                       std::function<void()> run);
    void restoreState();
    void saveState() const;
    void showSettings();
    void applySettings();
    ChartCard* makeCard(Symbol key, QWidget* parent);
    [[nodiscard]] ChartSettings settingsOf(Symbol key) const;
    [[nodiscard]] ChartCard* currentCard() const;

    void onRunsChanged(const RunsDelta& delta);
    void updateKeys();
    void refreshCards();
    void showSelection();
    void showHighlight();

    void moveCrosshair(ChartCard* card, std::optional<double> x, const QPoint& position);
    void stepCrosshair(int steps);
    void hideCrosshair();
    void zoom(ChartCard* card, double lower, double upper, std::optional<std::pair<double, double>> y);
    void zoomBy(double factor);
    void pan(double share);
    void fit();
    void goBack();
    void goForward();
    void applyZoom();
    void showZoom(ChartCard* card);
    void selectRun(const RunId& run, Qt::KeyboardModifiers modifiers);
    void exportChart(ChartCard* card);

    ProjectSession* m_session = nullptr;
    ChartSettings m_settings;
    QSet<Symbol> m_logY;  ///< keys whose y axis differs from the setting
    Bar* m_toolbar = nullptr;
    SearchField* m_search = nullptr;
    QPushButton* m_xButton = nullptr;
    QSlider* m_smoothing = nullptr;
    QLabel* m_smoothingValue = nullptr;
    QPushButton* m_robust = nullptr;
    QPushButton* m_linked = nullptr;
    ChartGrid* m_grid = nullptr;
    EmptyState* m_empty = nullptr;
    QStackedLayout* m_stack = nullptr;
    ChartTooltip* m_tooltip = nullptr;
    QList<QAction*> m_actions;
    QTimer m_refreshTimer;
    std::optional<double> m_crosshair;
    Symbol m_current;  ///< chart that the mouse or keyboard was in last
    bool m_tooltipPinned = false;
    std::unique_ptr<ZoomState> m_zoom;
};

}  // namespace runglass::ui
