// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runglass::launch {

/// The numbers of a JSON object or of a printed Python dict (`{'loss': 0.5, 'epoch': 1.0}`) with their text;
/// nested keys are joined with `/`. Lists, text, booleans and null are passed over. Nothing when `text` is
/// not exactly one such value.
using DictNumbers = std::vector<std::pair<std::string, std::string>>;
std::optional<DictNumbers> parseDictLine(std::string_view text);

}  // namespace runglass::launch
