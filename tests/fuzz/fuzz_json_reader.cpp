// SPDX-License-Identifier: GPL-3.0-or-later
// JSON of W&B, Sacred, Trackio, Optuna and DVC.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "iso_time.h"
#include "json_reader.h"
#include "sacred_metrics.h"

using namespace runglass::sources;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    JsonReader leaves(text);
    std::string key;
    std::size_t count = 0;
    forEachJsonLeaf(leaves, key, [&](std::string_view, const JsonLeaf&) { ++count; });
    JsonReader skipped(text);
    const auto raw = skipped.skip();
    if (leaves.offset() > size || raw.size() > size || count > size || !key.empty()) {
        std::abort();
    }
    // What can be read value by value can be skipped as a whole, and ends at the same place.
    if (leaves.ok() && (!skipped.ok() || skipped.offset() != leaves.offset())) {
        std::abort();
    }
    std::vector<SacredSeries> series;
    readSacredMetrics(text, series);
    for (const auto& one : series) {
        if (one.points.size() > size) {
            std::abort();
        }
    }
    static_cast<void>(parseIsoTime(text));
    return 0;
}
