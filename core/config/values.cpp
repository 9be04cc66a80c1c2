// SPDX-License-Identifier: GPL-3.0-or-later
#include "values.h"

#include "runglass/config/flatten.h"

#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::config {

ConfigValues::Scope::Scope(ConfigValues& values, std::string_view name)
    : m_values(values)
    , m_lengthBefore(values.m_key.size()) {
    if (!values.m_key.empty()) {
        values.m_key += values.m_separator;
    }
    values.m_key += name;
    ++values.m_depth;
}

ConfigValues::Scope::Scope(ConfigValues& values)
    : m_values(values)
    , m_lengthBefore(values.m_key.size()) {
    ++values.m_depth;
}

ConfigValues::Scope::~Scope() {
    m_values.m_key.resize(m_lengthBefore);
    --m_values.m_depth;
}

Result<void> ConfigValues::visit() {
    ++m_visits;
    if (m_depth > kMaxDepth) {
        return Error{ErrorCode::TooLarge, tr("It is nested more than {} levels deep.", kMaxDepth), {}};
    }
    if (m_visits > kMaxVisits) {
        return Error{ErrorCode::TooLarge, tr("Its aliases expand to more than {} nodes.", kMaxVisits), {}};
    }
    return {};
}

Result<void> ConfigValues::add(std::string_view value, bool keepExisting) {
    m_textBytes += m_key.size() + value.size();
    if (m_values.size() >= kMaxValues || m_textBytes > kMaxTextBytes) {
        return Error{ErrorCode::TooLarge,
                     tr("It holds more than {} values: data rather than configuration.", kMaxValues),
                     {}};
    }
    const auto [place, isNew] = m_places.try_emplace(m_key, m_values.size());
    if (isNew) {
        m_values.emplace_back(m_key, value);
    } else if (!keepExisting) {
        m_values[place->second].second = value;
    }
    return {};
}

Result<std::vector<model::Variable>> flattenConfig(std::string_view content, std::string_view extension) {
    if (extension.starts_with('.')) {
        extension.remove_prefix(1);
    }
    if (content.starts_with("\xEF\xBB\xBF")) {
        content.remove_prefix(3);
    }
    if (!isValidUtf8(content)) {
        return Error{ErrorCode::Invalid, tr("It is not UTF-8 text."), {}};
    }
    if (extension == "yaml" || extension == "yml") {
        return flattenYaml(content);
    }
    if (extension == "json") {
        return flattenJson(content);
    }
    if (extension == "toml") {
        return flattenToml(content);
    }
    return Error{ErrorCode::Unsupported, tr("Only YAML, JSON and TOML are read, not `{}`.", extension), {}};
}

}  // namespace runglass::config
