// SPDX-License-Identifier: GPL-3.0-or-later
#include "console_table.h"

#include <algorithm>
#include <cctype>

#include "runglass/base/text.h"

namespace runglass::launch {

namespace {

constexpr std::size_t kMaxColumns = 40;

/// Columns stand apart by tabs, bars or at least two blanks.
std::vector<std::string_view> columnsOf(std::string_view line) {
    std::vector<std::string_view> columns;
    std::size_t start = 0;
    for (std::size_t i = 0; i <= line.size(); ++i) {
        const bool gap = i == line.size() || line[i] == '\t' || line[i] == '|' ||
                         (line[i] == ' ' && i + 1 < line.size() && line[i + 1] == ' ');
        if (gap) {
            if (const auto column = trimmed(line.substr(start, i - start)); !column.empty()) {
                columns.push_back(column);
            }
            start = i + 1;
        }
    }
    return columns;
}

bool isTitle(std::string_view text) {
    return std::isalpha(static_cast<unsigned char>(text.front())) != 0 &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) {
               return std::isalnum(c) != 0 || c == '_' || c == ' ' || c == '/' || c == '-' || c == '.';
           });
}

bool isRule(std::string_view line) {
    return line.find_first_not_of("-=+| ") == std::string_view::npos;
}

std::string keyOf(std::string_view title) {
    std::string key(title);
    std::replace(key.begin(), key.end(), ' ', '_');
    return key;
}

}  // namespace

std::optional<LineFinding> ConsoleTable::read(std::string_view line) {
    if (!m_header.empty() && isRule(line)) {
        return LineFinding{};
    }
    const auto columns = columnsOf(line);
    if (columns.size() < 2 || columns.size() > kMaxColumns) {
        m_header.clear();
        return std::nullopt;
    }
    if (isStepWord(columns.front()) && std::all_of(columns.begin(), columns.end(), isTitle)) {
        m_header.clear();
        std::transform(columns.begin(), columns.end(), std::back_inserter(m_header), keyOf);
        return LineFinding{};
    }
    const auto step = parseInt(columns.front());
    if (m_header.size() != columns.size() || !step) {
        m_header.clear();
        return std::nullopt;
    }
    LineFinding finding;
    finding.step = step;
    for (std::size_t i = 1; i < columns.size(); ++i) {
        const auto value = parseDouble(columns[i]);
        if (value && !isIgnoredKey(m_header[i])) {
            finding.scalars.emplace_back(m_header[i], *value);
        }
    }
    return finding;
}

}  // namespace runglass::launch
