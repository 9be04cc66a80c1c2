// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_grid.h"

#include <QApplication>
#include <QPainter>
#include <QScrollBar>

#include "chart_card.h"
#include "chart_plot.h"
#include "drag_scroll.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/bar.h"
#include "runglass/ui/widgets/empty_state.h"
#include "runglass/ui/widgets/section_header.h"

namespace runglass::ui {

namespace {

GridMetrics currentMetrics() {
    auto& theme = Theme::current();
    GridMetrics metrics;
    switch (theme.density()) {
        case Density::Compact:
            metrics.cardHeight = 148;
            break;
        case Density::Normal:
            metrics.cardHeight = static_cast<int>(theme.metric("size.chartCard"));
            break;
        case Density::Comfortable:
            metrics.cardHeight = 208;
            break;
    }
    metrics.pinnedHeight = static_cast<int>(theme.metric("size.chartCardPinned"));
    metrics.headHeight = static_cast<int>(theme.metric("size.sectionHeader"));
    metrics.gap = static_cast<int>(theme.metric("size.chartGap"));
    return metrics;
}

}  // namespace

ChartGrid::ChartGrid(QWidget* parent)
    : QAbstractScrollArea(parent) {
    setObjectName(QStringLiteral("chartGrid"));
    setFrameShape(NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setBackgroundRole(QPalette::Window);
    verticalScrollBar()->setSingleStep(24);
    m_dropLine = new Surface(Token::AccentBase, {}, viewport());
    m_dropLine->setObjectName(QStringLiteral("dropLine"));
    m_dropLine->hide();
    m_noMatch = new EmptyState(tr("No chart matches the search"),
                               tr("Change the text, or clear it with Esc."), {}, viewport());
    m_noMatch->hide();
    m_dragScroll = new DragScroll(verticalScrollBar());
    connect(m_dragScroll, &DragScroll::scrolled, this, [this] { dragOver(m_dragged, m_draggedAt); });
    connect(&Theme::current(), &Theme::changed, this, &ChartGrid::layOut);
}

void ChartGrid::setFactory(std::function<ChartCard*(Symbol, QWidget*)> factory) {
    m_factory = std::move(factory);
}

void ChartGrid::setCharts(std::vector<GridChart> charts) {
    if (charts != m_charts) {
        m_charts = std::move(charts);
        layOut();
    }
}

void ChartGrid::setFilter(const ChartFilter& filter) {
    m_arrangement.filter = filter;
    m_foldedHits.clear();
    layOut();
}

void ChartGrid::setOrder(const std::vector<Symbol>& ids) {
    m_arrangement.order = ids;
    layOut();
}

void ChartGrid::setEnlarged(Symbol id) {
    if (m_enlarged != id) {
        const int top = verticalScrollBar()->value();
        m_topBefore = m_enlarged.empty() ? top : m_topBefore;
        m_enlarged = id;
        layOut();
        if (m_enlarged.empty()) {
            verticalScrollBar()->setValue(m_topBefore);
        }
    }
}

void ChartGrid::setFolded(const QSet<QString>& titles) {
    m_folded = titles;
    layOut();
}

void ChartGrid::fold(const QString& title, bool folded) {
    auto& titles = m_arrangement.filter.empty() ? m_folded : m_foldedHits;
    folded ? void(titles.insert(title)) : void(titles.remove(title));
    layOut();
    if (m_arrangement.filter.empty()) {
        Q_EMIT foldedChanged();
    }
}

void ChartGrid::setPinned(const std::vector<Symbol>& ids) {
    m_arrangement.pinned = ids;
    layOut();
}

void ChartGrid::clear() {
    qDeleteAll(m_cards);
    m_cards.clear();
    qDeleteAll(m_heads);
    m_heads.clear();
    m_charts.clear();
    m_enlarged = {};
    endDrag();
    m_layout = {};
    verticalScrollBar()->setRange(0, 0);
}

void ChartGrid::remake(Symbol id) {
    if (auto* card = m_cards.take(id)) {
        card->hide();
        card->deleteLater();
    }
    layOut();
}

Symbol ChartGrid::beside(Symbol id, int by) const {
    const auto& cards = m_layout.cards;
    const auto found =
        std::find_if(cards.begin(), cards.end(), [id](const auto& card) { return card.id == id; });
    const auto last = static_cast<std::ptrdiff_t>(cards.size()) - 1;
    if (last < 0) {
        return {};
    }
    const auto at = found == cards.end() ? 0 : found - cards.begin() + by;
    return cards[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(at, 0, last))].id;
}

void ChartGrid::reveal(Symbol id) {
    const auto* card = m_layout.card(id);
    const int top = verticalScrollBar()->value();
    if (card && (card->rect.top() < top || card->rect.bottom() > top + viewport()->height())) {
        verticalScrollBar()->setValue(card->rect.top() - 36);
    }
}

void ChartGrid::dragOver(Symbol id, const QPoint& at) {
    m_dragged = id;
    m_draggedAt = at;
    m_dragScroll->dragAt(at.y(), viewport()->height());
    const int top = verticalScrollBar()->value();
    const auto place = m_layout.dropPlace(id, at + QPoint(0, top));
    m_dropLine->setGeometry(place.second.translated(0, -top));
    m_dropLine->show();
    m_dropLine->raise();
}

void ChartGrid::endDrag() {
    m_dragScroll->stop();
    m_dragged = {};
    m_dropLine->hide();
}

void ChartGrid::drop(Symbol id, const QPoint& at) {
    endDrag();
    placeAmongNeighbours(id, m_layout.dropPlace(id, at + QPoint(0, verticalScrollBar()->value())).first);
}

void ChartGrid::moveChart(Symbol id, int by) {
    const auto ids = m_layout.neighbours(id);
    const auto at = static_cast<int>(std::find(ids.begin(), ids.end(), id) - ids.begin());
    placeAmongNeighbours(id, by > 0 ? at + by + 1 : at + by);
    reveal(id);
}

// `index` counts the chart itself where it stood.
void ChartGrid::placeAmongNeighbours(Symbol id, int index) {
    auto ids = m_layout.neighbours(id);
    const auto from = std::find(ids.begin(), ids.end(), id);
    if (from == ids.end()) {
        return;
    }
    const auto before = ids;
    const auto at = std::clamp(index, 0, static_cast<int>(ids.size()));
    const int target = at > from - ids.begin() ? at - 1 : at;
    ids.erase(from);
    ids.insert(ids.begin() + target, id);
    if (ids == before) {
        return;
    }
    if (m_layout.card(id)->pinned()) {
        m_arrangement.pinned = ids;
    } else {
        auto& order = m_arrangement.order;
        std::erase_if(order, [&](Symbol one) { return std::find(ids.begin(), ids.end(), one) != ids.end(); });
        order.insert(order.end(), ids.begin(), ids.end());
    }
    layOut();
    Q_EMIT arranged();
}

void ChartGrid::layOut() {
    auto arrangement = m_arrangement;
    std::erase_if(arrangement.pinned, [this](Symbol id) {
        return std::none_of(m_charts.begin(), m_charts.end(),
                            [id](const GridChart& chart) { return chart.id == id; });
    });
    m_sections = chartSections(m_charts, arrangement);
    m_layout = layOutGrid(m_sections, arrangement.pinned, foldedNow(), viewport()->width(), currentMetrics());
    verticalScrollBar()->setPageStep(viewport()->height());
    const bool enlarged = m_layout.card(m_enlarged) != nullptr;  // fills the sight: nothing to scroll
    verticalScrollBar()->setRange(0, enlarged ? 0 : std::max(0, m_layout.height - viewport()->height()));
    m_noMatch->setGeometry(viewport()->rect());
    m_noMatch->setVisible(m_sections.empty() && !m_charts.empty() && !m_arrangement.filter.empty());
    showVisible();
}

void ChartGrid::showVisible() {
    if (!m_factory) {
        return;
    }
    const int top = verticalScrollBar()->value();
    const QRect sight(0, top, viewport()->width(), viewport()->height());
    QSet<Symbol> wanted;
    const bool enlarged = m_layout.card(m_enlarged) != nullptr;
    for (const auto& place : m_layout.cards) {
        const auto rect = enlarged ? sight.adjusted(8, 8, -8, -8) : place.rect;
        if (enlarged ? place.id != m_enlarged : !rect.intersects(sight) && place.id != m_dragged) {
            continue;
        }
        wanted.insert(place.id);
        auto*& card = m_cards[place.id];
        if (!card) {
            card = m_factory(place.id, viewport());
            connect(card, &ChartCard::draggedOver, this,
                    [this, id = place.id](const QPoint& at) { dragOver(id, viewport()->mapFromGlobal(at)); });
            connect(card, &ChartCard::dropped, this,
                    [this, id = place.id](const QPoint& at) { drop(id, viewport()->mapFromGlobal(at)); });
        }
        card->setPinned(place.pinned());
        card->setGeometry(rect.translated(0, -top));
        card->show();
    }
    for (auto it = m_cards.begin(); it != m_cards.end();) {
        if (wanted.contains(it.key())) {
            ++it;
        } else {
            it.value()->hide();
            it.value()->deleteLater();
            it = m_cards.erase(it);
        }
    }
    showHeads(enlarged ? QRect() : sight);
}

void ChartGrid::showHeads(const QRect& sight) {
    QSet<QString> wanted;
    for (const auto& place : m_layout.heads) {
        const auto& section = m_sections[static_cast<std::size_t>(place.section)];
        if (!place.rect.intersects(sight)) {
            continue;
        }
        wanted.insert(section.title);
        auto*& head = m_heads[section.title];
        if (!head) {
            head = new SectionHeader(section.title, true, viewport());
            connect(head, &SectionHeader::foldedChanged, this,
                    [this, title = section.title](bool folded) { fold(title, folded); });
        }
        {
            const QSignalBlocker blocker(head);
            head->setFolded(foldedNow().contains(section.title));
        }
        const auto shown = static_cast<int>(section.ids.size());
        head->setRemark(shown != section.all ? tr("%1 of %2 charts").arg(shown).arg(section.all)
                        : shown == 1         ? tr("1 chart")
                                             : tr("%1 charts").arg(shown));
        head->setGeometry(place.rect.translated(0, -sight.top()));
        head->show();
    }
    for (auto it = m_heads.begin(); it != m_heads.end();) {
        if (wanted.contains(it.key())) {
            ++it;
        } else {
            it.value()->hide();
            it.value()->deleteLater();
            it = m_heads.erase(it);
        }
    }
}

bool ChartGrid::focusNextPrevChild(bool next) {
    const auto* focused = QApplication::focusWidget();
    const auto current = std::find_if(m_cards.begin(), m_cards.end(), [focused](const ChartCard* card) {
        return focused && card->isAncestorOf(focused);
    });
    if (current == m_cards.end()) {
        return QAbstractScrollArea::focusNextPrevChild(next);
    }
    const Symbol id = beside(current.key(), next ? 1 : -1);
    if (id == current.key() || !m_enlarged.empty()) {
        return leave(next);
    }
    reveal(id);
    if (auto* target = card(id)) {
        target->plot().setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
    }
    return true;
}

// The charts stand in the chain of focus in the order in which they were made.
bool ChartGrid::leave(bool next) {
    const auto step = [next](QWidget* widget) {
        return next ? widget->nextInFocusChain() : widget->previousInFocusChain();
    };
    for (auto* widget = step(this); widget != this; widget = step(widget)) {
        const bool takes = (widget->focusPolicy() & Qt::TabFocus) != 0 && widget->isVisible() &&
                           widget->isEnabled() && widget->window() == window();
        if (takes && !isAncestorOf(widget)) {
            widget->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
            return true;
        }
    }
    return false;
}

void ChartGrid::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    layOut();
}

void ChartGrid::scrollContentsBy(int dx, int dy) {
    Q_UNUSED(dx);
    Q_UNUSED(dy);
    showVisible();
}

bool ChartGrid::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Paint) {
        QPainter painter(viewport());
        painter.fillRect(viewport()->rect(), themeColor(Token::SurfacePanel));
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

}  // namespace runglass::ui
