// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QStringList>
#include <optional>

namespace runglass::ui {

struct FuzzyHit {
    int score = 0;
    QList<int> positions;  ///< of the characters of the text that the query names, ascending
};

/// Words of a query, folded for matching.
QStringList fuzzyTerms(const QString& query);

/// Whether each term occurs in `text` as a subsequence, and how well: runs of characters and beginnings of
/// words count, gaps cost. Nothing when a term does not occur. Case is ignored.
std::optional<FuzzyHit> fuzzyMatch(const QStringList& terms, const QString& text);

}  // namespace runglass::ui
