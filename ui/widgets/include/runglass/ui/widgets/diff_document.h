// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runglass/git/values.h"
#include "runglass/ui/widgets/diff_align.h"
#include "runglass/ui/widgets/syntax.h"

namespace runglass::ui {

enum class DiffMode { Unified, SideBySide };

/// One line of one file of a difference, as DiffView needs it.
struct DiffTextLine {
    git::DiffLine::Kind kind = git::DiffLine::Kind::Context;
    int oldLine = -1;
    int newLine = -1;
    int columns = 0;           ///< width in characters, tabs expanded
    int partner = -1;          ///< the line of the other side on the same row, for marking words
    SyntaxState oldState = 0;  ///< in which the lexer starts it
    SyntaxState newState = 0;
    std::string text;  ///< valid UTF-8, line end removed, a carriage return left in
};

/// One file of a difference.
struct DiffTextFile {
    git::FileDiff info;  ///< without its hunks
    Language language = Language::Plain;
    std::vector<DiffTextLine> lines;
    /// Lines that both sides have but that are not in `lines`: (index of the line that they lie before,
    /// count).
    std::vector<std::pair<int, int>> gaps;
    std::vector<AlignedPair> sideBySide;  ///< rows as indices into `lines`; equal lines have left == right
};

/// Files of a difference with lines aligned and lexed: immutable, made on a worker thread, shared with views.
class DiffDocument {
public:
    explicit DiffDocument(std::vector<git::FileDiff> files);

    [[nodiscard]] const std::vector<DiffTextFile>& files() const { return m_files; }
    [[nodiscard]] int added() const { return m_added; }
    [[nodiscard]] int removed() const { return m_removed; }

private:
    std::vector<DiffTextFile> m_files;
    int m_added = 0;
    int m_removed = 0;
};

using SharedDiffDocument = std::shared_ptr<const DiffDocument>;

/// One row on the screen.
struct DiffRow {
    enum class Kind : std::uint8_t {
        File,     ///< name and counts
        Message,  ///< why a file has no lines to show
        Line,
        Fold,  ///< `count` equal lines that are not shown
    };
    Kind kind = Kind::Line;
    int file = 0;
    int left = -1;   ///< index into DiffTextFile::lines; in Unified only one of left and right is set on
    int right = -1;  ///< changed lines
    int count = 0;   ///< Fold
    int first = -1;  ///< Fold: first hidden line, −1 where its text is not known and it cannot be opened
    friend bool operator==(const DiffRow&, const DiffRow&) = default;
};

struct DiffLayoutOptions {
    DiffMode mode = DiffMode::SideBySide;
    int context = 3;          ///< equal lines kept around a change
    bool headings = true;     ///< a File row before each file
    bool onlyChanges = true;  ///< fold equal lines
    int onlyFile = -1;        ///< lay out this file alone
};

/// Folds that the person opened: (file, first hidden line).
using OpenedFolds = std::set<std::pair<int, int>>;

/// The rows to show. Pure; linear in the number of lines.
std::vector<DiffRow> layOutDiff(const DiffDocument& document, const DiffLayoutOptions& options,
                                const OpenedFolds& opened = {});

/// Columns that `text` takes with tabs of `tabWidth`.
int columnsOf(std::string_view text, int tabWidth);

inline constexpr int kDiffTabWidth = 4;

}  // namespace runglass::ui
