// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace runglass::series {

/// Which pixels of a strip something opaque covers already, so that nothing below can change them: one bit a
/// row, column after column. Of groups of columns it knows what all of them cover, since whoever asks mostly
/// asks about many columns at once.
class CoveredRows {
public:
    static constexpr int kGroup = 16;

    /// Empties it.
    void begin(int columns, int rows);
    /// Rows [from, to) of a column; within the strip.
    void cover(int column, int from, int to);
    /// Whether all rows [from, to) are covered; true for none.
    [[nodiscard]] bool covers(int column, int from, int to) const {
        return from >= to || all(bits(column), from, to);
    }
    /// The same in each of the columns [first, last).
    [[nodiscard]] bool covers(int first, int last, int from, int to);

    /// Calls open(begin, end) for each run of rows of [from, to) that are not covered.
    template <typename Open>
    void eachOpen(int column, int from, int to, Open&& open) const {
        const auto* words = bits(column);
        for (int row = next(words, from, to, false); row < to;) {
            const int end = next(words, row, to, true);
            open(row, end);
            row = next(words, end, to, false);
        }
    }

private:
    static constexpr int kWord = 64;
    static bool all(const std::uint64_t* words, int from, int to);
    /// The first row from `from` on whose bit is `covered`; `to` when there is none.
    static int next(const std::uint64_t* words, int from, int to, bool covered);
    [[nodiscard]] const std::uint64_t* bits(int column) const {
        return m_bits.data() + static_cast<std::ptrdiff_t>(column) * m_words;
    }
    bool groupCovers(int group, int from, int to);

    int m_columns = 0;
    int m_words = 0;  ///< of a column
    std::vector<std::uint64_t> m_bits;
    std::vector<std::uint64_t> m_groups;  ///< what all columns of a group cover, or covered some time ago
};

inline bool CoveredRows::all(const std::uint64_t* words, int from, int to) {
    const int first = from / kWord;
    const int last = (to - 1) / kWord;
    const std::uint64_t head = ~std::uint64_t{0} << static_cast<unsigned>(from % kWord);
    const std::uint64_t tail = ~std::uint64_t{0} >> static_cast<unsigned>(kWord - 1 - (to - 1) % kWord);
    if (first == last) {
        return (~words[first] & head & tail) == 0;
    }
    std::uint64_t open = (~words[first] & head) | (~words[last] & tail);
    for (int w = first + 1; w < last; ++w) {
        open |= ~words[w];
    }
    return open == 0;
}

inline int CoveredRows::next(const std::uint64_t* words, int from, int to, bool covered) {
    while (from < to) {
        const auto word = covered ? words[from / kWord] : ~words[from / kWord];
        const auto rest = word >> static_cast<unsigned>(from % kWord);
        if (rest != 0) {
            return std::min(to, from + std::countr_zero(rest));
        }
        from += kWord - from % kWord;
    }
    return to;
}

}  // namespace runglass::series
