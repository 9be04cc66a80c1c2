// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid_layout.h"

#include <QCoreApplication>
#include <algorithm>
#include <map>

#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

QString unprefixed() {
    return QCoreApplication::translate("ChartGrid", "metrics");
}

int sectionRank(const QString& title) {
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

QString sectionOf(std::string_view key) {
    const auto slash = key.find('/');
    return slash == std::string_view::npos ? unprefixed() : projectText(key.substr(0, slash));
}

}  // namespace

std::vector<ChartSection> chartSections(const std::vector<Symbol>& keys, const QSet<Symbol>& pinned,
                                        const QString& search) {
    std::map<QString, ChartSection> byTitle;
    for (const auto key : keys) {
        if (pinned.contains(key)) {
            continue;
        }
        auto& section = byTitle[sectionOf(key.text())];
        ++section.all;
        if (search.isEmpty() || projectText(key.text()).contains(search, Qt::CaseInsensitive)) {
            section.keys.push_back(key);
        }
    }
    std::vector<ChartSection> sections;
    for (auto& [title, section] : byTitle) {
        if (!section.keys.empty()) {
            section.title = title;
            sections.push_back(std::move(section));
        }
    }
    std::stable_sort(sections.begin(), sections.end(), [](const auto& a, const auto& b) {
        return sectionRank(a.title) < sectionRank(b.title);
    });
    return sections;
}

GridLayout layOutGrid(const std::vector<ChartSection>& sections, const std::vector<Symbol>& pinned,
                      const QSet<QString>& folded, int width, const GridMetrics& metrics) {
    GridLayout layout;
    const int columns = std::max(1, (width - metrics.gap) / metrics.columnWidth);
    const int room = width - metrics.gap * (columns + 1);
    int y = metrics.gap;
    for (const auto key : pinned) {
        layout.cards.push_back({key, true, {metrics.gap, y, width - 2 * metrics.gap, metrics.pinnedHeight}});
        y += metrics.pinnedHeight + metrics.gap / 2;
    }
    for (std::size_t s = 0; s < sections.size(); ++s) {
        layout.heads.push_back({static_cast<int>(s), {0, y, width, metrics.headHeight}});
        y += metrics.headHeight;
        if (folded.contains(sections[s].title)) {
            continue;
        }
        int column = 0;
        for (const auto key : sections[s].keys) {
            // Edges by division, so that the columns fill the width to the pixel.
            const int left = metrics.gap * (column + 1) + room * column / columns;
            const int right = metrics.gap * (column + 1) + room * (column + 1) / columns;
            layout.cards.push_back({key, false, {left, y, right - left, metrics.cardHeight}});
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
