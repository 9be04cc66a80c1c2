// SPDX-License-Identifier: GPL-3.0-or-later
#include "text_table.h"

#include <algorithm>
#include <numeric>

#include "output.h"
#include "runglass/base/translate.h"
#include "text_width.h"

namespace runglass::cli {

namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kLeastWidth = 12;  // of an elided column

std::size_t lineWidthOf(const std::vector<std::size_t>& widths) {
    return std::accumulate(widths.begin(), widths.end(), std::size_t{0}) +
           kGap * (widths.empty() ? 0 : widths.size() - 1);
}

}  // namespace

void TextTable::addColumn(std::string title, Align align) {
    const auto width = textWidth(title);
    m_columns.push_back({std::move(title), align, width});
}

void TextTable::addRow(std::vector<std::string> cells) {
    cells.resize(m_columns.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
        cells[i] = printable(cells[i]);
        m_columns[i].width = std::max(m_columns[i].width, textWidth(cells[i]));
    }
    m_rows.push_back(std::move(cells));
}

void TextTable::print() const {
    const auto widths = fittedWidths(terminalWidth());
    std::vector<std::string> titles;
    for (const auto& column : m_columns) {
        titles.push_back(column.title);
    }
    printLine(titles, widths);
    for (const auto& row : m_rows) {
        printLine(row, widths);
    }
    if (const auto hidden = m_columns.size() - widths.size(); hidden > 0) {
        cli::print(
            tr("({} more columns do not fit; choose some with --columns, or use --format csv)", hidden) +
            "\n");
    }
}

std::vector<std::size_t> TextTable::fittedWidths(std::size_t lineWidth) const {
    std::vector<std::size_t> widths;
    for (const auto& column : m_columns) {
        widths.push_back(column.width);
    }
    if (lineWidth == 0) {
        return widths;
    }
    while (lineWidthOf(widths) > lineWidth) {
        std::size_t* widest = nullptr;
        for (std::size_t i = 0; i < widths.size(); ++i) {
            const bool canShrink = m_columns[i].align == Align::Left && widths[i] > kLeastWidth;
            if (canShrink && (widest == nullptr || widths[i] > *widest)) {
                widest = &widths[i];
            }
        }
        if (widest == nullptr) {
            break;
        }
        --*widest;
    }
    while (widths.size() > 1 && lineWidthOf(widths) > lineWidth) {
        widths.pop_back();
    }
    return widths;
}

void TextTable::printLine(const std::vector<std::string>& cells,
                          const std::vector<std::size_t>& widths) const {
    std::string line;
    for (std::size_t i = 0; i < widths.size(); ++i) {
        const auto cell = elided(cells[i], widths[i]);
        const std::string padding(widths[i] - std::min(widths[i], textWidth(cell)), ' ');
        line += i == 0 ? "" : std::string(kGap, ' ');
        line += m_columns[i].align == Align::Left ? cell + padding : padding + cell;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    cli::print(line + "\n");
}

}  // namespace runglass::cli
