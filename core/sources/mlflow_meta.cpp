// SPDX-License-Identifier: GPL-3.0-or-later
#include "mlflow_meta.h"

#include <algorithm>

#include "runglass/base/text.h"
#include "runglass/config/flatten.h"

namespace runglass::sources {
namespace {

/// A single-quoted scalar that ends on its line: '' stands for one quote. Nothing otherwise.
std::optional<std::string> unquoted(std::string_view text) {
    std::string value;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] != '\'') {
            value += text[i];
        } else if (i + 1 == text.size()) {
            return value;
        } else if (text[++i] == '\'') {
            value += '\'';
        } else {
            return std::nullopt;
        }
    }
    return std::nullopt;
}

/// Characters that begin something other than a plain scalar, or that may end one early.
bool isPlain(std::string_view value) {
    return std::string_view("\"'[]{}|>&*!%@`#,?-:").find(value.front()) == std::string_view::npos &&
           value.find(" #") == std::string_view::npos && value.find(": ") == std::string_view::npos &&
           value.back() != ':';
}

bool isNull(std::string_view value) {
    return value.empty() || value == "null" || value == "~" || value == "Null" || value == "NULL";
}

}  // namespace

Result<MlflowMeta> MlflowMeta::parse(std::string_view content) {
    MlflowMeta meta;
    if (!meta.parseFlat(content)) {
        RUNGLASS_ASSIGN(meta.m_values, config::flattenYaml(content));
    }
    return meta;
}

bool MlflowMeta::parseFlat(std::string_view content) {
    m_values.reserve(16);
    while (!content.empty()) {
        const auto end = content.find('\n');
        auto line = content.substr(0, end);
        content = end == std::string_view::npos ? std::string_view() : content.substr(end + 1);
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        if (line.empty()) {
            continue;
        }
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || colon == 0 || !isPlain(line.substr(0, colon)) ||
            line.front() == ' ' || line.front() == '\t' || line.front() == '.') {
            return false;
        }
        const auto value = trimmed(line.substr(colon + 1));
        std::string text;
        if (value == "[]" || value == "{}" || isNull(value)) {
            // an empty value with lines below it is seen at those lines, which begin with a space or a dash
        } else if (value.front() == '\'') {
            auto plain = unquoted(value);
            if (!plain) {
                return false;
            }
            text = std::move(*plain);
        } else if (isPlain(value) && line[colon + 1] == ' ') {
            text = value;
        } else {
            return false;
        }
        m_values.emplace_back(line.substr(0, colon), std::move(text));
    }
    return true;
}

std::string_view MlflowMeta::text(std::string_view key) const {
    const auto found =
        std::find_if(m_values.begin(), m_values.end(), [&](const auto& pair) { return pair.first == key; });
    return found == m_values.end() || isNull(found->second) ? std::string_view()
                                                            : std::string_view(found->second);
}

bool MlflowMeta::has(std::string_view key) const {
    return std::any_of(m_values.begin(), m_values.end(), [&](const auto& pair) { return pair.first == key; });
}

std::optional<std::int64_t> MlflowMeta::integer(std::string_view key) const {
    return parseInt(text(key));
}

std::vector<std::pair<std::string, std::string>> MlflowMeta::below(std::string_view prefix) const {
    std::vector<std::pair<std::string, std::string>> found;
    for (const auto& [key, value] : m_values) {
        if (key.size() > prefix.size() && key.starts_with(prefix) && key[prefix.size()] == '.') {
            found.emplace_back(key.substr(prefix.size() + 1), value);
        }
    }
    return found;
}

}  // namespace runglass::sources
