// SPDX-License-Identifier: GPL-3.0-or-later
#include "dvc_templates.h"

#include <algorithm>

#include "runglass/base/text.h"

namespace runglass::sources {

DvcNames DvcNames::within(const DvcNames& around, const std::vector<model::Variable>& values) {
    DvcNames names;
    names.add(values);
    names.m_around = &around;
    return names;
}

const std::string* DvcNames::find(std::string_view name) const {
    const auto known = m_values.find(name);
    if (known != m_values.end()) {
        return &known->second;
    }
    return m_around == nullptr ? nullptr : m_around->find(name);
}

void DvcNames::add(const std::vector<model::Variable>& values) {
    for (const auto& [name, value] : values) {
        if (find(name) == nullptr) {
            m_values.emplace(name, value);
        }
    }
}

std::vector<model::Variable> DvcNames::below(std::string_view name) const {
    const auto prefix = std::string(name) + '.';
    std::vector<model::Variable> values;
    for (auto at = m_values.lower_bound(prefix); at != m_values.end() && at->first.starts_with(prefix);
         ++at) {
        values.emplace_back(at->first.substr(prefix.size()), at->second);
    }
    std::ranges::stable_sort(values, {}, [](const model::Variable& value) {
        return parseInt(std::string_view(value.first).substr(0, value.first.find('.'))).value_or(0);
    });
    if (values.empty() && m_around != nullptr) {
        return m_around->below(name);
    }
    return values;
}

std::optional<std::string> DvcNames::resolve(std::string_view text) const {
    constexpr std::size_t kMaxBytes = 64U << 10U;
    std::string resolved;
    for (auto open = text.find("${"); open != std::string_view::npos; open = text.find("${")) {
        const auto close = text.find('}', open);
        const auto name =
            trimmed(text.substr(open + 2, close == std::string_view::npos ? close : close - open - 2));
        const auto* const known = find(name);
        if (close == std::string_view::npos || known == nullptr || resolved.size() > kMaxBytes) {
            return std::nullopt;
        }
        resolved += text.substr(0, open);
        resolved += *known;
        text.remove_prefix(close + 1);
    }
    resolved += text;
    return resolved;
}

void flattenDvcValues(const YamlTree& tree, const std::string& key, std::vector<model::Variable>& values) {
    constexpr std::size_t kMost = 10'000;
    if (values.size() >= kMost) {
        return;
    }
    for (std::size_t i = 0; i < tree.items.size(); ++i) {
        const auto name = tree.isMap() ? tree.keys[i] : std::to_string(i);
        auto below = key;
        below += key.empty() ? "" : ".";
        below += name;
        flattenDvcValues(tree.items[i], below, values);
    }
    if (tree.items.empty()) {
        values.emplace_back(key, tree.isText()   ? tree.text
                                 : tree.isMap()  ? "{}"
                                 : tree.isList() ? "[]"
                                                 : "null");
    }
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
