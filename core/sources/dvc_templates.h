// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/model/run_detail.h"
#include "yaml_tree.h"

namespace runglass::sources {

/// The values that `${name}` in dvc.yaml stands for.
class DvcNames {
public:
    DvcNames() = default;
    /// What is known within `around`, which has to live longer: `values`, whatever these names stand for
    /// there.
    static DvcNames within(const DvcNames& around, const std::vector<model::Variable>& values);
    /// The first one of a name stays.
    void add(const std::vector<model::Variable>& values);
    /// The values below a name, as `0`, `1`, `2.lr` for those of a list: numbers in their order.
    [[nodiscard]] std::vector<model::Variable> below(std::string_view name) const;
    /// `text` with the values in place; nothing where one is not known. Values are not looked into again.
    [[nodiscard]] std::optional<std::string> resolve(std::string_view text) const;

private:
    [[nodiscard]] const std::string* find(std::string_view name) const;

    const DvcNames* m_around = nullptr;
    std::map<std::string, std::string, std::less<>> m_values;
};

/// Lists and mappings as `key.0`, `key.name`; a few thousand at most.
void flattenDvcValues(const YamlTree& tree, const std::string& key, std::vector<model::Variable>& values);

inline bool isDvcTemplate(std::string_view text) {
    return text.find("${") != std::string_view::npos;
}

/// Whether a path is what a template of dvc.yaml may become: `m-${item}.json` fits `m-1.json`.
bool fitsDvcTemplate(std::string_view path, std::string_view pattern);

}  // namespace runglass::sources
