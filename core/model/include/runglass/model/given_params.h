// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/model/run_detail.h"

namespace runglass::model {

/// Params that a run has before its script says anything: what Runglass took from the command line and from
/// configuration files, and what the person gave. They are texts of another spelling than the script's
/// (`3e-3` and `0.003`), so that the first value which the script logs itself takes their place; from then on
/// a param keeps its value.
struct GivenParams {
    std::map<std::string, std::string, std::less<>> values;
    /// Secrets, whose values are not stored, also not when the script logs them with all of its arguments.
    std::set<std::string, std::less<>> withheld;

    /// `params` without those that are withheld.
    [[nodiscard]] std::vector<Variable> storable(std::vector<Variable> params) const;
    /// The given values that `params` may replace when the script has `said` others so far.
    [[nodiscard]] std::vector<Variable> replaceableBy(const std::vector<Variable>& params,
                                                      const std::set<std::string, std::less<>>& said) const;
};

/// Whether `replaceable` says that a param of this value takes another one.
bool mayReplace(std::span<const Variable> replaceable, std::string_view key, std::string_view value);

}  // namespace runglass::model
