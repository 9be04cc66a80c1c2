// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <vector>

#include "runglass/launch/console_log.h"
#include "runglass/ui/launch/ansi_parser.h"

namespace runglass::ui {

/// A stretch of a line in one style.
struct ConsoleRun {
    int begin = 0;  ///< UTF-16 units
    std::uint16_t style = 0;
};

struct ConsoleLine {
    QString text;
    std::vector<ConsoleRun> runs;  ///< empty: all in the default style
    std::int64_t timeMs = 0;       ///< when its first byte came
    bool isError = false;          ///< from standard error
};

struct ConsoleHit {
    std::size_t line = 0;
    int column = 0;
};

/// The lines of a console in blocks. Full blocks never change again and are shared, so that a search job can
/// read them while new lines come. GUI thread, except for the static search.
class ConsoleBuffer final : private AnsiSink {
public:
    static constexpr std::size_t kBlockLines = 4'096;
    /// A line without an end is broken here: binary rubbish must not become one line of a gigabyte.
    static constexpr std::size_t kMaxLineCharacters = 8'192;
    using Block = std::vector<ConsoleLine>;

    ConsoleBuffer();
    void append(const launch::ConsoleChunk& chunk);
    void clear();

    /// Counts the line that is being printed, if anything of it is there.
    [[nodiscard]] std::size_t lineCount() const { return m_frozen + (m_current.empty() ? 0 : 1); }
    [[nodiscard]] const ConsoleLine& line(std::size_t index) const;
    [[nodiscard]] const AnsiStyle& style(std::uint16_t index) const { return m_styles[index]; }
    /// Longest line so far, in UTF-16 units.
    [[nodiscard]] int widestLine() const { return m_widest; }
    [[nodiscard]] std::uint64_t byteCount() const { return m_bytes; }

    /// The blocks that are full by now, for a search on another thread.
    [[nodiscard]] std::vector<std::shared_ptr<const Block>> fullBlocks() const;
    /// Hits of `needle` in blocks, ignoring case, from line number `firstLine` on; at most `limit`.
    static std::vector<ConsoleHit> search(const std::vector<std::shared_ptr<const Block>>& blocks,
                                          const QString& needle, std::size_t limit, std::stop_token stop);
    /// Hits in the lines that are not in full blocks.
    [[nodiscard]] std::vector<ConsoleHit> searchTail(const QString& needle, std::size_t limit) const;

private:
    struct Cell {
        char32_t character = U' ';
        std::uint16_t style = 0;
    };

    void print(char32_t character, const AnsiStyle& style) override;
    void lineFeed() override;
    void carriageReturn() override { m_column = 0; }
    void backspace() override { m_column -= m_column > 0 ? 1 : 0; }
    void tab() override;
    void eraseLine(int mode) override;
    void moveToColumn(int column) override;
    void moveColumns(int by) override;

    std::uint16_t styleIndex(const AnsiStyle& style);
    [[nodiscard]] ConsoleLine composed() const;

    AnsiParser m_parser;
    std::vector<std::shared_ptr<Block>> m_blocks;
    std::size_t m_frozen = 0;  ///< finished lines
    std::vector<Cell> m_current;
    std::size_t m_column = 0;
    std::int64_t m_currentTimeMs = 0;
    bool m_currentIsError = false;
    std::int64_t m_chunkTimeMs = 0;
    bool m_chunkIsError = false;
    std::vector<AnsiStyle> m_styles;
    int m_widest = 0;
    std::uint64_t m_bytes = 0;
    mutable ConsoleLine m_composed;  ///< of the current line, made when asked for
    mutable bool m_composedValid = false;
};

}  // namespace runglass::ui
