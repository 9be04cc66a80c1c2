// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"

namespace runglass::sources {

/// The values of a YAML document that is one value or one list of values, as text; none for null. Bounded
/// like config::flattenYaml().
Result<std::vector<std::string>> yamlValues(std::string_view document);

}  // namespace runglass::sources
