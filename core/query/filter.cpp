// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/query/filter.h"

#include "lexer.h"
#include "node.h"
#include "parser.h"

namespace runglass::query {

std::variant<Filter, FilterError> Filter::parse(std::string_view text) {
    Parser parser(text);
    if (parser.atEnd()) {
        return Filter();
    }
    auto root = parser.parseFilter();
    if (!root) {
        return parser.error();
    }
    Filter filter;
    filter.m_root = std::make_shared<const Node>(std::move(*root));
    return filter;
}

bool Filter::matches(const model::RunRecord& run, std::int64_t nowMs) const {
    return !m_root || m_root->matches(run, nowMs);
}

}  // namespace runglass::query
