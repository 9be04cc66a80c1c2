// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "runglass/base/clock.h"
#include "runglass/store/catalog_change.h"

namespace runglass::tracking {

using What = store::CatalogEdit::What;

/// An edit of this moment.
inline store::CatalogEdit editOf(What what, std::string_view of, std::int64_t number = 0) {
    store::CatalogEdit edit;
    edit.what = what;
    edit.of = of;
    edit.number = number;
    edit.timeMs = nowMs();
    return edit;
}
inline store::CatalogEdit editOf(What what, std::string_view of, std::int64_t number, std::string_view key,
                                 std::string_view value) {
    auto edit = editOf(what, of, number);
    edit.key = key;
    edit.value = value;
    return edit;
}

inline bool hasKey(const std::vector<model::Variable>& pairs, std::string_view key) {
    return std::any_of(pairs.begin(), pairs.end(), [&](const auto& pair) { return pair.first == key; });
}

}  // namespace runglass::tracking
