// SPDX-License-Identifier: GPL-3.0-or-later
#include "values.h"

#include <algorithm>
#include <string>

#include "runglass/base/text.h"

namespace runglass::sources {

void keepLastOfEach(std::vector<model::KeyValue>& values) {
    std::stable_sort(values.begin(), values.end(),
                     [](const auto& a, const auto& b) { return a.key < b.key; });
    const auto sameKey = [](const auto& later, const auto& earlier) { return later.key == earlier.key; };
    const auto firstKept = std::unique(values.rbegin(), values.rend(), sameKey).base();
    values.erase(values.begin(), firstKept);
}

void addValues(std::vector<model::KeyValue>& values, std::span<const model::Variable> more,
               std::string_view prefix) {
    for (const auto& [key, value] : more) {
        values.push_back({Symbol(toValidUtf8(std::string(prefix) + key)), Symbol(toValidUtf8(value))});
    }
}

}  // namespace runglass::sources
