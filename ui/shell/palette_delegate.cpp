// SPDX-License-Identifier: GPL-3.0-or-later
#include "palette_delegate.h"

#include "palette_model.h"
#include "runglass/ui/theme/icons.h"
#include "runglass/ui/widgets/key_cap.h"

namespace runglass::ui {
namespace {

/// Text with its hit characters in the accent and semibold; returns the x after it.
qreal paintMarked(QPainter* painter, QPointF baseline, const QString& text, const QList<int>& hits,
                  qreal right) {
    const QFont plain = Theme::verbatim(Theme::current().font(TextRole::Body), text);
    const QFont strong = Theme::verbatim(Theme::current().font(TextRole::Body, 600), text);
    qreal x = baseline.x();
    qsizetype i = 0;
    while (i < text.size()) {
        const bool hit = hits.contains(static_cast<int>(i));
        qsizetype end = i;
        while (end < text.size() && hits.contains(static_cast<int>(end)) == hit) {
            ++end;
        }
        const QFont& font = hit ? strong : plain;
        const QFontMetricsF metrics(font);
        QString piece = text.mid(i, end - i);
        if (x + metrics.horizontalAdvance(piece) > right) {
            piece = metrics.elidedText(piece, Qt::ElideRight, right - x);
            end = text.size();
        }
        painter->setFont(font);
        painter->setPen(themeColor(hit ? Token::TextLink : Token::TextPrimary));
        painter->drawText(QPointF(x, baseline.y()), piece);
        x += metrics.horizontalAdvance(piece);
        i = end;
    }
    return x;
}

void paintTitle(QPainter* painter, const QRect& rect, const QString& text) {
    painter->setFont(Theme::current().font(TextRole::Caption));
    painter->setPen(themeColor(Token::TextTertiary));
    painter->drawText(rect.adjusted(12, 2, -12, 0), Qt::AlignLeft | Qt::AlignVCenter, text);
}

}  // namespace

void PaletteDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const {
    const auto* model = static_cast<const PaletteModel*>(index.model());
    const PaletteItem* item = model->item(index);
    const QRect r = option.rect;
    painter->save();
    if (item == nullptr) {
        paintTitle(painter, r, index.data().toString());
        painter->restore();
        return;
    }
    const bool selected = option.state & QStyle::State_Selected;
    if (selected) {
        painter->fillRect(r, themeColor(Token::SelectionBg));
    } else if (option.state & QStyle::State_MouseOver) {
        painter->fillRect(r, themeColor(Token::SurfaceHover));
    }
    const QRectF iconPlace(r.left() + 12, r.top(), 16, r.height());
    if (item->status) {
        paintStatus(painter, iconPlace, *item->status);
    } else if (!item->icon.isEmpty()) {
        paintIcon(painter, iconPlace, item->icon,
                  themeColor(selected ? Token::AccentBase : Token::TextSecondary));
    }
    qreal right = r.right() - 12;
    if (!item->keys.isEmpty()) {
        right -= paintKeyCaps(painter, QRectF(r).adjusted(0, 0, -12, 0), item->keys) + 12;
    }
    const QFontMetricsF metrics(Theme::current().font(TextRole::Body));
    const qreal baseline = r.top() + (r.height() - metrics.height()) / 2 + metrics.ascent();
    qreal x = paintMarked(painter, {r.left() + 38.0, baseline}, item->text, item->hits, right);
    if (!item->hint.isEmpty() && x + 30 < right) {
        x += 10;
        painter->setFont(Theme::verbatim(Theme::current().font(TextRole::Body), item->hint));
        painter->setPen(themeColor(Token::TextTertiary));
        painter->drawText(QPointF(x, baseline), metrics.elidedText(item->hint, Qt::ElideMiddle, right - x));
    }
    painter->restore();
}

QSize PaletteDelegate::sizeHint(const QStyleOptionViewItem& /*option*/, const QModelIndex& index) const {
    const bool title = index.data(PaletteModel::IsTitleRole).toBool();
    return {100, title ? 24 : qRound(Theme::current().metric("size.paletteRow"))};
}

}  // namespace runglass::ui
