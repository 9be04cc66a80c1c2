// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

namespace runglass::cli {

/// To standard output, buffered.
void print(std::string_view text);
/// One line on standard error: `runglass: …`. What comes from a project is made safe for a terminal.
void complain(std::string_view message);
/// Writes out what is buffered. False, with a message, when standard output cannot take it (a full disk).
bool flushOutput();

/// Columns of the terminal behind standard output; 0 when it is none.
std::size_t terminalWidth();

}  // namespace runglass::cli
