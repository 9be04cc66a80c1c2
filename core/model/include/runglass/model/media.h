// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runglass/model/run_detail.h"

namespace runglass::model {

enum class MediumKind { Image, Text, Histogram };

/// Something to look at that a run logged at a step: an artifact whose name tells kind, tag and step.
struct Medium {
    MediumKind kind = MediumKind::Image;
    std::string tag;  ///< what is logged again at each step: `samples/grid`
    std::int64_t step = 0;
    Artifact artifact;
};

/// Reads kind, tag and step off an artifact's path; nothing when it is no medium.
///
/// Images end in png, jpg, jpeg, gif, bmp or webp, texts in md or txt, histograms are CSV files below
/// `histograms/`. The step is the last number in the name of the file: `images/grid/400.png` is tag `grid` at
/// step 400, `samples/epoch_0012.png` tag `samples/epoch` at 12; of `400-2.png`, the third image of a batch
/// at step 400, the tag ends in ` 2`. The digests and times that W&B and MLflow put behind the step are
/// left out. A name without a number is at step 0.
std::optional<Medium> mediumOf(const Artifact& artifact);

/// The media of a run, by kind, tag and step.
std::vector<Medium> mediaOf(std::span<const Artifact> artifacts);

struct HistogramBucket {
    double left = 0;
    double right = 0;
    double count = 0;
    friend bool operator==(const HistogramBucket&, const HistogramBucket&) = default;
};

/// Buckets of a CSV file with the header `left,right,count`. Lines that are not three finite numbers, that
/// have left > right or a negative count are left out; at most 100,000 buckets are read.
std::vector<HistogramBucket> histogramOf(std::string_view csv);

}  // namespace runglass::model
