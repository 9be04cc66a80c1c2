// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace runglass::ui {

/// A colour as a program asks for it; the theme decides what 0 … 15 look like.
struct AnsiColor {
    enum class Kind : std::uint8_t { Default, Palette, Rgb };
    Kind kind = Kind::Default;
    std::uint32_t value = 0;  ///< 0 … 255, or 0xRRGGBB
    friend bool operator==(const AnsiColor&, const AnsiColor&) = default;
};

struct AnsiStyle {
    AnsiColor foreground;
    AnsiColor background;
    bool bold = false;
    bool faint = false;
    bool italic = false;
    bool underline = false;
    bool inverse = false;
    friend bool operator==(const AnsiStyle&, const AnsiStyle&) = default;
};

/// Takes what AnsiParser finds in a stream.
class AnsiSink {
public:
    virtual ~AnsiSink() = default;
    virtual void print(char32_t character, const AnsiStyle& style) = 0;
    virtual void lineFeed() = 0;
    virtual void carriageReturn() = 0;
    virtual void backspace() = 0;
    virtual void tab() = 0;
    /// CSI K: 0 from the cursor to the end, 1 from the start to the cursor, 2 the whole line.
    virtual void eraseLine(int mode) = 0;
    /// 0-based.
    virtual void moveToColumn(int column) = 0;
    virtual void moveColumns(int by) = 0;
};

/// Reads bytes of a terminal in pieces of any size: UTF-8 (each wrong byte becomes U+FFFD), the control
/// characters and the sequences of ECMA-48 that matter on a line. Titles, links, cursor moves between lines
/// and unknown sequences are swallowed. Keeps its state between calls; memory is bounded.
class AnsiParser {
public:
    explicit AnsiParser(AnsiSink& sink)
        : m_sink(&sink) {}
    void parse(std::string_view bytes);

private:
    enum class State : std::uint8_t { Text, Escape, Csi, String, StringEscape, Charset };

    void parseByte(unsigned char byte);
    void text(unsigned char byte);
    void control(unsigned char byte);
    void continueCharacter(unsigned char byte);
    void escape(unsigned char byte);
    void csi(unsigned char byte);
    void finishCsi(unsigned char final);
    void selectGraphics();
    std::size_t extendedColor(std::size_t at, AnsiColor& color) const;
    void selectSimple(int code);
    [[nodiscard]] int parameter(std::size_t index, int fallback) const;

    AnsiSink* m_sink;
    State m_state = State::Text;
    AnsiStyle m_style;
    std::vector<int> m_parameters;
    bool m_private = false;  ///< CSI with `?` and the like
    std::string m_partial;   ///< of a UTF-8 character
};

}  // namespace runglass::ui
