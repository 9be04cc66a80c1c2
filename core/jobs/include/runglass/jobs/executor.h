// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

namespace runglass::jobs {

/// Takes a function and sees to it that it runs later on one particular thread, in order. The desktop's posts
/// to the GUI thread; a test's may run at once.
using Executor = std::function<void(std::function<void()>)>;

}  // namespace runglass::jobs
