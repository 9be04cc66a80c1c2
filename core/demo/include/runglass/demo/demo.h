// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include "runglass/base/result.h"

namespace runglass::demo {

/// Says what happens: `step` of `steps` with a line for people. Called on the calling thread.
using DemoProgress = std::function<void(int step, int steps, const std::string& what)>;

/// Makes a git project in `folder` (which must not exist or be empty), commits several versions of a training
/// script and really trains with them as tracked runs. About a minute. A folder that already holds the
/// finished demo is left as it is.
Result<void> makeDemo(const std::filesystem::path& folder, const DemoProgress& progress = {},
                      std::stop_token stop = {});

}  // namespace runglass::demo
