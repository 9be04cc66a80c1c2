// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRect>
#include <QRegularExpression>
#include <QSet>
#include <QString>
#include <vector>

#include "runglass/base/symbol.h"

namespace runglass::ui {

/// What the supervisor measures of a run (`system/cpu_percent` …): the section at the end, folded at first.
inline constexpr QLatin1String kSystemSection("system");

/// A chart as the page knows it.
struct GridChart {
    Symbol id;
    QString title;
    bool custom = false;  ///< made by hand
    friend bool operator==(const GridChart&, const GridChart&) = default;
};

/// Which charts a search leaves.
class ChartFilter {
public:
    ChartFilter() = default;
    /// `text` is looked for in titles, ignoring case; as a regular expression if told.
    ChartFilter(const QString& text, bool expression);

    [[nodiscard]] bool empty() const { return m_text.isEmpty(); }
    /// Why the expression cannot be used; a filter with a mistake leaves all charts.
    [[nodiscard]] QString mistake() const { return m_mistake; }
    [[nodiscard]] bool matches(const QString& title) const;

private:
    QString m_text;
    bool m_isExpression = false;
    QRegularExpression m_expression;
    QString m_mistake;
};

/// Charts under one heading, in order of display.
struct ChartSection {
    QString title;
    std::vector<Symbol> ids;
    int all = 0;  ///< charts of the section before the search
};

/// What the charts are arranged by.
struct GridArrangement {
    std::vector<Symbol> pinned;
    std::vector<Symbol> order;  ///< these come in this order, before others of their section
    ChartFilter filter;
};

/// Charts made by hand first, then metrics by the part before the first `/`: held-out ones, training, others,
/// keys without a prefix, and the machine's own last. Pinned charts are in no section.
std::vector<ChartSection> chartSections(const std::vector<GridChart>& charts,
                                        const GridArrangement& arrangement);

/// Where everything is, in the coordinates of the content. No widgets: the view makes those that are in
/// sight.
struct GridLayout {
    struct Head {
        int section = 0;
        QRect rect;
    };
    struct Card {
        Symbol id;
        int section = 0;  ///< −1: pinned
        QRect rect;
        [[nodiscard]] bool pinned() const { return section < 0; }
    };
    std::vector<Head> heads;
    std::vector<Card> cards;
    int height = 0;

    [[nodiscard]] const Card* card(Symbol id) const;
    /// Cards of the same section as `id`, in order.
    [[nodiscard]] std::vector<Symbol> neighbours(Symbol id) const;
    /// Where a card that is dropped at `at` goes: before the `first`-th of its neighbours, and the line to
    /// show it by.
    [[nodiscard]] std::pair<int, QRect> dropPlace(Symbol id, const QPoint& at) const;
};

struct GridMetrics {
    int cardHeight = 164;
    int pinnedHeight = 236;
    int headHeight = 28;
    int gap = 8;
    int columnWidth = 320;
};

GridLayout layOutGrid(const std::vector<ChartSection>& sections, const std::vector<Symbol>& pinned,
                      const QSet<QString>& folded, int width, const GridMetrics& metrics);

}  // namespace runglass::ui
