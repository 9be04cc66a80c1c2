// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace runglass::cli {

/// Columns that valid UTF-8 text takes on a terminal (Unicode East Asian Width; combining marks take none).
std::size_t textWidth(std::string_view text);

/// Text from a project made safe to print: invalid UTF-8, control characters and bidirectional overrides
/// become U+FFFD, so that it can neither move the cursor nor hide what follows. Line ends become a blank.
std::string printable(std::string_view text);

/// At most `width` columns of `text`, the last being `…` when something was cut.
std::string elided(const std::string& text, std::size_t width);

}  // namespace runglass::cli
