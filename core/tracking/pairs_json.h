// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

#include "json_out.h"
#include "runglass/model/run_detail.h"

namespace runglass::tracking {

/// `{"key": …, "value": …}`
inline void writePair(JsonOut& out, std::string_view key, std::string_view value) {
    out.beginObject();
    out.text("key", key);
    out.text("value", value);
    out.endObject();
}

/// A list of these; left out when it is empty.
inline void writePairs(JsonOut& out, std::string_view name, const std::vector<model::Variable>& pairs) {
    if (pairs.empty()) {
        return;
    }
    out.beginArray(name);
    for (const auto& [key, value] : pairs) {
        writePair(out, key, value);
    }
    out.endArray();
}

}  // namespace runglass::tracking
