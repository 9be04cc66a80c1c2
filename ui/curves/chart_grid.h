// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractScrollArea>
#include <QHash>
#include <QSet>
#include <functional>
#include <vector>

#include "grid_layout.h"

namespace runglass::ui {

class ChartCard;
class DragScroll;
class SectionHeader;

/// The scrolled page of charts. Only cards in sight exist; the owner makes them and is told when they go.
class ChartGrid final : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit ChartGrid(QWidget* parent = nullptr);

    /// Makes the card of a chart, as a child of `parent`.
    void setFactory(std::function<ChartCard*(Symbol id, QWidget* parent)> factory);
    void setCharts(std::vector<GridChart> charts);
    void setFilter(const ChartFilter& filter);
    void setPinned(const std::vector<Symbol>& ids);
    [[nodiscard]] const std::vector<Symbol>& pinned() const { return m_arrangement.pinned; }
    void setOrder(const std::vector<Symbol>& ids);
    [[nodiscard]] const std::vector<Symbol>& order() const { return m_arrangement.order; }
    /// Titles of sections that show their head alone. A search looks into them all the same.
    void setFolded(const QSet<QString>& titles);
    [[nodiscard]] const QSet<QString>& folded() const { return m_folded; }
    /// One chart that fills the page; the empty symbol shows all again.
    void setEnlarged(Symbol id);
    [[nodiscard]] Symbol enlarged() const { return m_enlarged; }
    /// Drops all cards, e.g. because the project changed.
    void clear();
    /// Drops one card, to be made anew.
    void remake(Symbol id);

    [[nodiscard]] QList<ChartCard*> cards() const { return m_cards.values(); }
    [[nodiscard]] int chartCount() const { return static_cast<int>(m_layout.cards.size()); }
    [[nodiscard]] ChartCard* card(Symbol id) const { return m_cards.value(id); }
    /// The chart `by` places after `id`, as far as there is one.
    [[nodiscard]] Symbol beside(Symbol id, int by) const;
    void reveal(Symbol id);
    /// Moves a chart within its section.
    void moveChart(Symbol id, int by);

Q_SIGNALS:
    void foldedChanged();
    /// The person moved charts: pinned() or order() differ.
    void arranged();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    bool viewportEvent(QEvent* event) override;
    /// Tab goes from chart to chart as they stand, also to one out of sight, and after the last one onwards.
    bool focusNextPrevChild(bool next) override;

private:
    void layOut();
    bool leave(bool next);
    void showVisible();
    void showHeads(const QRect& sight);
    void fold(const QString& title, bool folded);
    void dragOver(Symbol id, const QPoint& at);
    void drop(Symbol id, const QPoint& at);
    void endDrag();
    void placeAmongNeighbours(Symbol id, int index);
    [[nodiscard]] const QSet<QString>& foldedNow() const {
        return m_arrangement.filter.empty() ? m_folded : m_foldedHits;
    }

    std::function<ChartCard*(Symbol, QWidget*)> m_factory;
    std::vector<GridChart> m_charts;
    GridArrangement m_arrangement;
    QSet<QString> m_folded{kSystemSection};
    QSet<QString> m_foldedHits;  ///< folded while there is a search
    int m_topBefore = 0;         ///< of the sight, before a chart was enlarged
    Symbol m_enlarged;
    std::vector<ChartSection> m_sections;
    GridLayout m_layout;
    QHash<Symbol, ChartCard*> m_cards;
    QHash<QString, SectionHeader*> m_heads;
    QWidget* m_dropLine;
    QWidget* m_noMatch;
    DragScroll* m_dragScroll;
    Symbol m_dragged;  ///< its card stays while the page scrolls: the mouse is its own
    QPoint m_draggedAt;
};

}  // namespace runglass::ui
