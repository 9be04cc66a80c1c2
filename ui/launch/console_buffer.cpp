// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/launch/console_buffer.h"

#include <algorithm>

namespace runglass::ui {

namespace {

constexpr std::size_t kMaxStyles = 4'096;

void searchLine(const ConsoleLine& line, std::size_t number, const QString& needle, std::size_t limit,
                std::vector<ConsoleHit>& hits) {
    for (auto at = line.text.indexOf(needle, 0, Qt::CaseInsensitive); at >= 0 && hits.size() < limit;
         at = line.text.indexOf(needle, at + needle.size(), Qt::CaseInsensitive)) {
        hits.push_back({number, static_cast<int>(at)});
    }
}

}  // namespace

ConsoleBuffer::ConsoleBuffer()
    : m_parser(*this)
    , m_styles(1) {}

void ConsoleBuffer::append(const launch::ConsoleChunk& chunk) {
    m_chunkTimeMs = chunk.timeMs;
    m_chunkIsError = chunk.stream == launch::Stream::Err;
    m_bytes += chunk.bytes.size();
    m_composedValid = false;
    m_parser.parse(chunk.bytes);
}

void ConsoleBuffer::clear() {
    m_parser = AnsiParser(*this);
    m_blocks.clear();
    m_current.clear();
    m_frozen = 0;
    m_column = 0;
    m_widest = 0;
    m_bytes = 0;
    m_styles.resize(1);
    m_composedValid = false;
}

const ConsoleLine& ConsoleBuffer::line(std::size_t index) const {
    if (index < m_frozen) {
        return (*m_blocks[index / kBlockLines])[index % kBlockLines];
    }
    if (!m_composedValid) {
        m_composed = composed();
        m_composedValid = true;
    }
    return m_composed;
}

void ConsoleBuffer::print(char32_t character, const AnsiStyle& style) {
    if (m_column >= kMaxLineCharacters) {
        lineFeed();
    }
    if (m_current.empty()) {
        m_currentTimeMs = m_chunkTimeMs;
        m_currentIsError = m_chunkIsError;
    }
    if (m_column >= m_current.size()) {
        m_current.resize(m_column + 1);
    }
    m_current[m_column] = {character, styleIndex(style)};
    ++m_column;
}

void ConsoleBuffer::lineFeed() {
    if (m_current.empty()) {
        m_currentTimeMs = m_chunkTimeMs;
        m_currentIsError = m_chunkIsError;
    }
    if (m_blocks.empty() || m_blocks.back()->size() == kBlockLines) {
        m_blocks.push_back(std::make_shared<Block>());
        m_blocks.back()->reserve(kBlockLines);
    }
    auto line = composed();
    m_widest = std::max(m_widest, static_cast<int>(line.text.size()));
    m_blocks.back()->push_back(std::move(line));
    ++m_frozen;
    m_current.clear();
    m_column = 0;
}

void ConsoleBuffer::tab() {
    constexpr std::size_t kTab = 8;
    const std::size_t target = (m_column / kTab + 1) * kTab;
    while (m_column < target) {
        print(U' ', {});
    }
}

void ConsoleBuffer::eraseLine(int mode) {
    const auto cursor = std::min(m_column, m_current.size());
    if (mode == 0) {
        m_current.resize(cursor);
    } else {
        const auto end = mode == 1 ? std::min(m_column + 1, m_current.size()) : m_current.size();
        std::fill(m_current.begin(), m_current.begin() + static_cast<std::ptrdiff_t>(end), Cell{});
    }
}

void ConsoleBuffer::moveToColumn(int column) {
    m_column = std::min(static_cast<std::size_t>(std::max(column, 0)), kMaxLineCharacters - 1);
}

void ConsoleBuffer::moveColumns(int by) {
    moveToColumn(static_cast<int>(m_column) + by);
}

std::uint16_t ConsoleBuffer::styleIndex(const AnsiStyle& style) {
    // Programs use a handful; the last one is nearly always the one.
    const auto it = std::find(m_styles.rbegin(), m_styles.rend(), style);
    if (it != m_styles.rend()) {
        return static_cast<std::uint16_t>(std::distance(it, m_styles.rend()) - 1);
    }
    if (m_styles.size() >= kMaxStyles) {
        return 0;
    }
    m_styles.push_back(style);
    return static_cast<std::uint16_t>(m_styles.size() - 1);
}

ConsoleLine ConsoleBuffer::composed() const {
    ConsoleLine line;
    line.timeMs = m_currentTimeMs;
    line.isError = m_currentIsError;
    line.text.reserve(static_cast<qsizetype>(m_current.size()));
    std::uint16_t style = 0;
    for (const auto& cell : m_current) {
        if (cell.style != style) {
            line.runs.push_back({static_cast<int>(line.text.size()), cell.style});
            style = cell.style;
        }
        if (QChar::requiresSurrogates(cell.character)) {
            line.text += QChar(QChar::highSurrogate(cell.character));
            line.text += QChar(QChar::lowSurrogate(cell.character));
        } else {
            line.text += QChar(static_cast<char16_t>(cell.character));
        }
    }
    return line;
}

std::vector<std::shared_ptr<const ConsoleBuffer::Block>> ConsoleBuffer::fullBlocks() const {
    return {m_blocks.begin(), m_blocks.begin() + static_cast<std::ptrdiff_t>(m_frozen / kBlockLines)};
}

std::vector<ConsoleHit> ConsoleBuffer::search(const std::vector<std::shared_ptr<const Block>>& blocks,
                                              const QString& needle, std::size_t limit,
                                              std::stop_token stop) {
    std::vector<ConsoleHit> hits;
    std::size_t number = 0;
    for (const auto& block : blocks) {
        if (stop.stop_requested() || needle.isEmpty() || hits.size() >= limit) {
            break;
        }
        for (const auto& line : *block) {
            searchLine(line, number, needle, limit, hits);
            ++number;
        }
    }
    return hits;
}

std::vector<ConsoleHit> ConsoleBuffer::searchTail(const QString& needle, std::size_t limit) const {
    std::vector<ConsoleHit> hits;
    for (std::size_t i = m_frozen / kBlockLines * kBlockLines; i < lineCount() && !needle.isEmpty(); ++i) {
        searchLine(line(i), i, needle, limit, hits);
    }
    return hits;
}

}  // namespace runglass::ui
