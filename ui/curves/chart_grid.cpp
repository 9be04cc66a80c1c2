// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_grid.h"

#include <QPainter>
#include <QScrollBar>

#include "chart_card.h"
#include "runglass/ui/theme/theme.h"
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
    connect(&Theme::current(), &Theme::changed, this, &ChartGrid::layOut);
}

void ChartGrid::setFactory(std::function<ChartCard*(Symbol, QWidget*)> factory) {
    m_factory = std::move(factory);
}

void ChartGrid::setKeys(const std::vector<Symbol>& keys) {
    if (keys != m_keys) {
        m_keys = keys;
        layOut();
    }
}

void ChartGrid::setSearch(const QString& text) {
    m_search = text;
    m_foldedHits.clear();
    layOut();
}

void ChartGrid::setFolded(const QSet<QString>& titles) {
    m_folded = titles;
    layOut();
}

void ChartGrid::fold(const QString& title, bool folded) {
    auto& titles = m_search.isEmpty() ? m_folded : m_foldedHits;
    folded ? void(titles.insert(title)) : void(titles.remove(title));
    layOut();
    if (m_search.isEmpty()) {
        Q_EMIT foldedChanged();
    }
}

void ChartGrid::setPinned(const std::vector<Symbol>& keys) {
    m_pinned = keys;
    for (auto* card : m_cards) {
        card->setPinned(std::find(keys.begin(), keys.end(), card->metric()) != keys.end());
    }
    layOut();
}

void ChartGrid::clear() {
    qDeleteAll(m_cards);
    m_cards.clear();
    qDeleteAll(m_heads);
    m_heads.clear();
    m_keys.clear();
    m_layout = {};
    verticalScrollBar()->setRange(0, 0);
}

void ChartGrid::reveal(Symbol key) {
    for (const auto& card : m_layout.cards) {
        if (card.key == key) {
            const int top = verticalScrollBar()->value();
            if (card.rect.top() < top || card.rect.bottom() > top + viewport()->height()) {
                verticalScrollBar()->setValue(card.rect.top() - 36);
            }
            return;
        }
    }
}

void ChartGrid::layOut() {
    std::vector<Symbol> pinned;
    for (const auto key : m_pinned) {
        if (std::find(m_keys.begin(), m_keys.end(), key) != m_keys.end()) {
            pinned.push_back(key);
        }
    }
    m_sections = chartSections(m_keys, QSet<Symbol>(pinned.begin(), pinned.end()), m_search);
    m_layout = layOutGrid(m_sections, pinned, foldedNow(), viewport()->width(), currentMetrics());
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setRange(0, std::max(0, m_layout.height - viewport()->height()));
    showVisible();
}

void ChartGrid::showVisible() {
    if (!m_factory) {
        return;
    }
    const int top = verticalScrollBar()->value();
    const QRect sight(0, top, viewport()->width(), viewport()->height());
    QSet<Symbol> wanted;
    for (const auto& place : m_layout.cards) {
        if (!place.rect.intersects(sight)) {
            continue;
        }
        wanted.insert(place.key);
        auto*& card = m_cards[place.key];
        if (!card) {
            card = m_factory(place.key, viewport());
        }
        card->setPinned(place.pinned);
        card->setGeometry(place.rect.translated(0, -top));
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
    showHeads(sight);
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
        const auto shown = static_cast<int>(section.keys.size());
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
