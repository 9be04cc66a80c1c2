// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace runglass::model {

/// The experiment of runs that name none.
inline constexpr std::string_view kDefaultExperiment = "default";
/// The same as MLflow writes it. Our endpoint tells its clients so, to whom a second experiment of that name
/// would be another one.
inline constexpr std::string_view kDefaultExperimentOfMlflow = "Default";

/// The name under which an experiment is kept here.
constexpr std::string_view experimentName(std::string_view given) {
    return given == kDefaultExperimentOfMlflow ? kDefaultExperiment : given;
}

}  // namespace runglass::model
