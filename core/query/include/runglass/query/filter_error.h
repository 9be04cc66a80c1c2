// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>

namespace runglass::query {

/// A mistake in a filter: byte position (0-based) and length in the text, and a message for people
/// ("After `>` a number is expected, found `adam`. Example: metrics.val_acc > 0.9").
struct FilterError {
    std::size_t position = 0;
    std::size_t length = 0;
    std::string message;
};

}  // namespace runglass::query
