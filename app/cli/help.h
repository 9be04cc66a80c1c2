// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "command.h"

namespace runglass::cli {

/// The overview of `runglass --help`.
std::string overviewHelp();
/// `runglass <command> --help`: what it does, examples first, then the options.
std::string commandHelp(const Command& command);
/// `runs [--filter EXPR] … RUN`, as in the help and the man page.
std::string usageLine(const Command& command);

/// Breaks `text` at blanks so that no line is longer than `width` columns; continuation lines are indented.
std::string wrapped(const std::string& text, std::size_t width, std::size_t indent);

}  // namespace runglass::cli
