// SPDX-License-Identifier: GPL-3.0-or-later
#include <yaml-cpp/yaml.h>

#include "runglass/base/translate.h"
#include "runglass/config/flatten.h"
#include "values.h"

namespace runglass::config {

namespace {

Result<void> flattenNode(const YAML::Node& node, ConfigValues& values, bool keepExisting);

/// `<<: *base` or `<<: [*a, *b]`: the keys of the other mappings, where the own ones do not have them
/// (https://yaml.org/type/merge.html).
Result<void> flattenMerge(const YAML::Node& merged, ConfigValues& values) {
    if (!merged.IsSequence()) {
        return flattenNode(merged, values, true);
    }
    for (const auto& item : merged) {
        RUNGLASS_TRY(values.visit());
        RUNGLASS_TRY(flattenNode(item, values, true));
    }
    return {};
}

Result<void> flattenMapping(const YAML::Node& node, ConfigValues& values, bool keepExisting) {
    for (const auto& entry : node) {
        if (!entry.first.IsScalar() || entry.first.Scalar() == "<<") {
            continue;
        }
        const ConfigValues::Scope scope(values, entry.first.Scalar());
        RUNGLASS_TRY(flattenNode(entry.second, values, keepExisting));
    }
    for (const auto& entry : node) {
        if (entry.first.IsScalar() && entry.first.Scalar() == "<<") {
            RUNGLASS_TRY(flattenMerge(entry.second, values));
        }
    }
    return {};
}

Result<void> flattenSequence(const YAML::Node& node, ConfigValues& values, bool keepExisting) {
    std::size_t index = 0;
    for (const auto& item : node) {
        const ConfigValues::Scope scope(values, std::to_string(index));
        RUNGLASS_TRY(flattenNode(item, values, keepExisting));
        ++index;
    }
    return {};
}

Result<void> flattenNode(const YAML::Node& node, ConfigValues& values, bool keepExisting) {
    RUNGLASS_TRY(values.visit());
    switch (node.Type()) {
        case YAML::NodeType::Map:
            return node.size() == 0 ? values.add("{}", keepExisting)
                                    : flattenMapping(node, values, keepExisting);
        case YAML::NodeType::Sequence:
            return node.size() == 0 ? values.add("[]", keepExisting)
                                    : flattenSequence(node, values, keepExisting);
        case YAML::NodeType::Scalar:
            return values.add(node.Scalar(), keepExisting);
        case YAML::NodeType::Null:
            return values.add("null", keepExisting);
        case YAML::NodeType::Undefined:
            break;
    }
    return {};
}

}  // namespace

Result<std::vector<model::Variable>> flattenYaml(std::string_view content) {
    try {
        const YAML::Node root = YAML::Load(std::string(content));
        ConfigValues values;
        // A list or a single value at the top has no names to store params under.
        if (root.IsMap() && root.size() > 0) {
            RUNGLASS_TRY(flattenNode(root, values, false));
        }
        return values.take();
    } catch (const YAML::Exception& exception) {
        return Error{ErrorCode::Invalid,
                     tr("Line {} is not valid YAML: {}.", exception.mark.line + 1, exception.msg),
                     exception.what()};
    }
}

}  // namespace runglass::config
