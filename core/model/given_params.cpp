// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/model/given_params.h"

#include <algorithm>

namespace runglass::model {

std::vector<Variable> GivenParams::storable(std::vector<Variable> params) const {
    std::erase_if(params, [&](const Variable& param) { return withheld.contains(param.first); });
    return params;
}

std::vector<Variable> GivenParams::replaceableBy(const std::vector<Variable>& params,
                                                 const std::set<std::string, std::less<>>& said) const {
    std::vector<Variable> replaceable;
    for (const auto& [key, value] : params) {
        if (const auto it = values.find(key); it != values.end() && !said.contains(key)) {
            replaceable.emplace_back(*it);
        }
    }
    return replaceable;
}

bool mayReplace(std::span<const Variable> replaceable, std::string_view key, std::string_view value) {
    return std::any_of(replaceable.begin(), replaceable.end(),
                       [&](const Variable& given) { return given.first == key && given.second == value; });
}

}  // namespace runglass::model
