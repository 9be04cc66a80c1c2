// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "runglass/base/text.h"
#include "table.h"

namespace runglass::sources {

namespace {

/// Quoted text that goes on for longer than this has lost its closing quote.
constexpr std::size_t kMaxRowBytes = std::size_t{1} << 20U;

std::string_view withoutReturn(std::string_view line) {
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

/// Where a cell that does not start with a quote ends.
std::size_t plainEnd(std::string_view bytes, std::size_t from, char separator) {
    const std::array<char, 2> ends{separator, '\n'};
    return std::min(bytes.find_first_of(std::string_view(ends.data(), ends.size()), from), bytes.size());
}

}  // namespace

char separatorOf(std::string_view line) {
    constexpr std::string_view kSeparators = ",;\t|";
    char best = ',';
    std::ptrdiff_t most = 0;
    for (const char separator : kSeparators) {
        bool quoted = false;
        std::ptrdiff_t count = 0;
        for (const char c : line) {
            quoted = quoted != (c == '"');
            count += c == separator && !quoted ? 1 : 0;
        }
        if (count > most) {
            best = separator;
            most = count;
        }
    }
    return best;
}

namespace {

constexpr std::string_view kBlanks = " \t";

/// Runs of blanks separate; those at the ends do not count.
template <typename Take>
void forEachWord(std::string_view line, const Take& take) {
    for (auto start = line.find_first_not_of(kBlanks); start != std::string_view::npos;) {
        const auto end = std::min(line.find_first_of(kBlanks, start), line.size());
        take(line.substr(start, end - start));
        start = line.find_first_not_of(kBlanks, end);
    }
}

/// The same where a single blank stands within a name or a text.
template <typename Take>
void forEachWideCell(std::string_view line, const Take& take) {
    for (auto start = line.find_first_not_of(kBlanks); start != std::string_view::npos;) {
        auto end = std::min(line.find_first_of(kBlanks, start), line.size());
        while (end + 1 < line.size() && line[end] == ' ' && kBlanks.find(line[end + 1]) == kBlanks.npos) {
            end = std::min(line.find_first_of(kBlanks, end + 1), line.size());
        }
        take(line.substr(start, end - start));
        start = line.find_first_not_of(kBlanks, end);
    }
}

/// Whether header and row have the same number of cells, more than one, when two blanks separate them, and
/// not when one does: names have blanks in them. Two numbers beside each other are no cell.
bool areWide(std::string_view header, std::string_view row, std::size_t words) {
    std::size_t names = 0;
    std::size_t cells = 0;
    bool numbersInOne = false;
    forEachWideCell(header, [&](std::string_view) { ++names; });
    forEachWideCell(row, [&](std::string_view cell) {
        const auto blank = cell.find(' ');
        numbersInOne =
            numbersInOne || (blank != std::string_view::npos && numberIn(cell.substr(0, blank), ' '));
        ++cells;
    });
    return names > 1 && names < words && names == cells && !numbersInOne;
}

std::size_t wordsIn(std::string_view line) {
    std::size_t count = 0;
    forEachWord(line, [&](std::string_view) { ++count; });
    return count;
}

/// Whether tabs that align columns have left a column without a name.
bool hasUnnamed(std::string_view line, char separator) {
    CsvSplitter splitter;
    splitter.split(line, separator, true);
    const auto cells = splitter.cells();
    return std::any_of(cells.begin(), cells.end(), [](std::string_view cell) { return cell.empty(); });
}

}  // namespace

std::optional<char> separatorIn(std::string_view text, bool whole) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos && !whole) {
        return std::nullopt;
    }
    const auto line = trimmed(text.substr(0, end));
    const char separator = separatorOf(line);
    const bool found = line.find(separator) != std::string_view::npos;
    const bool mayBeBlanks = !found || (separator == '\t' && hasUnnamed(line, separator));
    const auto words = mayBeBlanks && !line.starts_with('"') ? wordsIn(line) : 0;
    if (words < 2) {
        return separator;
    }
    // One column called "val loss" looks the same: the line below tells.
    const auto rest = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    const auto below = rest.find('\n');
    if (below == std::string_view::npos && !whole) {
        return std::nullopt;
    }
    const auto row = trimmed(rest.substr(0, below));
    if (areWide(line, row, words)) {
        return kWideBlanks;
    }
    // A text in the last column may have blanks in it.
    const bool hasText = wordsIn(row) > words && numberIn(row.substr(0, row.find_first_of(kBlanks)), ' ');
    return wordsIn(row) == words || hasText ? ' ' : separator;
}

bool isMissing(std::string_view cell) {
    constexpr std::array<std::string_view, 8> kMissing{"", "NA", "N/A", "<NA>", "null", "NULL", "None", "-"};
    return std::find(kMissing.begin(), kMissing.end(), cell) != kMissing.end();
}

std::optional<double> numberIn(std::string_view cell, char separator) {
    if (const auto number = parseDouble(cell); number || separator == ',') {
        return number;
    }
    const auto comma = cell.find(',');
    if (comma == std::string_view::npos || cell.find_first_of(",.", comma + 1) != std::string_view::npos ||
        cell.find('.') != std::string_view::npos) {
        return std::nullopt;
    }
    std::string text(cell);
    text[comma] = '.';
    return parseDouble(text);
}

void CsvSplitter::splitPlain(std::string_view line, char separator) {
    if (separator == ' ') {
        forEachWord(line, [this](std::string_view word) { m_cells.push_back(word); });
        return;
    }
    if (separator == kWideBlanks) {
        forEachWideCell(line, [this](std::string_view cell) { m_cells.push_back(cell); });
        return;
    }
    for (;;) {
        const auto end = std::min(line.find(separator), line.size());
        m_cells.push_back(trimmed(line.substr(0, end)));
        if (end == line.size()) {
            return;
        }
        line.remove_prefix(end + 1);
    }
}

CsvSplitter::Outcome CsvSplitter::splitQuoted(std::string_view bytes, char separator, bool whole) {
    std::size_t at = 0;
    for (;;) {
        const auto start = bytes.find_first_not_of(' ', at);
        if (start == std::string_view::npos || bytes[start] != '"') {
            const auto end = plainEnd(bytes, at, separator);
            m_cells.push_back(trimmed(withoutReturn(bytes.substr(at, end - at))));
            at = end;
        } else {
            auto& text = m_unquoted.emplace_back();
            std::size_t i = start + 1;
            for (;;) {
                const auto quote = bytes.find('"', i);
                if (quote == std::string_view::npos || quote - start > kMaxRowBytes) {
                    return whole || bytes.size() - start > kMaxRowBytes ? Outcome::Broken : Outcome::Partial;
                }
                text.append(bytes, i, quote - i);
                i = quote + 1;
                if (i >= bytes.size() || bytes[i] != '"') {
                    break;
                }
                text += '"';
                ++i;
            }
            const auto end = plainEnd(bytes, i, separator);
            text += trimmed(withoutReturn(bytes.substr(i, end - i)));
            m_cells.push_back(trimmed(text));
            at = end;
        }
        if (at >= bytes.size()) {
            m_length = bytes.size();
            return whole ? Outcome::Row : Outcome::Partial;
        }
        ++at;
        if (bytes[at - 1] == '\n') {
            m_length = at;
            return Outcome::Row;
        }
    }
}

CsvSplitter::Outcome CsvSplitter::split(std::string_view bytes, char separator, bool whole) {
    m_cells.clear();
    m_unquoted.clear();
    const auto newline = bytes.find('\n');
    const auto line = bytes.substr(0, newline);
    const bool complete = newline != std::string_view::npos || whole;
    const bool isBlank = separator == ' ' || separator == kWideBlanks;
    if (!isBlank && line.find('"') != std::string_view::npos) {
        const auto outcome = splitQuoted(bytes, separator, whole);
        if (outcome != Outcome::Broken) {
            return outcome;
        }
        m_cells.clear();
        splitPlain(withoutReturn(line), separator);
        m_length = std::min(line.size() + 1, bytes.size());
        return complete ? Outcome::Broken : Outcome::Partial;
    }
    splitPlain(withoutReturn(line), separator);
    m_length = std::min(line.size() + 1, bytes.size());
    return complete ? Outcome::Row : Outcome::Partial;
}

}  // namespace runglass::sources
