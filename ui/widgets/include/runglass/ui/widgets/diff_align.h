// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace runglass::ui {

/// One row of a change: a removed line beside an added line, by their indices; −1 where a side has none.
struct AlignedPair {
    int left = -1;
    int right = -1;
    friend bool operator==(const AlignedPair&, const AlignedPair&) = default;
};

/// Puts the removed lines of one change beside the added ones, both in their order: lines that share most of
/// their words stand on one row, what lies between such rows is paired in order, the rest stands alone.
std::vector<AlignedPair> alignChange(std::span<const std::string_view> removed,
                                     std::span<const std::string_view> added);

/// Half-open range of bytes.
struct ByteRange {
    int begin = 0;
    int end = 0;
    friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// The words in which two lines differ.
struct WordDiff {
    std::vector<ByteRange> left;
    std::vector<ByteRange> right;
    double similarity = 0;  ///< 0 … 1: share of characters, blanks not counted, that stand in both
};

/// Longest common subsequence over words, numbers and punctuation marks. Lines that have little in common get
/// no ranges: marking nearly everything would say nothing.
WordDiff diffWords(std::string_view left, std::string_view right);

/// The pieces that diffWords compares: identifiers, numbers (with point and exponent), runs of blanks, single
/// other characters. They cover the line without gaps.
std::vector<ByteRange> splitWords(std::string_view line);

}  // namespace runglass::ui
