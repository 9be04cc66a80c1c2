// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/sources/format.h"

#include "registered.h"

namespace runglass::sources {

std::span<const std::unique_ptr<const Format>> formats() {
    static const std::vector<std::unique_ptr<const Format>> all = [] {
        std::vector<std::unique_ptr<const Format>> made;
#define RUNGLASS_MAKE_FORMAT(name) made.push_back(make##name());
        RUNGLASS_FORMATS(RUNGLASS_MAKE_FORMAT)
#undef RUNGLASS_MAKE_FORMAT
        return made;
    }();
    return all;
}

Result<std::string> Reader::console(std::string_view /*key*/) {
    return std::string();
}

}  // namespace runglass::sources
