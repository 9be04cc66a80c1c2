// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/model/run_detail.h"

namespace runglass::config {

/// The values of a configuration file under dotted keys: `model: {layers: 3}` → (`model.layers`, `3`). Text
/// of values as it was written. Bounded in depth, number and size whatever the content is; builds no objects
/// and runs nothing (YAML tags are read as plain data). `extension` is `yaml`, `yml`, `json` or `toml`, with
/// or without its dot.
Result<std::vector<model::Variable>> flattenConfig(std::string_view content, std::string_view extension);

/// How nested values become flat ones.
enum class FlattenStyle {
    Dotted,     ///< `model: {sizes: [1, 2]}` → `model.sizes.0`, `model.sizes.1`
    Lightning,  ///< → `model/sizes` = `[1, 2]`, and null as `None`: as PyTorch Lightning hands them to
                ///< loggers
};

Result<std::vector<model::Variable>> flattenYaml(std::string_view content,
                                                 FlattenStyle style = FlattenStyle::Dotted);
Result<std::vector<model::Variable>> flattenJson(std::string_view content);
Result<std::vector<model::Variable>> flattenToml(std::string_view content);

}  // namespace runglass::config
