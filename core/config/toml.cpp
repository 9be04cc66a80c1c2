// SPDX-License-Identifier: GPL-3.0-or-later
#include <toml++/toml.h>

#include <sstream>

#include "runglass/base/translate.h"
#include "runglass/config/flatten.h"
#include "values.h"

namespace runglass::config {

namespace {

/// toml++ keeps values, not their text; the text is cut out of the file at the place that it reports.
class SourceText {
public:
    explicit SourceText(std::string_view content) {
        std::size_t start = 0;
        while (start <= content.size()) {
            const auto end = std::min(content.find('\n', start), content.size());
            m_lines.push_back(content.substr(start, end - start));
            start = end + 1;
        }
    }

    /// The number, boolean or date that starts at `position`; empty when it is not there.
    [[nodiscard]] std::string_view tokenAt(const toml::source_position& position) const {
        if (position.line < 1 || position.line > m_lines.size() || position.column < 1) {
            return {};
        }
        std::string_view line = m_lines[position.line - 1];
        for (toml::source_index column = 1; column < position.column && !line.empty(); ++column) {
            line.remove_prefix(1);  // columns count code points
            while (!line.empty() && (static_cast<unsigned char>(line.front()) & 0xC0U) == 0x80U) {
                line.remove_prefix(1);
            }
        }
        return line.substr(0, line.find_first_of(" \t\r,]}#"));
    }

private:
    std::vector<std::string_view> m_lines;
};

Result<void> flattenNode(const toml::node& node, const SourceText& source, ConfigValues& values) {
    RUNGLASS_TRY(values.visit());
    if (const auto* table = node.as_table()) {
        if (table->empty()) {
            return values.add("{}");
        }
        for (const auto& [key, child] : *table) {
            const ConfigValues::Scope scope(values, key.str());
            RUNGLASS_TRY(flattenNode(child, source, values));
        }
        return {};
    }
    if (const auto* array = node.as_array()) {
        if (array->empty()) {
            return values.add("[]");
        }
        for (std::size_t i = 0; i < array->size(); ++i) {
            const ConfigValues::Scope scope(values, std::to_string(i));
            RUNGLASS_TRY(flattenNode(*array->get(i), source, values));
        }
        return {};
    }
    if (const auto* text = node.as_string()) {
        return values.add(text->get());
    }
    if (node.is_number() || node.is_boolean()) {
        return values.add(source.tokenAt(node.source().begin));
    }
    std::ostringstream text;
    node.visit([&](const auto& value) { text << value; });
    return values.add(text.str());
}

}  // namespace

Result<std::vector<model::Variable>> flattenToml(std::string_view content) {
    try {
        const toml::table root = toml::parse(content);
        ConfigValues values;
        if (!root.empty()) {
            RUNGLASS_TRY(flattenNode(root, SourceText(content), values));
        }
        return values.take();
    } catch (const toml::parse_error& error) {
        return Error{ErrorCode::Invalid,
                     tr("Line {} is not valid TOML: {}.", error.source().begin.line, error.description()),
                     {}};
    }
}

}  // namespace runglass::config
