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

void TextTable::addColumn(std::string_view title, Align align) {
    auto shown = printable(title);
    const auto width = textWidth(shown);
    m_columns.push_back({std::move(shown), align, width});
}

void TextTable::addRow(std::vector<std::string> cells) {
    cells.resize(m_columns.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
        cells[i] = printable(cells[i]);
        m_columns[i].width = std::max(m_columns[i].width, textWidth(cells[i]));
    }
    m_rows.push_back(std::move(cells));
}

void TextTable::print() {
    printSoFar();
    if (const auto hidden = m_columns.size() - m_widths.size(); hidden > 0) {
        cli::print(
            tr("({} more columns do not fit; choose some with --columns, or use --format csv)", hidden) +
            "\n");
    }
}

void TextTable::printSoFar() {
    if (m_widths.empty()) {
        fitWidths(terminalWidth());
        std::vector<std::string> titles;
        for (const auto& column : m_columns) {
            titles.push_back(column.title);
        }
        printLine(titles);
    }
    for (const auto& row : m_rows) {
        printLine(row);
    }
    m_rows.clear();
}

void TextTable::fitWidths(std::size_t lineWidth) {
    m_cut = lineWidth != 0;
    for (const auto& column : m_columns) {
        m_widths.push_back(column.width);
    }
    if (!m_cut) {
        return;
    }
    while (lineWidthOf(m_widths) > lineWidth) {
        std::size_t* widest = nullptr;
        for (std::size_t i = 0; i < m_widths.size(); ++i) {
            const bool canShrink = m_columns[i].align == Align::Left && m_widths[i] > kLeastWidth;
            if (canShrink && (widest == nullptr || m_widths[i] > *widest)) {
                widest = &m_widths[i];
            }
        }
        if (widest == nullptr) {
            break;
        }
        --*widest;
    }
    while (m_widths.size() > 1 && lineWidthOf(m_widths) > lineWidth) {
        m_widths.pop_back();
    }
    if (m_columns[m_widths.size() - 1].align == Align::Left && lineWidthOf(m_widths) < lineWidth) {
        m_widths.back() += lineWidth - lineWidthOf(m_widths);  // longer texts may come in later rows
    }
}

void TextTable::printLine(const std::vector<std::string>& cells) const {
    std::string line;
    for (std::size_t i = 0; i < m_widths.size(); ++i) {
        const auto cell = m_cut ? elided(cells[i], m_widths[i]) : cells[i];
        const std::string padding(m_widths[i] - std::min(m_widths[i], textWidth(cell)), ' ');
        line += i == 0 ? "" : std::string(kGap, ' ');
        line += m_columns[i].align == Align::Left ? cell + padding : padding + cell;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    cli::print(line + "\n");
}

}  // namespace runglass::cli
