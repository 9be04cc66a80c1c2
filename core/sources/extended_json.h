// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace runglass::sources {

/// Python's json module writes `NaN`, `Infinity` and `-Infinity`, which JSON does not have. Returns `json`
/// with these in quotes, so that a strict parser takes them and runglass::parseDouble() reads them.
std::string quoteBareNumbers(std::string_view json);

}  // namespace runglass::sources
