// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace runglass::cli {

/// A table for people: aligned columns, two blanks between them. Cells are made safe for a terminal.
class TextTable {
public:
    enum class Align { Left, Right };

    void addColumn(std::string_view title, Align align = Align::Left);
    void addRow(std::vector<std::string> cells);
    [[nodiscard]] bool empty() const { return m_rows.empty(); }

    /// Prints to standard output. On a terminal, wide text columns are elided so that lines fit, and columns
    /// that do not fit even so are left out, which is said below the table. Elsewhere nothing is cut.
    void print();
    /// Prints the rows added since the last time, below the ones before. What is printed first decides how
    /// wide the columns are; print() ends it.
    void printSoFar();

private:
    struct Column {
        std::string title;
        Align align;
        std::size_t width = 0;
    };
    void fitWidths(std::size_t lineWidth);
    void printLine(const std::vector<std::string>& cells) const;

    std::vector<Column> m_columns;
    std::vector<std::vector<std::string>> m_rows;
    std::vector<std::size_t> m_widths;  ///< of the columns that are printed; empty before the first line
    bool m_cut = false;                 ///< there is a terminal's width to keep to
};

}  // namespace runglass::cli
