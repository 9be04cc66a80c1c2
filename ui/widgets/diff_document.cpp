// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/widgets/diff_document.h"

#include <algorithm>

#include "runglass/base/text.h"

namespace runglass::ui {

namespace {

using Kind = git::DiffLine::Kind;

void appendHunk(DiffTextFile& file, git::DiffHunk&& hunk, int& nextOld, int& nextNew) {
    // A hunk without lines on a side names the line before it (unified diff format), so take its first line.
    const int oldStart = hunk.oldLines == 0 ? hunk.oldStart + 1 : hunk.oldStart;
    const int gap = oldStart - nextOld;
    if (gap > 0) {
        file.gaps.emplace_back(static_cast<int>(file.lines.size()), gap);
    }
    nextOld = oldStart + hunk.oldLines;
    nextNew = (hunk.newLines == 0 ? hunk.newStart + 1 : hunk.newStart) + hunk.newLines;
    for (auto& line : hunk.lines) {
        DiffTextLine text;
        text.kind = line.kind;
        text.oldLine = line.oldLine;
        text.newLine = line.newLine;
        text.text = isValidUtf8(line.text) ? std::move(line.text) : toValidUtf8(line.text);
        text.columns = columnsOf(text.text, kDiffTabWidth);
        file.lines.push_back(std::move(text));
    }
}

void lex(DiffTextFile& file) {
    SyntaxState oldState = 0;
    SyntaxState newState = 0;
    auto gap = file.gaps.begin();
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
        if (gap != file.gaps.end() && gap->first == static_cast<int>(i)) {
            oldState = newState = 0;  // nothing is known of what lies between: take it for code
            ++gap;
        }
        auto& line = file.lines[i];
        line.oldState = oldState;
        line.newState = newState;
        if (line.kind != Kind::Added) {
            oldState = highlightLine(file.language, line.text, oldState, nullptr);
        }
        if (line.kind != Kind::Removed) {
            newState = line.kind == Kind::Context && line.oldState == line.newState
                           ? oldState
                           : highlightLine(file.language, line.text, newState, nullptr);
        }
    }
}

/// Aligns lines [begin, end), all changed.
void alignBlock(DiffTextFile& file, int begin, int end) {
    std::vector<int> removed;
    std::vector<int> added;
    std::vector<std::string_view> removedText;
    std::vector<std::string_view> addedText;
    for (int i = begin; i < end; ++i) {
        const auto& line = file.lines[static_cast<std::size_t>(i)];
        const bool isRemoved = line.kind == Kind::Removed;
        (isRemoved ? removed : added).push_back(i);
        (isRemoved ? removedText : addedText).push_back(line.text);
    }
    for (const auto& pair : alignChange(removedText, addedText)) {
        AlignedPair row;
        row.left = pair.left < 0 ? -1 : removed[static_cast<std::size_t>(pair.left)];
        row.right = pair.right < 0 ? -1 : added[static_cast<std::size_t>(pair.right)];
        if (row.left >= 0 && row.right >= 0) {
            file.lines[static_cast<std::size_t>(row.left)].partner = row.right;
            file.lines[static_cast<std::size_t>(row.right)].partner = row.left;
        }
        file.sideBySide.push_back(row);
    }
}

/// How many lines without text lie before `line`.
int gapBeforeLine(const DiffTextFile& file, int line) {
    const auto it = std::lower_bound(file.gaps.begin(), file.gaps.end(), std::pair(line, 0));
    return it != file.gaps.end() && it->first == line ? it->second : 0;
}

void align(DiffTextFile& file) {
    const int count = static_cast<int>(file.lines.size());
    for (int i = 0; i < count;) {
        if (file.lines[static_cast<std::size_t>(i)].kind == Kind::Context) {
            file.sideBySide.push_back({i, i});
            ++i;
            continue;
        }
        int end = i + 1;
        while (end < count && file.lines[static_cast<std::size_t>(end)].kind != Kind::Context &&
               gapBeforeLine(file, end) == 0) {
            ++end;
        }
        alignBlock(file, i, end);
        i = end;
    }
}

DiffTextFile textFile(git::FileDiff&& diff) {
    DiffTextFile file;
    file.language = languageOf(diff.path());
    auto hunks = std::move(diff.hunks);
    diff.hunks.clear();
    file.info = std::move(diff);
    int nextOld = 1;
    int nextNew = 1;
    for (auto& hunk : hunks) {
        appendHunk(file, std::move(hunk), nextOld, nextNew);
    }
    lex(file);
    align(file);
    return file;
}

/// Lays out the lines of one file.
class FileRows {
public:
    FileRows(const DiffTextFile& file, int index, const DiffLayoutOptions& options, const OpenedFolds& opened,
             std::vector<DiffRow>& rows)
        : m_file(file)
        , m_index(index)
        , m_options(options)
        , m_opened(opened)
        , m_rows(rows) {}

    void run() {
        const auto& pairs = m_file.sideBySide;
        for (std::size_t i = 0; i < pairs.size();) {
            std::size_t end = i + 1;
            const bool equal = isEqual(i);
            while (end < pairs.size() && isEqual(end) == equal && gapBefore(end) == 0) {
                ++end;
            }
            addGap(i);
            equal ? addEqual(i, end) : addChanged(i, end);
            i = end;
        }
    }

private:
    [[nodiscard]] bool isEqual(std::size_t row) const {
        return m_file.sideBySide[row].left == m_file.sideBySide[row].right;
    }
    [[nodiscard]] int firstLine(std::size_t row) const {
        const auto& pair = m_file.sideBySide[row];
        return pair.left < 0 ? pair.right : pair.right < 0 ? pair.left : std::min(pair.left, pair.right);
    }
    [[nodiscard]] int gapBefore(std::size_t row) const { return gapBeforeLine(m_file, firstLine(row)); }
    void addGap(std::size_t row) {
        if (const int count = gapBefore(row); count > 0) {
            m_rows.push_back({DiffRow::Kind::Fold, m_index, -1, -1, count, -1});
        }
    }
    void addLine(int left, int right) {
        m_rows.push_back({DiffRow::Kind::Line, m_index, left, right, 0, -1});
    }

    void addEqual(std::size_t begin, std::size_t end) {
        const auto context = static_cast<std::size_t>(m_options.context);
        const std::size_t keepHead = begin == 0 || gapBefore(begin) > 0 ? 0 : context;
        const std::size_t keepTail = end == m_file.sideBySide.size() || gapBefore(end) > 0 ? 0 : context;
        const std::size_t count = end - begin;
        // A single hidden line would take more room than it saves.
        const bool fold = m_options.onlyChanges && count > keepHead + keepTail + 1;
        const std::size_t hideBegin = begin + keepHead;
        const std::size_t hideEnd = end - keepTail;
        for (std::size_t i = begin; i < end; ++i) {
            if (fold && i == hideBegin && !m_opened.contains({m_index, firstLine(i)})) {
                m_rows.push_back({DiffRow::Kind::Fold, m_index, -1, -1, static_cast<int>(hideEnd - hideBegin),
                                  firstLine(i)});
                i = hideEnd - 1;
                continue;
            }
            addLine(m_file.sideBySide[i].left, m_file.sideBySide[i].right);
        }
    }

    void addChanged(std::size_t begin, std::size_t end) {
        if (m_options.mode == DiffMode::SideBySide) {
            for (std::size_t i = begin; i < end; ++i) {
                addLine(m_file.sideBySide[i].left, m_file.sideBySide[i].right);
            }
            return;
        }
        for (std::size_t i = begin; i < end; ++i) {
            if (m_file.sideBySide[i].left >= 0) {
                addLine(m_file.sideBySide[i].left, -1);
            }
        }
        for (std::size_t i = begin; i < end; ++i) {
            if (m_file.sideBySide[i].right >= 0) {
                addLine(-1, m_file.sideBySide[i].right);
            }
        }
    }

    const DiffTextFile& m_file;
    int m_index;
    const DiffLayoutOptions& m_options;
    const OpenedFolds& m_opened;
    std::vector<DiffRow>& m_rows;
};

}  // namespace

DiffDocument::DiffDocument(std::vector<git::FileDiff> files) {
    m_files.reserve(files.size());
    for (auto& file : files) {
        m_added += file.added;
        m_removed += file.removed;
        m_files.push_back(textFile(std::move(file)));
    }
}

std::vector<DiffRow> layOutDiff(const DiffDocument& document, const DiffLayoutOptions& options,
                                const OpenedFolds& opened) {
    std::vector<DiffRow> rows;
    for (int i = 0; i < static_cast<int>(document.files().size()); ++i) {
        if (options.onlyFile >= 0 && options.onlyFile != i) {
            continue;
        }
        const auto& file = document.files()[static_cast<std::size_t>(i)];
        if (options.headings) {
            rows.push_back({DiffRow::Kind::File, i, -1, -1, 0, -1});
        }
        if (file.lines.empty()) {
            rows.push_back({DiffRow::Kind::Message, i, -1, -1, 0, -1});
        } else {
            FileRows(file, i, options, opened, rows).run();
        }
    }
    return rows;
}

int columnsOf(std::string_view text, int tabWidth) {
    int columns = 0;
    for (const char c : text) {
        if (c == '\t') {
            columns += tabWidth - columns % tabWidth;
        } else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80) {  // not a continuation byte of UTF-8
            ++columns;
        }
    }
    return columns;
}

}  // namespace runglass::ui
