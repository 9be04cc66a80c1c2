// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace runglass {

/// `%41` to `A` (RFC 3986 §2.1). A broken escape stays as it is.
std::string percentDecoded(std::string_view text);

}  // namespace runglass
