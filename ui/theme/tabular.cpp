// SPDX-License-Identifier: GPL-3.0-or-later
#include <QGlyphRun>
#include <QHash>
#include <QRawFont>

#include "runglass/ui/theme/paint.h"

// Qt 6.4 cannot switch on a font's tabular figures (QFont::setFeature is 6.7), and Inter's default digits are
// proportional. So digits are laid out here: each on the advance of "0", centred in it.

namespace runglass::ui {
namespace {

struct GlyphTable {
    QRawFont raw;
    std::array<quint32, 128> glyphs{};
    std::array<qreal, 128> advances{};
    quint32 minus = 0;
    qreal minusAdvance = 0;
    quint32 thinSpace = 0;
    qreal thinSpaceAdvance = 0;
    qreal digit = 0;
};

constexpr char16_t kMinus = 0x2212;
constexpr char16_t kThinSpace = 0x2009;

GlyphTable makeTable(const QFont& font) {
    GlyphTable table;
    table.raw = QRawFont::fromFont(font);
    QString characters;
    for (char16_t c = 0x20; c < 0x7f; ++c) {
        characters += QChar(c);
    }
    characters += QChar(kMinus);
    characters += QChar(kThinSpace);
    const auto glyphs = table.raw.glyphIndexesForString(characters);
    const auto advances = table.raw.advancesForGlyphIndexes(glyphs);
    const qsizetype ascii = characters.size() - 2;
    for (qsizetype i = 0; i < ascii; ++i) {
        const auto code = static_cast<std::size_t>(characters[i].unicode());
        table.glyphs[code] = glyphs[i];
        table.advances[code] = advances[i].x();
    }
    table.minus = glyphs[ascii];
    table.minusAdvance = advances[ascii].x();
    table.thinSpace = glyphs[ascii + 1];
    table.thinSpaceAdvance = advances[ascii + 1].x();
    table.digit = table.advances['0'];
    return table;
}

const GlyphTable& tableFor(const QFont& font) {
    static QHash<QString, GlyphTable> tables;  // one per font in use
    // Mostly the same font again, and to compare it takes less than to make its key.
    static QFont last;
    static const GlyphTable* lastTable = nullptr;
    if (lastTable == nullptr || font != last) {
        const QString key = font.key();
        auto found = tables.find(key);
        if (found == tables.end()) {
            found = tables.insert(key, makeTable(font));
        }
        last = font;
        lastTable = &*found;
    }
    return *lastTable;
}

struct Placed {
    quint32 glyph = 0;
    qreal offset = 0;  ///< of the glyph within its advance
    qreal advance = 0;
};

Placed place(const GlyphTable& table, char16_t c) {
    if (c >= u'0' && c <= u'9') {
        return {table.glyphs[c], (table.digit - table.advances[c]) / 2, table.digit};
    }
    if (c == kMinus) {
        return {table.minus, 0, table.minusAdvance};
    }
    if (c == kThinSpace) {
        return {table.thinSpace, 0, table.thinSpaceAdvance};
    }
    return c < 128 ? Placed{table.glyphs[c], 0, table.advances[c]} : Placed{};
}

/// Whether every character has a glyph in the font itself.
bool canPlace(const GlyphTable& table, const QString& text) {
    return std::all_of(text.begin(), text.end(),
                       [&](QChar c) { return place(table, c.unicode()).glyph != 0; });
}

qreal widthOf(const GlyphTable& table, const QString& text) {
    qreal width = 0;
    for (const QChar c : text) {
        width += place(table, c.unicode()).advance;
    }
    return width;
}

}  // namespace

qreal tabularWidth(const QFont& font, const QString& text) {
    const GlyphTable& table = tableFor(font);
    return canPlace(table, text) ? widthOf(table, text) : QFontMetricsF(font).horizontalAdvance(text);
}

void drawTabular(QPainter* painter, const QRectF& rect, Qt::Alignment alignment, const QString& text) {
    const GlyphTable& table = tableFor(painter->font());
    if (!canPlace(table, text)) {
        painter->drawText(rect, static_cast<int>(alignment) | Qt::TextSingleLine, text);
        return;
    }
    const qreal width = widthOf(table, text);
    qreal x = rect.left();
    if (alignment & Qt::AlignRight) {
        x = rect.right() - width;
    } else if (alignment & Qt::AlignHCenter) {
        x = rect.center().x() - width / 2;
    }
    const QFontMetricsF metrics(painter->font());
    qreal y = rect.top() + metrics.ascent();
    if (alignment & Qt::AlignBottom) {
        y = rect.bottom() - metrics.descent();
    } else if (!(alignment & Qt::AlignTop)) {
        y = rect.top() + (rect.height() - metrics.height()) / 2 + metrics.ascent();
    }
    QList<quint32> glyphs;
    QList<QPointF> positions;
    glyphs.reserve(text.size());
    positions.reserve(text.size());
    qreal pen = 0;
    for (const QChar c : text) {
        const Placed placed = place(table, c.unicode());
        glyphs.push_back(placed.glyph);
        positions.push_back({pen + placed.offset, 0});
        pen += placed.advance;
    }
    QGlyphRun run;
    run.setRawFont(table.raw);
    run.setGlyphIndexes(glyphs);
    run.setPositions(positions);
    // Text is drawn on whole pixels elsewhere too; a fraction would blur each digit differently.
    painter->drawGlyphRun(QPointF(std::round(x), std::round(y)), run);
}

}  // namespace runglass::ui
