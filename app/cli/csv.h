// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace runglass::cli {

/// One record of RFC 4180 on standard output: fields quoted only where needed, bytes as they are, CRLF at the
/// end.
void printCsv(const std::vector<std::string>& fields);

}  // namespace runglass::cli
