// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

namespace runglass::jobs {

/// Gives up a hold on something large from a thread that must not wait: freeing the records of 100,000 runs
/// takes many frames. Another thread does it soon after, if this was the last hold.
void letGo(std::shared_ptr<const void> value);

}  // namespace runglass::jobs
