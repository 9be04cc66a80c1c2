// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <string>
#include <vector>

/// Tables that are told apart by their header, because their file names are anybody's.
namespace runglass::sources {

/// Lightning's metrics.csv always has a `step`.
inline bool isLightningHeader(const std::vector<std::string>& header) {
    return std::find(header.begin(), header.end(), "step") != header.end();
}

/// Ultralytics' results.csv: `epoch` first, and names such as `train/box_loss` or `metrics/mAP50(B)`.
inline bool isUltralyticsHeader(const std::vector<std::string>& header) {
    return !header.empty() && header.front() == "epoch" &&
           std::any_of(header.begin(), header.end(), [](const std::string& name) {
               return name.starts_with("train/") || name.starts_with("metrics/") || name.starts_with("val/");
           });
}

}  // namespace runglass::sources
