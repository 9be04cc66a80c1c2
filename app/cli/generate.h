// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

// What is made from the command table for other programs, at build time.
namespace runglass::cli {

/// The beginning of runglass(1) in man(7): name, synopsis, commands and options. packaging/man adds the rest.
std::string manualPage();
std::string bashCompletion();
std::string zshCompletion();

}  // namespace runglass::cli
