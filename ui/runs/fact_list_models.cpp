// SPDX-License-Identifier: GPL-3.0-or-later
// Lines of a FactList with a mark and chips.
#include <QPainter>
#include <algorithm>
#include <numeric>

#include "fact_list.h"

namespace runglass::ui {

namespace {

constexpr int kChipHeight = 18;
constexpr int kChipPadding = 5;
constexpr int kGap = 4;
constexpr int kMark = 16;
constexpr int kLeastName = 72;

std::vector<int> widthsOf(const std::vector<FactChip>& chips, int room) {
    const auto& theme = Theme::current();
    std::vector<int> widths;
    for (const auto& chip : chips) {
        const QFontMetrics metrics(Theme::verbatim(theme.font(TextRole::Caption), chip.text));
        const int width = metrics.horizontalAdvance(chip.text) + 2 * kChipPadding;
        const int used =
            std::accumulate(widths.begin(), widths.end(), 0) + kGap * static_cast<int>(widths.size());
        if (used + width > room) {
            break;  // the rest is in the tooltip
        }
        widths.push_back(width);
    }
    return widths;
}

}  // namespace

void FactList::paintModel(QPainter* painter, QRect line, const Fact& fact) const {
    const auto& theme = Theme::current();
    if (fact.mark) {
        paintStatus(painter, QRectF(line.left(), line.top(), 10, line.height()), *fact.mark);
    }
    line.setLeft(line.left() + kMark);
    const auto widths = widthsOf(fact.chips, line.width() - kLeastName);
    int right = line.right() + 1;
    for (auto i = widths.size(); i-- > 0;) {
        const QRect chip(right - widths[i], line.center().y() - kChipHeight / 2 + 1, widths[i], kChipHeight);
        paintChip(painter, chip, fact.chips[i].text, fact.chips[i].ink, fact.chips[i].background);
        right = chip.left() - kGap;
    }
    line.setRight(right - kGap);
    painter->setFont(Theme::verbatim(theme.font(TextRole::Body), fact.key));
    painter->setPen(themeColor(fact.item >= 0 ? Token::TextLink : Token::TextPrimary));
    const auto name = painter->fontMetrics().elidedText(fact.key, Qt::ElideMiddle, line.width());
    painter->drawText(line, Qt::AlignVCenter, name);
    line.setLeft(line.left() + painter->fontMetrics().horizontalAdvance(name) + 8);
    if (!fact.remark.isEmpty() && line.width() > 20) {
        painter->setFont(Theme::verbatim(theme.font(TextRole::Body), fact.remark));
        painter->setPen(themeColor(Token::TextTertiary));
        painter->drawText(line, Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(fact.remark, Qt::ElideRight, line.width()));
    }
}

}  // namespace runglass::ui
