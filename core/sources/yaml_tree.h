// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/base/result.h"

namespace runglass::sources {

/// A YAML document as plain text in lists and mappings, for files whose structure means something (a pipeline
/// of DVC). Tags construct nothing. Bounded in depth, number and size, also where aliases repeat a part.
struct YamlTree {
    enum class Kind : std::uint8_t { Nothing, Text, List, Map };

    Kind kind = Kind::Nothing;
    std::string text;               ///< of Text, as it is written
    std::vector<std::string> keys;  ///< of Map
    std::vector<YamlTree> items;    ///< of List; of Map by the place of their keys

    /// The value under a key of a mapping; one that is Nothing where there is none.
    [[nodiscard]] const YamlTree& at(std::string_view key) const;
    [[nodiscard]] bool isMap() const { return kind == Kind::Map; }
    [[nodiscard]] bool isList() const { return kind == Kind::List; }
    [[nodiscard]] bool isText() const { return kind == Kind::Text; }
};

/// Invalid with line and reason where it is no YAML; TooLarge beyond the bounds.
Result<YamlTree> readYamlTree(std::string_view content);

}  // namespace runglass::sources
