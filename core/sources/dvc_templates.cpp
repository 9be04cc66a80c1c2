// SPDX-License-Identifier: GPL-3.0-or-later
#include "dvc_templates.h"

#include "runglass/base/text.h"

namespace runglass::sources {

void DvcNames::add(const std::vector<model::Variable>& values) {
    for (const auto& [name, value] : values) {
        m_values.emplace(name, value);
    }
}

std::optional<std::string> DvcNames::resolve(std::string_view text) const {
    constexpr std::size_t kMaxBytes = 64U << 10U;
    std::string resolved;
    for (auto open = text.find("${"); open != std::string_view::npos; open = text.find("${")) {
        const auto close = text.find('}', open);
        const auto name =
            trimmed(text.substr(open + 2, close == std::string_view::npos ? close : close - open - 2));
        const auto known = m_values.find(name);
        if (close == std::string_view::npos || known == m_values.end() || resolved.size() > kMaxBytes) {
            return std::nullopt;
        }
        resolved += text.substr(0, open);
        resolved += known->second;
        text.remove_prefix(close + 1);
    }
    resolved += text;
    return resolved;
}

/// The literal pieces are looked for from left to right, as with the `*` of a shell.
bool fitsDvcTemplate(std::string_view path, std::string_view pattern) {
    bool first = true;
    for (auto open = pattern.find("${"); open != std::string_view::npos; open = pattern.find("${")) {
        const auto close = pattern.find('}', open);
        const auto literal = pattern.substr(0, open);
        const auto at = path.find(literal);
        if (close == std::string_view::npos || at == std::string_view::npos || (first && at != 0)) {
            return false;
        }
        path.remove_prefix(at + literal.size());
        pattern.remove_prefix(close + 1);
        first = false;
    }
    return first ? path == pattern : path.ends_with(pattern);
}

}  // namespace runglass::sources
