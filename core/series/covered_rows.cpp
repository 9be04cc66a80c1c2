// SPDX-License-Identifier: GPL-3.0-or-later
#include "covered_rows.h"

namespace runglass::series {

void CoveredRows::begin(int columns, int rows) {
    m_columns = columns;
    m_words = (rows + kWord - 1) / kWord;
    const auto words = static_cast<std::size_t>(m_words);
    m_bits.assign(static_cast<std::size_t>(columns) * words, 0);
    m_groups.assign(static_cast<std::size_t>((columns + kGroup - 1) / kGroup) * words, 0);
}

void CoveredRows::cover(int column, int from, int to) {
    auto* words = m_bits.data() + static_cast<std::ptrdiff_t>(column) * m_words;
    while (from < to) {
        const int end = std::min(to, from - from % kWord + kWord);
        const auto run = ~std::uint64_t{0} >> static_cast<unsigned>(kWord - (end - from));
        words[from / kWord] |= run << static_cast<unsigned>(from % kWord);
        from = end;
    }
}

// What is covered stays so: where an old answer for the group says yes, it is still true.
bool CoveredRows::groupCovers(int group, int from, int to) {
    auto* words = m_groups.data() + static_cast<std::ptrdiff_t>(group) * m_words;
    if (all(words, from, to)) {
        return true;
    }
    const int first = group * kGroup;
    const int last = std::min(first + kGroup, m_columns);
    for (int column = first; column < last; ++column) {
        if (!all(bits(column), from, to)) {
            return false;
        }
    }
    std::copy(bits(first), bits(first + 1), words);
    for (int column = first + 1; column < last; ++column) {
        const auto* more = bits(column);
        for (int w = 0; w < m_words; ++w) {
            words[w] &= more[w];
        }
    }
    return true;
}

bool CoveredRows::covers(int first, int last, int from, int to) {
    if (from >= to) {
        return true;
    }
    for (int column = first; column < last;) {
        const int group = column / kGroup;
        const int end = std::min((group + 1) * kGroup, m_columns);
        if (column % kGroup == 0 && end <= last) {
            if (!groupCovers(group, from, to)) {
                return false;
            }
            column = end;
        } else if (!covers(column++, from, to)) {
            return false;
        }
    }
    return true;
}

}  // namespace runglass::series
