// SPDX-License-Identifier: GPL-3.0-or-later
#include "yaml_tree.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::sources {
namespace {

/// Copies a document once.
class Copier {
public:
    /// False beyond the bounds.
    bool copy(const YAML::Node& node, YamlTree& tree, int depth = 0) {
        if (depth > kMaxDepth || ++m_nodes > kMaxNodes) {
            return false;
        }
        switch (node.Type()) {
            case YAML::NodeType::Scalar:
                tree.kind = YamlTree::Kind::Text;
                return copyText(node.Scalar(), tree.text);
            case YAML::NodeType::Sequence:
                tree.kind = YamlTree::Kind::List;
                for (const auto& item : node) {
                    if (!copy(item, tree.items.emplace_back(), depth + 1)) {
                        return false;
                    }
                }
                return true;
            case YAML::NodeType::Map:
                tree.kind = YamlTree::Kind::Map;
                return copyMap(node, tree, depth);
            case YAML::NodeType::Null:
            case YAML::NodeType::Undefined:
                break;
        }
        return true;
    }

private:
    bool copyText(const std::string& from, std::string& to) {
        m_bytes += from.size();
        to = toValidUtf8(from);
        return m_bytes <= kMaxTextBytes;
    }

    /// Own keys first: at() finds them before those that `<<` brings in (https://yaml.org/type/merge.html).
    bool copyMap(const YAML::Node& node, YamlTree& tree, int depth) {
        for (const auto& entry : node) {
            if (!entry.first.IsScalar() || entry.first.Scalar() == kMerge) {
                continue;
            }
            if (!copyText(entry.first.Scalar(), tree.keys.emplace_back()) ||
                !copy(entry.second, tree.items.emplace_back(), depth + 1)) {
                return false;
            }
        }
        for (const auto& entry : node) {
            if (entry.first.IsScalar() && entry.first.Scalar() == kMerge &&
                !merge(entry.second, tree, depth)) {
                return false;
            }
        }
        return true;
    }
    bool merge(const YAML::Node& merged, YamlTree& tree, int depth) {
        if (depth > kMaxDepth) {
            return false;
        }
        if (merged.IsMap()) {
            return copyMap(merged, tree, depth + 1);
        }
        return !merged.IsSequence() || std::all_of(merged.begin(), merged.end(), [&](const auto& one) {
            return !one.IsMap() || copyMap(one, tree, depth + 1);
        });
    }

    static constexpr int kMaxDepth = 64;
    static constexpr std::size_t kMaxNodes = 500'000;
    static constexpr std::size_t kMaxTextBytes = 16U << 20U;
    static constexpr std::string_view kMerge = "<<";

    std::size_t m_nodes = 0;
    std::size_t m_bytes = 0;
};

}  // namespace

const YamlTree& YamlTree::at(std::string_view key) const {
    static const YamlTree kNothing;
    const auto place = std::find(keys.begin(), keys.end(), key);
    return place == keys.end() ? kNothing : items[static_cast<std::size_t>(place - keys.begin())];
}

Result<YamlTree> readYamlTree(std::string_view content) {
    try {
        YamlTree tree;
        if (!Copier().copy(YAML::Load(std::string(content)), tree)) {
            return Error{ErrorCode::TooLarge, tr("It is too large or nested too deep to be read."), {}};
        }
        return tree;
    } catch (const YAML::Exception& exception) {
        return Error{ErrorCode::Invalid,
                     tr("Line {} is not valid YAML: {}.", exception.mark.line + 1, exception.msg),
                     exception.what()};
    }
}

}  // namespace runglass::sources
