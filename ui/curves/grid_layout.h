// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRect>
#include <QSet>
#include <QString>
#include <vector>

#include "runglass/base/symbol.h"

namespace runglass::ui {

/// What the supervisor measures of a run (`system/cpu_percent` …): the section at the end, folded at first.
inline constexpr QLatin1String kSystemSection("system");

/// The keys that share a prefix (`val/` …), in order of display.
struct ChartSection {
    QString title;
    std::vector<Symbol> keys;
    int all = 0;  ///< keys of the section before the search
};

/// Keys by the part before the first `/`: held-out ones first, then training, others, keys without
/// a prefix, and the machine's own last.
/// `search` is looked for in the keys, ignoring case.
std::vector<ChartSection> chartSections(const std::vector<Symbol>& keys, const QSet<Symbol>& pinned,
                                        const QString& search);

/// Where everything is, in the coordinates of the content. No widgets: the view makes those that are in
/// sight.
struct GridLayout {
    struct Head {
        int section = 0;
        QRect rect;
    };
    struct Card {
        Symbol key;
        bool pinned = false;
        QRect rect;
    };
    std::vector<Head> heads;
    std::vector<Card> cards;
    int height = 0;
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
