// SPDX-License-Identifier: GPL-3.0-or-later
#include "history_delegate.h"

#include <QPainter>
#include <algorithm>

#include "history_table.h"
#include "runglass/ui/theme/icons.h"
#include "runglass/ui/theme/paint.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/run_status.h"

namespace runglass::ui {

namespace {

constexpr int kPadding = 6;
constexpr int kDot = 9;
constexpr int kDotGap = 4;
constexpr int kMostDots = 7;
constexpr int kMostChips = 4;
constexpr int kChipHeight = 18;
constexpr int kWidestChip = 180;

/// One chip; returns the x after it.
int paintReference(QPainter& painter, const QRect& row, int x, const QString& icon, const QString& text,
                   bool accent, bool onSelection = false) {
    painter.setFont(Theme::current().font(TextRole::Caption));
    const int iconWidth = icon.isEmpty() ? 0 : 16;
    const QString shown =
        painter.fontMetrics().elidedText(text, Qt::ElideMiddle, kWidestChip - iconWidth - 10);
    const int width = painter.fontMetrics().horizontalAdvance(shown) + iconWidth + 10;
    const QRectF chip(x, row.center().y() - kChipHeight / 2 + 1, width, kChipHeight);
    paintBox(
        &painter, chip, themeColor(accent ? Token::AccentTint : Token::SurfaceRaised),
        accent && !onSelection ? QColor() : themeColor(accent ? Token::AccentBase : Token::BorderDefault), 3);
    if (!icon.isEmpty()) {
        paintIcon(&painter, QRectF(chip.left() + 4, chip.top() + 2, 14, 14), icon,
                  themeColor(Token::TextSecondary), 14);
    }
    painter.setPen(themeColor(accent ? Token::TextLink : Token::TextPrimary));
    painter.drawText(chip.adjusted(5 + iconWidth, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, shown);
    return x + width + 6;
}

void drawElided(QPainter& painter, const QRect& rect, const QString& text) {
    painter.drawText(rect, Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(text, Qt::ElideRight, rect.width()));
}

}  // namespace

HistoryDelegate::HistoryDelegate(HistoryTable* table, HistoryModel* model)
    : QStyledItemDelegate(table)
    , m_table(table)
    , m_model(model) {}

void HistoryDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const {
    const int row = index.row();
    const bool current = row == m_table->currentIndex().row();
    painter->save();
    if (current) {
        painter->fillRect(option.rect,
                          themeColor(m_table->hasFocus() ? Token::SelectionBg : Token::SelectionInactive));
    } else {
        painter->fillRect(
            option.rect, themeColor(row == m_table->hoveredRow() ? Token::SurfaceHover : Token::SurfaceBase));
    }
    const QRect inner = option.rect.adjusted(kPadding, 0, -kPadding, 0);
    painter->setFont(Theme::current().font(TextRole::Body));
    switch (index.column()) {
        case HistoryModel::Graph:
            if (current) {
                painter->fillRect(QRect(option.rect.left(), option.rect.top(), 2, option.rect.height()),
                                  themeColor(Token::AccentBase));
            }
            break;
        case HistoryModel::Message:
            paintMessage(*painter, inner, row);
            break;
        case HistoryModel::Hash:
            painter->setFont(Theme::current().font(TextRole::CodeSmall));
            painter->setPen(themeColor(Token::TextTertiary));
            painter->drawText(inner, Qt::AlignVCenter | Qt::AlignLeft, index.data().toString());
            break;
        case HistoryModel::Runs:
            paintRuns(*painter, inner, row);
            break;
        case HistoryModel::Best:
            paintBest(*painter, inner, row);
            break;
        case HistoryModel::Author:
        case HistoryModel::Date:
            painter->setPen(themeColor(Token::TextSecondary));
            drawElided(*painter, inner, index.data().toString());
            break;
        default:
            break;
    }
    painter->restore();
}

int HistoryDelegate::paintReferences(QPainter& painter, const QRect& rect, int row) const {
    const auto& commit = m_model->historyRow(row)->commit;
    const auto& head = m_model->refs().head;
    const auto* references = m_model->refsOf(commit.id);
    int x = rect.left();
    const int limit = rect.left() + rect.width() / 2;
    int left = references == nullptr ? 0 : static_cast<int>(references->size());
    int shown = 0;
    const auto add = [&](const git::Reference& reference) {
        const bool tag = reference.kind == git::Reference::Kind::Tag;
        x = paintReference(painter, rect, x, tag ? QStringLiteral("tag") : QStringLiteral("branch"),
                           projectText(reference.name), false);
        ++shown;
        --left;
    };
    const auto isCurrent = [&](const git::Reference& reference) {
        return reference.kind == git::Reference::Kind::LocalBranch && reference.name == head.branch;
    };
    if (references != nullptr) {
        const auto current = std::find_if(references->begin(), references->end(), isCurrent);
        if (current != references->end()) {
            add(*current);
        }
    }
    if (head.commit == commit.id) {
        x = paintReference(painter, rect, x, {}, QStringLiteral("HEAD"), true,
                           row == m_table->currentIndex().row());
    }
    for (std::size_t i = 0;
         references != nullptr && i < references->size() && shown < kMostChips && x < limit; ++i) {
        if (!isCurrent((*references)[i])) {
            add((*references)[i]);
        }
    }
    return left > 0 ? paintReference(painter, rect, x, {}, QStringLiteral("+%1").arg(left), false) : x;
}

void HistoryDelegate::paintMessage(QPainter& painter, const QRect& rect, int row) const {
    if (m_model->isUncommitted(row)) {
        const QString text = m_model->index(row, HistoryModel::Message).data().toString();
        painter.setPen(themeColor(Token::SemanticWarn));
        drawElided(painter, rect, text);
        const int x = painter.fontMetrics().horizontalAdvance(text) + 8;
        painter.setFont(Theme::current().font(TextRole::Caption));
        painter.setPen(themeColor(Token::TextTertiary));
        drawElided(painter, rect.adjusted(x, 0, 0, 0), m_model->uncommittedSummary());
        return;
    }
    const auto& commit = m_model->historyRow(row)->commit;
    const int x = paintReferences(painter, rect, row);
    painter.setFont(Theme::current().font(TextRole::Body));
    painter.setPen(themeColor(commit.parents.size() > 1 ? Token::TextTertiary : Token::TextPrimary));
    drawElided(painter, QRect(x, rect.top(), rect.right() - x, rect.height()), projectText(commit.summary));
}

void HistoryDelegate::paintRuns(QPainter& painter, const QRect& rect, int row) const {
    const auto& runs = m_model->runsOf(row);
    const int pitch = kDot + kDotGap;
    const int count = static_cast<int>(runs.size());
    painter.setFont(Theme::current().font(TextRole::Caption));
    const auto rest = [count](int dots) { return QStringLiteral("+%1").arg(formatCount(count - dots)); };
    int dots = std::min(count, kMostDots);
    const auto width = [&] {
        const int text = dots < count ? painter.fontMetrics().horizontalAdvance(rest(dots)) : -kDotGap;
        return dots * pitch + text;
    };
    while (dots > 1 && width() > rect.width()) {
        --dots;
    }
    for (int i = 0; i < dots; ++i) {
        const QRectF dot(rect.left() + i * pitch, rect.top(), kDot, rect.height());
        paintStatus(&painter, dot, statusGlyph(runs[static_cast<std::size_t>(i)]->status), kDot);
    }
    if (dots < count) {
        painter.setPen(themeColor(Token::TextTertiary));
        painter.drawText(rect.adjusted(dots * pitch, 0, 0, 0), Qt::AlignVCenter, rest(dots));
    }
}

void HistoryDelegate::paintBest(QPainter& painter, const QRect& rect, int row) const {
    const auto* metric = m_model->metricOf(row);
    if (metric == nullptr) {
        return;
    }
    const auto* point = m_model->strip().at(row);
    const bool fell = point != nullptr && point->regression;
    const bool aside = point != nullptr && !point->mainLine;
    painter.setFont(Theme::current().font(TextRole::Body, m_model->isBestOfAll(row) ? 600 : 400));
    painter.setPen(themeColor(fell    ? Token::SemanticDanger
                              : aside ? Token::TextSecondary
                                      : Token::TextPrimary));
    drawTabular(&painter, rect, Qt::AlignRight | Qt::AlignVCenter,
                formatMetric(*metric->best, m_model->decimals()));
}

}  // namespace runglass::ui
