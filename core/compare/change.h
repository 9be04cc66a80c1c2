// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

namespace runglass::compare {

/// The way from one value to another, in a few words: `added`, `removed`, `on`, `off`, `× 3`, `÷ 10`, `+1`,
/// `-0.05`, `same number` (`1e-3` and `0.001`). Empty when the values are the same or words would not help.
std::string changeWords(const std::optional<std::string>& before, const std::optional<std::string>& after);

/// The same for versions: the first part that differs is `major`, `minor`, `patch`, or `build` for what
/// follows, with `older` where it went back.
std::string versionChangeWords(const std::optional<std::string>& before,
                               const std::optional<std::string>& after);

}  // namespace runglass::compare
