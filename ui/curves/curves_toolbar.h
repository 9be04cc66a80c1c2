// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include "grid_layout.h"
#include "runglass/ui/curves/chart_settings.h"
#include "runglass/ui/widgets/bar.h"

class QLabel;
class QMenu;
class QPushButton;
class QSlider;
class QToolButton;

namespace runglass::ui {

class Label;
class SearchField;

/// Search, x axis, smoothing, limits and links of all charts. The owner fills the menus when they open.
class CurvesToolbar final : public Bar {
    Q_OBJECT
public:
    explicit CurvesToolbar(QWidget* parent);

    void show(const ChartSettings& settings, bool linkedX);
    void startFind();
    [[nodiscard]] ChartFilter filter() const;
    [[nodiscard]] QMenu* groupMenu() const { return m_groupMenu; }
    void openGroupMenu();
    void openMoreMenu();

Q_SIGNALS:
    void filterChanged(const runglass::ui::ChartFilter& filter);
    void smoothingChanged(double amount);
    void robustChanged(bool on);
    void linkedChanged(bool on);
    void fitRequested();
    void exportRequested();
    void xMenuRequested(QMenu* menu);
    void groupMenuRequested(QMenu* menu);
    void moreMenuRequested(QMenu* menu);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildSearch();
    void buildSmoothing();
    void connectAll();
    void giveWay();

    SearchField* m_search;
    QToolButton* m_expression;
    QPushButton* m_x;
    Label* m_smoothingLabel;
    QSlider* m_smoothing;
    QLabel* m_smoothingValue;
    QPushButton* m_robust;
    QPushButton* m_linked;
    QPushButton* m_group;
    QMenu* m_groupMenu;
    QToolButton* m_fit;
    QToolButton* m_export;
    QToolButton* m_more;
    QMenu* m_moreMenu;
    series::SmoothingKind m_kind = series::SmoothingKind::Ema;
};

}  // namespace runglass::ui
