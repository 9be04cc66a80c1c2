// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid_layout.h"

#include <QCoreApplication>
#include <algorithm>
#include <map>
#include <unordered_map>

#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

QString unprefixed() {
    return QCoreApplication::translate("ChartGrid", "metrics");
}

QString handMade() {
    return QCoreApplication::translate("ChartGrid", "own charts");
}

int sectionRank(const QString& title) {
    if (title == handMade()) {
        return -1;
    }
    for (const auto* held : {"val", "valid", "validation", "eval", "test", "dev"}) {
        if (title.compare(QLatin1String(held), Qt::CaseInsensitive) == 0) {
            return 0;
        }
    }
    if (title.startsWith(QLatin1String("train"), Qt::CaseInsensitive)) {
        return 1;
    }
    return title == kSystemSection ? 4 : title == unprefixed() ? 3 : 2;
}

QString sectionOf(const GridChart& chart) {
    if (chart.custom) {
        return handMade();
    }
    const auto slash = chart.title.indexOf(QLatin1Char('/'));
    return slash < 0 ? unprefixed() : chart.title.left(slash);
}

}  // namespace

ChartFilter::ChartFilter(const QString& text, bool expression)
    : m_text(text)
    , m_isExpression(expression && !text.isEmpty()) {
    if (!m_isExpression) {
        return;
    }
    m_expression = QRegularExpression(text, QRegularExpression::CaseInsensitiveOption);
    if (!m_expression.isValid()) {
        m_mistake =
            QCoreApplication::translate("ChartFilter", "The expression has a mistake at position %1: %2.")
                .arg(m_expression.patternErrorOffset() + 1)
                .arg(m_expression.errorString());
    }
}

bool ChartFilter::matches(const QString& title) const {
    if (!m_isExpression) {
        return m_text.isEmpty() || title.contains(m_text, Qt::CaseInsensitive);
    }
    return !m_mistake.isEmpty() || m_expression.match(title).hasMatch();
}

std::vector<ChartSection> chartSections(const std::vector<GridChart>& charts,
                                        const GridArrangement& arrangement) {
    const QSet<Symbol> pinned(arrangement.pinned.begin(), arrangement.pinned.end());
    std::unordered_map<Symbol, std::size_t> places;
    for (const auto id : arrangement.order) {
        places.emplace(id, places.size());
    }
    std::map<QString, ChartSection> byTitle;
    for (const auto& chart : charts) {
        if (pinned.contains(chart.id)) {
            continue;
        }
        auto& section = byTitle[sectionOf(chart)];
        ++section.all;
        if (arrangement.filter.matches(chart.title)) {
            section.ids.push_back(chart.id);
        }
    }
    std::vector<ChartSection> sections;
    for (auto& [title, section] : byTitle) {
        if (!section.ids.empty()) {
            section.title = title;
            std::stable_sort(section.ids.begin(), section.ids.end(), [&](Symbol a, Symbol b) {
                const auto placeOf = [&](Symbol id) {
                    const auto place = places.find(id);
                    return place == places.end() ? places.size() : place->second;
                };
                return placeOf(a) < placeOf(b);
            });
            sections.push_back(std::move(section));
        }
    }
    std::stable_sort(sections.begin(), sections.end(), [](const auto& a, const auto& b) {
        return sectionRank(a.title) < sectionRank(b.title);
    });
    return sections;
}

const GridLayout::Card* GridLayout::card(Symbol id) const {
    const auto found =
        std::find_if(cards.begin(), cards.end(), [id](const Card& card) { return card.id == id; });
    return found == cards.end() ? nullptr : &*found;
}

std::vector<Symbol> GridLayout::neighbours(Symbol id) const {
    std::vector<Symbol> ids;
    if (const auto* moved = card(id)) {
        for (const auto& other : cards) {
            if (other.section == moved->section) {
                ids.push_back(other.id);
            }
        }
    }
    return ids;
}

std::pair<int, QRect> GridLayout::dropPlace(Symbol id, const QPoint& at) const {
    const auto* moved = card(id);
    int index = 0;
    int nearest = -1;
    std::pair<int, QRect> place(0, QRect());
    for (const auto& other : cards) {
        if (!moved || other.section != moved->section) {
            continue;
        }
        const auto offset = at - other.rect.center();
        const int distance = offset.manhattanLength();
        if (nearest < 0 || distance < nearest) {
            nearest = distance;
            // Charts side by side are passed sideways, those as wide as the page from above.
            const bool wide = other.pinned();
            const bool after = wide ? offset.y() > 0 : offset.x() > 0;
            const int edge = wide ? (after ? other.rect.bottom() + 1 : other.rect.top() - 4)
                                  : (after ? other.rect.right() + 3 : other.rect.left() - 6);
            place = {index + (after ? 1 : 0), wide ? QRect(other.rect.left(), edge, other.rect.width(), 3)
                                                   : QRect(edge, other.rect.top(), 3, other.rect.height())};
        }
        ++index;
    }
    return place;
}

GridLayout layOutGrid(const std::vector<ChartSection>& sections, const std::vector<Symbol>& pinned,
                      const QSet<QString>& folded, int width, const GridMetrics& metrics) {
    GridLayout layout;
    const int columns = std::max(1, (width - metrics.gap) / metrics.columnWidth);
    const int room = width - metrics.gap * (columns + 1);
    int y = metrics.gap;
    for (const auto id : pinned) {
        layout.cards.push_back({id, -1, {metrics.gap, y, width - 2 * metrics.gap, metrics.pinnedHeight}});
        y += metrics.pinnedHeight + metrics.gap / 2;
    }
    for (std::size_t s = 0; s < sections.size(); ++s) {
        layout.heads.push_back({static_cast<int>(s), {0, y, width, metrics.headHeight}});
        y += metrics.headHeight;
        if (folded.contains(sections[s].title)) {
            continue;
        }
        int column = 0;
        for (const auto id : sections[s].ids) {
            // Edges by division, so that the columns fill the width to the pixel.
            const int left = metrics.gap * (column + 1) + room * column / columns;
            const int right = metrics.gap * (column + 1) + room * (column + 1) / columns;
            layout.cards.push_back({id, static_cast<int>(s), {left, y, right - left, metrics.cardHeight}});
            if (++column == columns) {
                column = 0;
                y += metrics.cardHeight + metrics.gap;
            }
        }
        y += column > 0 ? metrics.cardHeight + metrics.gap : 0;
    }
    layout.height = y;
    return layout;
}

}  // namespace runglass::ui
