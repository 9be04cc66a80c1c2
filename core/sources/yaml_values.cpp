// SPDX-License-Identifier: GPL-3.0-or-later
#include "yaml_values.h"

#include "runglass/base/text.h"
#include "runglass/config/flatten.h"

namespace runglass::sources {

Result<std::vector<std::string>> yamlValues(std::string_view document) {
    // A document at the top has no name to be flattened under; it gets one.
    const auto body = trimmed(document);
    const bool isList = body.starts_with("- ") || body.starts_with("-\n");
    std::string named = isList ? "v:\n" : "v: ";
    named += toValidUtf8(body);
    RUNGLASS_ASSIGN(auto flat, config::flattenYaml(named));
    std::vector<std::string> values;
    values.reserve(flat.size());
    for (auto& [key, value] : flat) {
        const bool empty = value == "null" || value == "[]" || value == "{}";
        if (!empty) {
            values.push_back(std::move(value));
        }
    }
    return values;
}

}  // namespace runglass::sources
