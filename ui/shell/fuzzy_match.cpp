// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzzy_match.h"

#include <algorithm>

namespace runglass::ui {
namespace {

constexpr int kConsecutive = 8;
constexpr int kWordStart = 10;
constexpr int kCharacter = 2;
constexpr int kWholeWord = 6;

bool startsWord(const QString& text, int i) {
    return i == 0 || !text[i - 1].isLetterOrNumber() || (text[i].isUpper() && text[i - 1].isLower());
}

/// The best of: the term as it stands at a word's beginning, anywhere, or spread out.
std::optional<FuzzyHit> matchTerm(const QString& term, const QString& folded, const QString& text) {
    int best = -1;
    bool bestStart = false;
    for (qsizetype at = folded.indexOf(term); at >= 0; at = folded.indexOf(term, at + 1)) {
        const bool start = startsWord(text, static_cast<int>(at));
        if (best < 0 || (start && !bestStart)) {
            best = static_cast<int>(at);
            bestStart = start;
        }
    }
    FuzzyHit hit;
    const int length = static_cast<int>(term.size());
    if (best >= 0) {
        const int end = best + length;
        const bool whole = bestStart && (end == text.size() || !text[end].isLetterOrNumber());
        hit.score =
            length * (kCharacter + kConsecutive) + (bestStart ? kWordStart : 0) + (whole ? kWholeWord : 0);
        for (int i = 0; i < length; ++i) {
            hit.positions.push_back(best + i);
        }
        return hit;
    }
    qsizetype from = 0;
    for (const QChar c : term) {
        const qsizetype at = folded.indexOf(c, from);
        if (at < 0) {
            return std::nullopt;
        }
        hit.score += kCharacter + (startsWord(text, static_cast<int>(at)) ? kWordStart / 2 : 0) -
                     static_cast<int>(std::min<qsizetype>(at - from, 3));
        hit.positions.push_back(static_cast<int>(at));
        from = at + 1;
    }
    return hit;
}

}  // namespace

QStringList fuzzyTerms(const QString& query) {
    return query.toCaseFolded().split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

std::optional<FuzzyHit> fuzzyMatch(const QStringList& terms, const QString& text) {
    const QString folded = text.toLower();  // keeps the length for what people type; positions stay valid
    if (folded.size() != text.size()) {
        return std::nullopt;
    }
    FuzzyHit all;
    for (const QString& term : terms) {
        const auto hit = matchTerm(term, folded, text);
        if (!hit) {
            return std::nullopt;
        }
        all.score += hit->score;
        all.positions += hit->positions;
    }
    std::sort(all.positions.begin(), all.positions.end());
    all.positions.erase(std::unique(all.positions.begin(), all.positions.end()), all.positions.end());
    all.score -= static_cast<int>(std::min<qsizetype>(text.size() / 8, 10));  // of two, the shorter
    return all;
}

}  // namespace runglass::ui
