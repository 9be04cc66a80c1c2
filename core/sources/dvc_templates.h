// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/model/run_detail.h"

namespace runglass::sources {

/// The values that `${name}` in dvc.yaml stands for.
class DvcNames {
public:
    /// The first one of a name stays.
    void add(const std::vector<model::Variable>& values);
    /// `text` with the values in place; nothing where one is not known. Values are not looked into again.
    [[nodiscard]] std::optional<std::string> resolve(std::string_view text) const;

private:
    std::map<std::string, std::string, std::less<>> m_values;
};

inline bool isDvcTemplate(std::string_view text) {
    return text.find("${") != std::string_view::npos;
}

/// Whether a path is what a template of dvc.yaml may become: `m-${item}.json` fits `m-1.json`.
bool fitsDvcTemplate(std::string_view path, std::string_view pattern);

}  // namespace runglass::sources
