// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace runglass::ui {

/// What code and configuration files of machine-learning projects are mostly written in.
enum class Language : std::uint8_t { Plain, Python, Yaml, Json, Toml, Shell };

/// By the ending of a path.
Language languageOf(std::string_view path);

enum class SyntaxKind : std::uint8_t { Keyword, String, Number, Comment, Function, Type };

/// Half-open range of bytes of a line; what no span covers is plain text.
struct SyntaxSpan {
    int begin = 0;
    int end = 0;
    SyntaxKind kind = SyntaxKind::Keyword;
    friend bool operator==(const SyntaxSpan&, const SyntaxSpan&) = default;
};

/// State in which a line starts; 0 at the start of a file. Non-zero inside a string over several lines.
using SyntaxState = std::uint8_t;

/// Colours one line for reading. A small lexer, not a parser: it never fails, and wrong code is coloured as
/// far as it goes. Appends to `spans` where it is not null; returns the state of the next line.
SyntaxState highlightLine(Language language, std::string_view line, SyntaxState state,
                          std::vector<SyntaxSpan>* spans);

}  // namespace runglass::ui
