// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/diff_align.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <functional>

namespace runglass::ui {

namespace {

// Above this many pairs of lines a change is a rewrite: similarity would be costly and tell nothing.
constexpr std::size_t kMaxLinePairs = 6400;
constexpr std::size_t kMaxWordPairs = 250'000;
constexpr double kSameLine = 0.5;  // share of common words from which two lines count as one that was edited
// Of lines that are nearly as alike, the nearer belong together.
constexpr double kNearBias = 0.02;
constexpr double kMostBias = 0.1;
constexpr double kMarkWords = 0.4;  // below it, single words are not marked

bool isWordByte(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

std::size_t endOfNumber(std::string_view line, std::size_t i) {
    while (i < line.size()) {
        const bool exponentSign = (line[i] == '-' || line[i] == '+') &&
                                  (line[i - 1] == 'e' || line[i - 1] == 'E') && i + 1 < line.size() &&
                                  isDigit(line[i + 1]);
        const bool point = line[i] == '.' && i + 1 < line.size() && isDigit(line[i + 1]);
        if (!isWordByte(line[i]) && !exponentSign && !point) {
            break;
        }
        ++i;
    }
    return i;
}

std::size_t endOfWord(std::string_view line, std::size_t begin) {
    std::size_t i = begin + 1;
    if (isDigit(line[begin])) {
        return endOfNumber(line, i);
    }
    const auto same = isWordByte(line[begin]) ? isWordByte : isBlank(line[begin]) ? isBlank : nullptr;
    while (same != nullptr && i < line.size() && same(line[i])) {
        ++i;
    }
    return i;
}

std::string_view textOf(std::string_view line, ByteRange range) {
    return line.substr(static_cast<std::size_t>(range.begin),
                       static_cast<std::size_t>(range.end - range.begin));
}

int weightOf(std::string_view line, ByteRange range) {
    return isBlank(line[static_cast<std::size_t>(range.begin)]) ? 0 : range.end - range.begin;
}

/// The words of a line as a bag: sorted hashes with their weights.
struct Bag {
    std::vector<std::pair<std::size_t, int>> words;
    int weight = 0;
};

Bag bagOf(std::string_view line) {
    Bag bag;
    for (const auto range : splitWords(line)) {
        if (const int weight = weightOf(line, range); weight > 0) {
            bag.words.emplace_back(std::hash<std::string_view>{}(textOf(line, range)), weight);
            bag.weight += weight;
        }
    }
    std::sort(bag.words.begin(), bag.words.end());
    return bag;
}

/// Dice coefficient of two bags, by characters.
double likeness(const Bag& a, const Bag& b) {
    if (a.weight + b.weight == 0) {
        return 1;
    }
    int common = 0;
    for (auto i = a.words.begin(), j = b.words.begin(); i != a.words.end() && j != b.words.end();) {
        if (i->first == j->first) {
            common += i->second;
            ++i;
            ++j;
        } else {
            i->first < j->first ? ++i : ++j;
        }
    }
    return 2.0 * common / (a.weight + b.weight);
}

/// Pairs (i, j), both growing, with the largest sum of likeness over all lines that count as edited.
std::vector<AlignedPair> anchors(std::span<const std::string_view> removed,
                                 std::span<const std::string_view> added) {
    const std::size_t n = removed.size();
    const std::size_t m = added.size();
    std::vector<Bag> left(n);
    std::vector<Bag> right(m);
    std::transform(removed.begin(), removed.end(), left.begin(), bagOf);
    std::transform(added.begin(), added.end(), right.begin(), bagOf);
    // best[i][j]: the largest sum over removed[i…] and added[j…]
    std::vector<double> best((n + 1) * (m + 1), 0.0);
    std::vector<double> like(n * m, 0.0);
    const auto at = [m](std::size_t i, std::size_t j) { return i * (m + 1) + j; };
    for (std::size_t i = n; i-- > 0;) {
        for (std::size_t j = m; j-- > 0;) {
            const double distance = std::abs(static_cast<double>(i) - static_cast<double>(j));
            double same = likeness(left[i], right[j]);
            same -= same >= kSameLine ? std::min(kMostBias, kNearBias * distance) : 0.0;
            like[i * m + j] = same;
            const double paired = same >= kSameLine ? same + best[at(i + 1, j + 1)] : 0.0;
            best[at(i, j)] = std::max({paired, best[at(i + 1, j)], best[at(i, j + 1)]});
        }
    }
    std::vector<AlignedPair> pairs;
    for (std::size_t i = 0, j = 0; i < n && j < m && best[at(i, j)] > 0;) {
        const double same = like[i * m + j];
        if (same >= kSameLine && best[at(i, j)] <= same + best[at(i + 1, j + 1)]) {
            pairs.push_back({static_cast<int>(i++), static_cast<int>(j++)});
        } else {
            best[at(i + 1, j)] >= best[at(i, j + 1)] ? ++i : ++j;
        }
    }
    return pairs;
}

/// Which words of either side belong to a longest common subsequence by weight.
struct Common {
    std::vector<bool> left;
    std::vector<bool> right;
    int weight = 0;
};

class WordMatcher {
public:
    WordMatcher(std::string_view left, std::string_view right)
        : m_left(left)
        , m_right(right)
        , m_a(splitWords(left))
        , m_b(splitWords(right)) {}

    Common run() {
        Common common{std::vector<bool>(m_a.size()), std::vector<bool>(m_b.size()), 0};
        std::size_t begin = 0;
        while (begin < m_a.size() && begin < m_b.size() && equal(begin, begin)) {
            take(common, begin, begin);
            ++begin;
        }
        std::size_t endA = m_a.size();
        std::size_t endB = m_b.size();
        while (endA > begin && endB > begin && equal(endA - 1, endB - 1)) {
            take(common, --endA, --endB);
        }
        if ((endA - begin) * (endB - begin) <= kMaxWordPairs) {
            middle(common, begin, endA, endB);
        }
        return common;
    }
    [[nodiscard]] const std::vector<ByteRange>& leftWords() const { return m_a; }
    [[nodiscard]] const std::vector<ByteRange>& rightWords() const { return m_b; }

private:
    [[nodiscard]] bool equal(std::size_t i, std::size_t j) const {
        return textOf(m_left, m_a[i]) == textOf(m_right, m_b[j]);
    }
    void take(Common& common, std::size_t i, std::size_t j) const {
        common.left[i] = true;
        common.right[j] = true;
        common.weight += weightOf(m_left, m_a[i]);
    }
    void middle(Common& common, std::size_t begin, std::size_t endA, std::size_t endB) const {
        const std::size_t n = endA - begin;
        const std::size_t m = endB - begin;
        std::vector<int> best((n + 1) * (m + 1), 0);
        const auto at = [m](std::size_t i, std::size_t j) { return i * (m + 1) + j; };
        // Blanks weigh a little, so that they match when nothing is lost by it.
        const auto gain = [&](std::size_t i) { return 8 * weightOf(m_left, m_a[begin + i]) + 1; };
        for (std::size_t i = n; i-- > 0;) {
            for (std::size_t j = m; j-- > 0;) {
                const int paired = equal(begin + i, begin + j) ? gain(i) + best[at(i + 1, j + 1)] : 0;
                best[at(i, j)] = std::max({paired, best[at(i + 1, j)], best[at(i, j + 1)]});
            }
        }
        for (std::size_t i = 0, j = 0; i < n && j < m;) {
            if (equal(begin + i, begin + j) && best[at(i, j)] == gain(i) + best[at(i + 1, j + 1)]) {
                take(common, begin + i++, begin + j++);
            } else {
                best[at(i + 1, j)] >= best[at(i, j + 1)] ? ++i : ++j;
            }
        }
    }

    std::string_view m_left;
    std::string_view m_right;
    std::vector<ByteRange> m_a;
    std::vector<ByteRange> m_b;
};

/// The words that are not common, neighbours joined, also over blanks between them.
std::vector<ByteRange> marks(std::string_view line, const std::vector<ByteRange>& words,
                             const std::vector<bool>& common) {
    std::vector<ByteRange> ranges;
    bool onlyBlanksSince = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (common[i]) {
            onlyBlanksSince = onlyBlanksSince && weightOf(line, words[i]) == 0;
            continue;
        }
        if (onlyBlanksSince && !ranges.empty()) {
            ranges.back().end = words[i].end;
        } else {
            ranges.push_back(words[i]);
        }
        onlyBlanksSince = true;
    }
    return ranges;
}

int totalWeight(std::string_view line, const std::vector<ByteRange>& words) {
    int weight = 0;
    for (const auto word : words) {
        weight += weightOf(line, word);
    }
    return weight;
}

}  // namespace

std::vector<ByteRange> splitWords(std::string_view line) {
    std::vector<ByteRange> words;
    for (std::size_t i = 0; i < line.size();) {
        const std::size_t end = endOfWord(line, i);
        words.push_back({static_cast<int>(i), static_cast<int>(end)});
        i = end;
    }
    return words;
}

std::vector<AlignedPair> alignChange(std::span<const std::string_view> removed,
                                     std::span<const std::string_view> added) {
    std::vector<AlignedPair> fixed;
    if (removed.size() * added.size() <= kMaxLinePairs) {
        fixed = anchors(removed, added);
    }
    fixed.push_back({static_cast<int>(removed.size()), static_cast<int>(added.size())});
    std::vector<AlignedPair> rows;
    int left = 0;
    int right = 0;
    for (const auto& anchor : fixed) {
        while (left < anchor.left || right < anchor.right) {
            rows.push_back({left < anchor.left ? left : -1, right < anchor.right ? right : -1});
            left += left < anchor.left ? 1 : 0;
            right += right < anchor.right ? 1 : 0;
        }
        if (&anchor != &fixed.back()) {
            rows.push_back({left++, right++});
        }
    }
    return rows;
}

WordDiff diffWords(std::string_view left, std::string_view right) {
    WordMatcher matcher(left, right);
    const Common common = matcher.run();
    const int total = totalWeight(left, matcher.leftWords()) + totalWeight(right, matcher.rightWords());
    WordDiff diff;
    diff.similarity = total == 0 ? 1.0 : 2.0 * common.weight / total;
    if (diff.similarity >= kMarkWords) {
        diff.left = marks(left, matcher.leftWords(), common.left);
        diff.right = marks(right, matcher.rightWords(), common.right);
    }
    return diff;
}

}  // namespace runglass::ui
