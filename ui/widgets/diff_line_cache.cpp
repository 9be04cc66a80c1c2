// SPDX-License-Identifier: GPL-3.0-or-later
#include "diff_line_cache.h"

#include <QFontMetricsF>
#include <QTextOption>
#include <algorithm>

#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

namespace {

Token tokenOf(SyntaxKind kind) {
    switch (kind) {
        case SyntaxKind::Keyword:
            return Token::SyntaxKeyword;
        case SyntaxKind::String:
            return Token::SyntaxString;
        case SyntaxKind::Number:
            return Token::SyntaxNumber;
        case SyntaxKind::Comment:
            return Token::SyntaxComment;
        case SyntaxKind::Function:
            return Token::SyntaxFunction;
        case SyntaxKind::Type:
            return Token::SyntaxType;
    }
    return Token::TextPrimary;
}

bool turnsDirection(QChar c) {
    const auto u = c.unicode();
    return u == 0x200E || u == 0x200F || u == 0x061C || (u >= 0x202A && u <= 0x202E) ||
           (u >= 0x2066 && u <= 0x2069);
}

QTextLayout::FormatRange formatRange(int begin, int end, Token color) {
    QTextLayout::FormatRange range;
    range.start = begin;
    range.length = end - begin;
    range.format.setForeground(Theme::current().color(color));
    return range;
}

std::vector<std::pair<int, int>> changedWords(const DiffTextFile& file, const DiffTextLine& line,
                                              const std::vector<int>& offsets) {
    std::vector<std::pair<int, int>> words;
    if (line.partner < 0) {
        return words;
    }
    const auto& other = file.lines[static_cast<std::size_t>(line.partner)];
    const bool removed = line.kind == git::DiffLine::Kind::Removed;
    const WordDiff diff = removed ? diffWords(line.text, other.text) : diffWords(other.text, line.text);
    for (const auto& range : removed ? diff.left : diff.right) {
        words.emplace_back(offsets[static_cast<std::size_t>(range.begin)],
                           offsets[static_cast<std::size_t>(range.end)]);
    }
    return words;
}

}  // namespace

QString visibleText(const std::string& utf8) {
    QString text = QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
    for (QChar& c : text) {
        if (c.unicode() < 0x20 && c != QLatin1Char('\t')) {
            c = QChar(static_cast<char16_t>(0x2400 + c.unicode()));
        } else if (turnsDirection(c)) {
            c = QChar::ReplacementCharacter;
        }
    }
    return text;
}

std::vector<int> utf16Offsets(std::string_view utf8) {
    std::vector<int> offsets;
    offsets.reserve(utf8.size() + 1);
    int at = 0;
    int units = 0;  // of the current character
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0U) != 0x80) {
            at += units;
            units = byte >= 0xF0 ? 2 : 1;
        }
        offsets.push_back(at);
    }
    offsets.push_back(at + units);
    return offsets;
}

void DiffLineCache::setFont(const QFont& font) {
    m_font = font;
    clear();
}

DiffLineLayout& DiffLineCache::line(const DiffDocument& document, int file, int line, bool newSide) {
    const auto& textFile = document.files()[static_cast<std::size_t>(file)];
    const auto& source = textFile.lines[static_cast<std::size_t>(line)];
    const bool useNew =
        newSide && source.newState != source.oldState;  // nearly always both sides look the same
    const quint64 key =
        (static_cast<quint64>(file) << 33U) | (static_cast<quint64>(line) << 1U) | (useNew ? 1U : 0U);
    if (auto* known = m_cache.object(key)) {
        return *known;
    }
    auto* made = new DiffLineLayout;
    const auto offsets = utf16Offsets(source.text);
    made->text = visibleText(source.text);
    made->words = changedWords(textFile, source, offsets);
    const bool added = source.kind == git::DiffLine::Kind::Added;
    std::vector<SyntaxSpan> spans;
    highlightLine(textFile.language, source.text, added || useNew ? source.newState : source.oldState,
                  &spans);
    QList<QTextLayout::FormatRange> formats;
    for (const auto& span : spans) {
        formats.push_back(formatRange(offsets[static_cast<std::size_t>(span.begin)],
                                      offsets[static_cast<std::size_t>(span.end)], tokenOf(span.kind)));
    }
    for (const auto& [begin, end] : made->words) {
        formats.push_back(formatRange(begin, end, Token::TextPrimary));  // over the syntax colour: contrast
    }
    if (made->text.size() > kMaxShownChars) {
        const auto rest = made->text.size() - kMaxShownChars;
        made->text = made->text.left(kMaxShownChars) + QStringLiteral(" … +%1").arg(rest);
        formats.push_back(
            formatRange(kMaxShownChars, static_cast<int>(made->text.size()), Token::TextTertiary));
        std::erase_if(made->words, [](const auto& word) { return word.first >= kMaxShownChars; });
    }
    QTextOption option(Qt::AlignLeft);
    option.setTextDirection(Qt::LeftToRight);
    option.setWrapMode(QTextOption::NoWrap);
    option.setTabStopDistance(QFontMetricsF(m_font).horizontalAdvance(QLatin1Char(' ')) * kDiffTabWidth);
    made->layout.setTextOption(option);
    made->layout.setFont(Theme::verbatim(m_font, made->text));
    made->layout.setText(made->text);
    made->layout.setFormats(formats);
    made->layout.beginLayout();
    made->layout.createLine();
    made->layout.endLayout();
    m_cache.insert(key, made);
    return *made;
}

}  // namespace runglass::ui
