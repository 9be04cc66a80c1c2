// SPDX-License-Identifier: GPL-3.0-or-later
#include <yaml-cpp/yaml.h>

#include "runglass/base/translate.h"
#include "runglass/config/flatten.h"
#include "values.h"

namespace runglass::config {

namespace {

/// Walks over a document once, in one style.
class Flattener {
public:
    explicit Flattener(FlattenStyle style)
        : m_style(style)
        , m_values(style == FlattenStyle::Dotted ? '.' : '/') {}

    Result<void> node(const YAML::Node& node, bool keepExisting = false) {
        RUNGLASS_TRY(m_values.visit());
        switch (node.Type()) {
            case YAML::NodeType::Map:
                return node.size() == 0 ? m_values.add("{}", keepExisting) : mapping(node, keepExisting);
            case YAML::NodeType::Sequence:
                return node.size() == 0 ? m_values.add("[]", keepExisting) : sequence(node, keepExisting);
            case YAML::NodeType::Scalar:
                return m_values.add(node.Scalar(), keepExisting);
            case YAML::NodeType::Null:
                return m_values.add(nullText(), keepExisting);
            case YAML::NodeType::Undefined:
                break;
        }
        return {};
    }
    [[nodiscard]] std::vector<model::Variable> take() { return m_values.take(); }

private:
    [[nodiscard]] std::string_view nullText() const {
        return m_style == FlattenStyle::Dotted ? "null" : "None";
    }

    Result<void> mapping(const YAML::Node& node, bool keepExisting) {
        for (const auto& entry : node) {
            if (!entry.first.IsScalar() || entry.first.Scalar() == "<<") {
                continue;
            }
            const ConfigValues::Scope scope(m_values, entry.first.Scalar());
            RUNGLASS_TRY(this->node(entry.second, keepExisting));
        }
        for (const auto& entry : node) {
            if (entry.first.IsScalar() && entry.first.Scalar() == "<<") {
                RUNGLASS_TRY(merge(entry.second));
            }
        }
        return {};
    }

    /// `<<: *base` or `<<: [*a, *b]`: the keys of the other mappings, where the own ones do not have them
    /// (https://yaml.org/type/merge.html).
    Result<void> merge(const YAML::Node& merged) {
        const ConfigValues::Scope level(m_values);  // an alias may lead back to where it stands
        if (!merged.IsSequence()) {
            return node(merged, true);
        }
        for (const auto& item : merged) {
            RUNGLASS_TRY(m_values.visit());
            RUNGLASS_TRY(node(item, true));
        }
        return {};
    }

    Result<void> sequence(const YAML::Node& node, bool keepExisting) {
        if (m_style == FlattenStyle::Lightning) {
            std::string text;
            RUNGLASS_TRY(appendText(node, text, 0));
            return m_values.add(text, keepExisting);
        }
        std::size_t index = 0;
        for (const auto& item : node) {
            const ConfigValues::Scope scope(m_values, std::to_string(index));
            RUNGLASS_TRY(this->node(item, keepExisting));
            ++index;
        }
        return {};
    }

    /// A list and what is in it on one line.
    Result<void> appendText(const YAML::Node& node, std::string& text, int depth) {
        RUNGLASS_TRY(m_values.visit());
        if (depth > ConfigValues::kMaxDepth || text.size() > ConfigValues::kMaxTextBytes) {
            return Error{ErrorCode::TooLarge, tr("It holds a list that is too long or too deep."), {}};
        }
        if (!node.IsSequence() && !node.IsMap()) {
            text += node.IsScalar() ? std::string_view(node.Scalar()) : nullText();
            return {};
        }
        text += node.IsMap() ? '{' : '[';
        std::string_view comma;
        for (const auto& item : node) {
            text += comma;
            comma = ", ";
            if (node.IsMap()) {
                RUNGLASS_TRY(appendText(item.first, text, depth + 1));
                text += ": ";
            }
            RUNGLASS_TRY(appendText(node.IsMap() ? item.second : YAML::Node(item), text, depth + 1));
        }
        text += node.IsMap() ? '}' : ']';
        return {};
    }

    FlattenStyle m_style;
    ConfigValues m_values;
};

}  // namespace

Result<std::vector<model::Variable>> flattenYaml(std::string_view content, FlattenStyle style) {
    try {
        const YAML::Node root = YAML::Load(std::string(content));
        Flattener flattener(style);
        // A list or a single value at the top has no names to store params under.
        if (root.IsMap() && root.size() > 0) {
            RUNGLASS_TRY(flattener.node(root));
        }
        return flattener.take();
    } catch (const YAML::Exception& exception) {
        return Error{ErrorCode::Invalid,
                     tr("Line {} is not valid YAML: {}.", exception.mark.line + 1, exception.msg),
                     exception.what()};
    }
}

}  // namespace runglass::config
